using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Retraining;

/// <summary>The verb that moves linear models moves those of trees.</summary>
public sealed class FineTuneTreesTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Sample _source = new(500, seed: 1);
    private readonly Sample _target = new(200, seed: 2, target: true);
    private readonly Sample _held = new(400, seed: 3, target: true);

    public static TheoryData<string> Moved => [.. StockTrees.Names.Where(n => !n.Contains("Ranking", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Moved))]
    public void A_moved_model_is_better_on_held_out_rows_of_the_target_than_the_source(string name)
    {
        var model = StockTrees.Train(_ml, name, _source.View(_ml));
        var before = StockTrees.Scores(model, _held.View(_ml));
        var moved = _ml.Model.FineTune(model, _target.View(_ml), out var report,
            new() { LabelColumnName = StockTrees.LabelOf(name), CompareWays = false });

        Assert.True(Loss(name, moved) < Loss(name, model), report.ToString());
        Assert.Equal(200, report.Rows);
        AssertChosen(report);
        Assert.Equal(before, StockTrees.Scores(model, _held.View(_ml)));
        Assert.IsType(model.GetType(), moved);
    }

    /// <summary>The rule: the average, unless a way alone is better by more than two standard errors.</summary>
    private static void AssertChosen(FineTuneReport report)
    {
        var average = report.Candidates.Single(c => c.Way == FineTuneWay.Averaged);
        if (report.Way == FineTuneWay.Averaged)
        {
            Assert.All(report.Candidates, c => Assert.True(
                average.LeftOutError - c.LeftOutError <= 2 * c.StandardErrorOfDifference + 1e-12, report.ToString()));
        }
        else
        {
            var taken = report.Candidates.Single(c => c.Way == report.Way);
            Assert.Equal(report.Candidates.Min(c => c.LeftOutError), taken.LeftOutError);
            Assert.True(average.LeftOutError - taken.LeftOutError > 2 * average.StandardErrorOfDifference, report.ToString());
        }
    }

    /// <summary>The left-out error is what a new row will cost, to four standard errors and a tenth for the choice of the least.</summary>
    [Theory]
    [InlineData("FastTreeRegression")]
    [InlineData("FastForestRegression")]
    [InlineData("LightGbmRegression")]
    [InlineData("GamRegression")]
    public void The_left_out_error_foretells_that_of_new_rows(string name)
    {
        var model = StockTrees.Train(_ml, name, _source.View(_ml));
        var moved = _ml.Model.FineTune(model, _target.View(_ml), out var report, new() { LabelColumnName = "Number" });
        var foretold = report.Candidates.Single(c => c.Way == report.Way).LeftOutError!.Value;

        // Of 200 and 400 squared errors of about normal size the means vary by 10 and 7 percent.
        Assert.InRange(Loss(name, moved) / foretold, 0.6, 1.6);
    }

    [Fact]
    public void A_chain_from_a_file_keeps_its_shape_and_the_file_its_bytes()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("trees").FullName, "lightgbm.zip");
        var rows = _source.View(_ml);
        var chain = _ml.Transforms.ReplaceMissingValues("Features")
            .Append(_ml.Regression.Trainers.LightGbm("Number", numberOfIterations: 10)).Fit(rows);
        _ml.Model.Save(chain, rows.Schema, file);
        var bytes = File.ReadAllBytes(file);
        var ml = new MLContext(seed: 1);
        var loaded = ml.Model.Load(file, out _);
        var moved = ml.Model.FineTune(loaded, _target.View(ml), out var report, new() { LabelColumnName = "Number", CompareWays = false });

        Assert.NotEqual(FineTuneWay.AsItIs, report.Way);
        Assert.Equal(((IEnumerable<ITransformer>)loaded).Select(t => t.GetType()), ((IEnumerable<ITransformer>)moved)
            .Select(t => t.GetType()));
        Assert.Equal(bytes, File.ReadAllBytes(file));
        File.Delete(file);
    }

    [Fact]
    public void Rows_like_those_of_the_source_leave_little_to_move()
    {
        var model = _ml.Regression.Trainers.LightGbm("Number", numberOfIterations: 100).Fit(new Sample(3000, seed: 1).View(_ml));
        _ml.Model.FineTune(model, new Sample(100, seed: 4).View(_ml), out var report, new() { LabelColumnName = "Number" });
        var asItIs = report.Candidates.Single(c => c.Way == FineTuneWay.AsItIs).LeftOutError!.Value;
        Assert.InRange(report.Candidates.Single(c => c.Way == report.Way).LeftOutError!.Value / asItIs, 0.7, 1.05);
    }

    [Fact]
    public void The_same_rows_give_the_same_bits_on_any_number_of_threads()
    {
        var model = StockTrees.Train(_ml, "LightGbmSoftmax", _source.View(_ml));
        float[] Scores(int threads) => StockTrees.Scores(
            _ml.Model.FineTune(model, _target.View(_ml), new() { LabelColumnName = "Key", NumberOfThreads = threads }), _held.View(_ml));
        Assert.Equal(Scores(1), Scores(3));
    }

    [Fact]
    public void Weights_count_as_copies_of_rows_do()
    {
        var model = StockTrees.Train(_ml, "FastTreeRegression", _source.View(_ml));
        var rows = new Sample(60, seed: 5, target: true);
        var copies = new Sample(120, seed: 5, target: true);
        for (var i = 0; i < 60; i++)
        {
            (copies.X[i], copies.Y[i], copies.X[60 + i], copies.Y[60 + i]) = (rows.X[i], rows.Y[i], rows.X[i], rows.Y[i]);
        }

        // Twice the rows with the same tau per row: the same minimum.
        var options = new FineTuneOptions { LabelColumnName = "Number", Tau = 0.1 };
        _ml.Model.FineTune(model, rows.View(_ml), out var once, options);
        _ml.Model.FineTune(model, copies.View(_ml), out var twice, options);
        double Shifted(FineTuneReport r) => r.Candidates.Single(c => c.Way == FineTuneWay.AsItIs).LeftOutError!.Value;
        Assert.Equal(Shifted(once), Shifted(twice), 1e-9);
    }

    [Fact]
    public void A_Platt_calibrator_that_follows_is_kept_and_fits_the_moved_scores()
    {
        var rows = _source.View(_ml);
        var forest = _ml.BinaryClassification.Trainers.FastForest("Flag", numberOfTrees: 20)
            .Append(_ml.BinaryClassification.Calibrators.Platt("Flag")).Fit(rows);
        var moved = _ml.Model.FineTune(forest, _target.View(_ml), out var report, new() { LabelColumnName = "Flag" });
        Assert.Contains(report.Candidates, c => c.Way == FineTuneWay.AsItIs);
        var held = _held.View(_ml);
        var (before, after) = (_ml.BinaryClassification.Evaluate(forest.Transform(held), "Flag").LogLoss,
            _ml.BinaryClassification.Evaluate(moved.Transform(held), "Flag").LogLoss);
        Assert.True(after < before, $"{after} {before}");
    }

    [Fact]
    public void Sixteen_hundred_rows_are_chosen_on_a_sample_and_fitted_by_all()
    {
        var model = StockTrees.Train(_ml, "LightGbmBinary", _source.View(_ml));
        FineTuneOptions options = new() { LabelColumnName = "Flag", CompareWays = false };
        var moved = _ml.Model.FineTune(model, new Sample(1600, seed: 6, target: true).View(_ml), out var report, options);
        Assert.Equal((1600, 800), (report.Rows, report.RowsCompared));
        Assert.DoesNotContain(report.Candidates, c => c.Way == FineTuneWay.Averaged);
        Assert.True(Loss("LightGbmBinary", moved) < Loss("LightGbmBinary", _ml.Model.FineTune(model, _target.View(_ml), options)));
    }

    private double Loss(string name, ITransformer model)
    {
        var held = _held.View(_ml);
        var label = StockTrees.LabelOf(name);
        return label switch
        {
            "Number" => _ml.Regression.Evaluate(model.Transform(held), label).MeanSquaredError,
            "Rate" => held.GetColumn<float>("Rate").Zip(StockTrees.Scores(model, held), (y, f) => f - (y * Math.Log(f))).Average(),
            "Key" => _ml.MulticlassClassification.Evaluate(model.Transform(held), label).LogLoss,
            _ when name == "FastForestBinary"
                => held.GetColumn<bool>("Flag").Zip(StockTrees.Scores(model, held), (y, f) => Math.Log(1 + Math.Exp(y ? -f : f))).Average(),
            _ => _ml.BinaryClassification.Evaluate(model.Transform(held), label).LogLoss,
        };
    }
}
