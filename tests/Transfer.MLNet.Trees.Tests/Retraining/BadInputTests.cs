using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Retraining;

/// <summary>What cannot be moved, and odd models that can: each complaint names what is wrong and what to do.</summary>
public sealed class BadInputTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Sample _source = new(400, seed: 1);
    private readonly Sample _target = new(80, seed: 2, target: true);

    [Theory]
    [InlineData("FastTreeRanking")]
    [InlineData("LightGbmRanking")]
    public void A_ranker_is_refused_with_the_reason(string name)
        => Complains<NotSupportedException>(
            "ranks the rows of a group.*Train a ranker on the rows of both tasks", StockTrees.Train(_ml, name, _source.View(_ml)), _target,
            StockTrees.LabelOf(name));

    [Fact]
    public void Trees_without_a_split_are_refused()
        => Complains<ArgumentException>("no tree with a split.*trained on too few rows",
            StockTrees.Train(_ml, "FastTreeRegression", new Sample(12, seed: 1).View(_ml)), _target, "Number");

    [Fact]
    public void Trees_of_two_leaves_are_moved()
    {
        var stumps = _ml.Regression.Trainers.LightGbm("Number", numberOfLeaves: 2, numberOfIterations: 5).Fit(_source.View(_ml));
        Assert.Equal(80, Tuned(stumps, _target, "Number").Rows);
    }

    [Fact]
    public void A_single_stump_is_moved()
    {
        var stump = _ml.Regression.Trainers.LightGbm("Number", numberOfLeaves: 2, numberOfIterations: 1).Fit(_source.View(_ml));
        Assert.NotEqual(FineTuneWay.AsItIs, Tuned(stump, _target, "Number").Way);
    }

    [Fact]
    public void Rows_with_missing_features_count()
        => Assert.Equal(80, Tuned(StockTrees.Train(_ml, "FastTreeRegression", _source.View(_ml)),
            new Sample(80, seed: 2, missing: true, target: true), "Number").Rows);

    [Fact]
    public void Categorical_splits_are_followed()
    {
        var random = new Random(1);
        CategoryRow[] Rows(int count, float shift) => [.. Enumerable.Range(0, count).Select(_ =>
        {
            var colour = random.Next(6);
            return new CategoryRow { Colour = $"c{colour}", Size = (float)random.NextDouble(), Number = (colour % 3) + shift };
        })];
        var rows = _ml.Data.LoadFromEnumerable(Rows(600, 0));
        var trainer = new Microsoft.ML.Trainers.LightGbm.LightGbmRegressionTrainer.Options
        {
            LabelColumnName = "Number",
            NumberOfIterations = 20,
            UseCategoricalSplit = true,
            MinimumExampleCountPerGroup = 5,
            MinimumExampleCountPerLeaf = 5,
        };
        var chain = _ml.Transforms.Categorical.OneHotEncoding("Colour").Append(_ml.Transforms.Concatenate("Features", "Colour", "Size"))
            .Append(_ml.Regression.Trainers.LightGbm(trainer)).Fit(rows);
        var target = _ml.Data.LoadFromEnumerable(Rows(100, 5));
        var moved = _ml.Model.FineTune(chain, target, out var report, new() { LabelColumnName = "Number" });
        Assert.True(_ml.Regression.Evaluate(moved.Transform(target), "Number").MeanSquaredError < 0.1, report.ToString());
    }

    [Fact]
    public void Other_features_than_the_model_has_are_refused()
    {
        var wide = _ml.Transforms.Concatenate("Features", "Features", "Weight").Fit(_target.View(_ml)).Transform(_target.View(_ml));
        var model = StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml));
        var complaint = Assert.Throws<ArgumentException>(() => _ml.Model.FineTune(model, wide, new() { LabelColumnName = "Number" }));
        Assert.Matches("column 'Features' of the rows has 6 features, but the model was trained on 5", complaint.Message);
    }

    [Fact]
    public void Features_in_another_order_are_only_seen_in_the_errors()
    {
        var model = StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml));
        var turned = new Sample(80, seed: 2);
        foreach (var row in turned.X)
        {
            Array.Reverse(row);
        }

        var right = Tuned(model, new Sample(80, seed: 2), "Number");
        var wrong = Tuned(model, turned, "Number");
        Assert.True(wrong.Candidates[0].LeftOutError > 3 * right.Candidates[0].LeftOutError);
    }

    /// <summary>
    /// ML.NET 1.0 wrote the same parts in the same versions, but their names with backslashes, its own number, and no schema of the input
    /// (read off models of 2018 that were published as samples).
    /// </summary>
    [Theory]
    [InlineData("FastTreeRegression")]
    [InlineData("FastTreeTweedie")]
    [InlineData("LightGbmRegression")]
    public void A_file_as_ML_NET_1_0_laid_it_out_is_moved(string name)
    {
        var model = StockTrees.Train(_ml, name, _source.View(_ml));
        using var now = new MemoryStream();
        _ml.Model.Save(model, null, now);
        using var then = new MemoryStream();
        using (ZipArchive from = new(now, ZipArchiveMode.Read), to = new(then, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                using var read = entry.Open();
                using var write = to.CreateEntry(entry.FullName.Replace('/', '\\')).Open();
                if (entry.Name == "Version.txt")
                {
                    write.Write("1.0.0.0\r\n"u8);
                }
                else
                {
                    read.CopyTo(write);
                }
            }
        }

        var old = _ml.Model.Load(then, out var schema);
        Assert.Null(schema);
        var label = StockTrees.LabelOf(name);
        var moved = _ml.Model.FineTune(old, _target.View(_ml), out var report, new() { LabelColumnName = label });
        Assert.Equal(80, report.Rows);
        Assert.Equal(
            StockTrees.Scores(_ml.Model.FineTune(model, _target.View(_ml), new() { LabelColumnName = label }), _target.View(_ml)),
            StockTrees.Scores(moved, _target.View(_ml)));
    }

    [Fact]
    public void A_label_of_another_type_is_refused()
        => Complains<ArgumentException>("label column 'Flag'.*must be Single",
            StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml)), _target, "Flag");

    [Fact]
    public void A_missing_label_column_is_named()
        => Complains<ArgumentException>("no column 'Price' for the label", StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml)),
            _target, "Price");

    [Fact]
    public void Four_rows_are_too_few()
        => Complains<InvalidOperationException>(
            "has 4 rows that can be used", StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml)), new Sample(4, seed: 2),
            "Number");

    [Fact]
    public void One_class_alone_is_refused()
    {
        var rows = _ml.Data.FilterByCustomPredicate<Sample.Row>(_target.View(_ml), row => row.Flag);
        var model = StockTrees.Train(_ml, "FastTreeBinary", _source.View(_ml));
        Assert.Matches("same label in column 'Flag'",
            Assert.Throws<InvalidOperationException>(() => _ml.Model.FineTune(model, rows, new() { LabelColumnName = "Flag" })).Message);
    }

    [Fact]
    public void A_class_that_the_model_does_not_know_is_named()
    {
        var source = _ml.Data.FilterByCustomPredicate<Sample.Row>(_source.View(_ml), row => row.Name == "high");
        var keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(source).Transform(source);
        var model = StockTrees.Train(_ml, "LightGbmSoftmax", keys);
        Assert.Matches("class 'high'.*does not know",
            Assert.Throws<InvalidOperationException>(() => _ml.Model.FineTune(model, _target.View(_ml), new() { LabelColumnName = "Key" }))
            .Message);
    }

    [Fact]
    public void A_class_that_no_row_has_stays_in_the_model()
    {
        var rows = _ml.Data.FilterByCustomPredicate<Sample.Row>(_target.View(_ml), row => row.Name == "high");
        foreach (var name in new[] { "LightGbmSoftmax", "LightGbmOneVersusAll" })
        {
            var moved = _ml.Model.FineTune(StockTrees.Train(_ml, name, _source.View(_ml)), rows, new() { LabelColumnName = "Key" });
            Assert.Equal(3, moved.Transform(rows).GetColumn<float[]>("Score").First().Length);
            Assert.All(StockTrees.Scores(moved, rows), s => Assert.InRange(s, 0, 1));
        }
    }

    [Fact]
    public void Options_of_linear_layers_are_refused()
    {
        var model = StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml));
        foreach (var options in new FineTuneOptions[] { new() { StartingPointScale = 0.5 }, new() { PullIntercept = true } })
        {
            options.LabelColumnName = "Number";
            Assert.Matches("for linear layers", Assert.Throws<ArgumentException>(
                () => _ml.Model.FineTune(model, _target.View(_ml), options)).Message);
        }

        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.FineTune(model, _target.View(_ml), new() { LabelColumnName = "Number", Tau = 0 }));
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var model = StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml));
        Assert.ThrowsAny<OperationCanceledException>(
            () => _ml.Model.FineTune(model, _target.View(_ml), new() { LabelColumnName = "Number", CancellationToken = source.Token }));
    }

    [Fact]
    public void A_linear_model_on_leaves_is_moved_as_a_linear_one()
    {
        var rows = _source.View(_ml);
        var trees = (RegressionPredictionTransformer<Microsoft.ML.Trainers.LightGbm.LightGbmRegressionModelParameters>)StockTrees.Train(
            _ml, "LightGbmRegression", rows);
        var leaves = _ml.Transforms.FeaturizeByPretrainTreeEnsemble(new()
        {
            ModelParameters = trees.Model,
            InputColumnName = "Features",
            LeavesColumnName = "Leaves",
            TreesColumnName = "Trees",
            PathsColumnName = "Paths",
        });
        var chain = leaves.Append(_ml.Regression.Trainers.L2SpRidge(labelColumnName: "Number", featureColumnName: "Leaves")).Fit(rows);
        _ml.Model.FineTune(chain, _target.View(_ml), out var report, new() { LabelColumnName = "Number" });
        Assert.Contains(report.Candidates, c => c.Way == FineTuneWay.FromModel);
        Assert.DoesNotContain(report.Candidates, c => c.Way == FineTuneWay.StructureAlone);
    }

    private FineTuneReport Tuned(ITransformer model, Sample rows, string label)
    {
        _ml.Model.FineTune(model, rows.View(_ml), out var report, new() { LabelColumnName = label });
        return report;
    }

    private void Complains<T>(string pattern, ITransformer model, Sample rows, string label)
        where T : Exception
        => Assert.Matches(pattern, Assert.ThrowsAny<T>(() => Tuned(model, rows, label)).Message);

    private sealed class CategoryRow
    {
        public string Colour { get; set; } = string.Empty;

        public float Size { get; set; }

        public float Number { get; set; }
    }
}
