using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Trees.Boosting;
using Transfer.MLNet.Trees.Ensembles;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Advice;

/// <summary><c>CompareTrees</c>: boosted trees on source and target together, and on the target alone, beside the linear ways.</summary>
public sealed class RivalTreesTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Sample _source = new(600, seed: 1, target: true);
    private readonly Sample _target = new(120, seed: 2, target: true);
    private readonly Sample _later = new(800, seed: 3, target: true);

    private static AdviceOptions Number => new() { LabelColumnName = "Number", CompareTrees = true };

    /// <summary>The truth has steps and a product, and the source is of the same kind.</summary>
    [Fact]
    public void Where_the_truth_has_steps_pooled_trees_are_advised_and_fitted()
    {
        var advice = _ml.Regression.AdviseTransfer(_source.View(_ml), _target.View(_ml), Number);
        Assert.Equal(TransferWayKind.PooledTrees, advice.Advised.Kind);
        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.Contains("Trees are better here", advice.ToString(), StringComparison.Ordinal);
        Assert.Contains("boosted trees of source and target (LightGbm) have", advice.Reason, StringComparison.Ordinal);

        var model = advice.Fit(_target.View(_ml));
        var linear = advice.Fit(advice.Way(TransferWayKind.Blend)!, _target.View(_ml));
        Assert.True(Error(model) < 0.5 * Error(linear));

        // What left-out rows foretold is what later rows show: within a third, since 120 rows foretell it.
        Assert.InRange(Error(model) / advice.Advised.LeftOutRisk, 0.66, 1.5);
        double Error(ITransformer of) => _ml.Regression.Evaluate(of.Transform(_later.View(_ml)), "Number").MeanSquaredError;
    }

    [Fact]
    public void What_is_fitted_is_stock_and_says_target_of_every_row()
    {
        var advice = _ml.Regression.AdviseTransfer(_source.View(_ml), _target.View(_ml), Number);
        var chain = advice.Fit(_target.View(_ml));
        Assert.True(Transfer.MLNet.Models.StockModels.TryOpenChain(chain, out var parts, out _));
        Assert.All(parts, p => Assert.StartsWith("Microsoft.ML", p.GetType().Assembly.GetName().Name, StringComparison.Ordinal));

        using var file = new MemoryStream();
        _ml.Model.Save(chain, _later.View(_ml).Schema, file);
        var loaded = new MLContext(0).Model.Load(file, out _);
        Assert.Equal(StockTrees.Scores(chain, _later.View(_ml)), StockTrees.Scores(loaded, _later.View(_ml)));

        // By hand: the last predictor on the features and a 1.
        var byHand = new Domained[_later.X.Length];
        for (var i = 0; i < byHand.Length; i++)
        {
            byHand[i] = new() { FeaturesAndDomain = [.. _later.X[i], 1] };
        }

        Assert.Equal(
            StockTrees.Scores(parts[^1], _ml.Data.LoadFromEnumerable(byHand)), StockTrees.Scores(chain, _later.View(_ml)));
    }

    [Fact]
    public void Where_the_truth_is_linear_they_are_told_and_not_advised()
    {
        var (source, target) = (new Sample(600, seed: 1), new Sample(100, seed: 2));
        foreach (var sample in new[] { source, target })
        {
            for (var i = 0; i < sample.Y.Length; i++)
            {
                sample.Y[i] = (2 * sample.X[i][0]) - sample.X[i][1] + sample.X[i][2] + (0.1f * (i % 7));
            }
        }

        var without = Number;
        without.CompareTrees = false;
        var plain = _ml.Regression.AdviseTransfer(source.View(_ml), target.View(_ml), without);
        var advice = _ml.Regression.AdviseTransfer(source.View(_ml), target.View(_ml), Number);
        Assert.Equal(plain.Advised, advice.Advised);
        Assert.Equal((plain.Verdict, plain.ProbabilityOfHelp), (advice.Verdict, advice.ProbabilityOfHelp));
        Assert.Contains("trees are not better here", advice.Reason, StringComparison.Ordinal);
        Assert.Equal(plain.Ways.Count + 2, advice.Ways.Count);
        Assert.True(advice.Way(TransferWayKind.PooledTrees)!.UsesSource);
        Assert.False(advice.Way(TransferWayKind.TreesAlone)!.UsesSource);
    }

    [Fact]
    public void Two_classes_are_compared_and_fitted()
    {
        var advice = _ml.BinaryClassification.AdviseTransfer(
            _source.View(_ml), _target.View(_ml), new() { LabelColumnName = "Flag", CompareTrees = true });
        foreach (var kind in new[] { TransferWayKind.PooledTrees, TransferWayKind.TreesAlone })
        {
            var model = advice.Fit(advice.Way(kind)!, _target.View(_ml));
            var metrics = _ml.BinaryClassification.Evaluate(model.Transform(_later.View(_ml)), "Flag");

            // ML.NET tells the loss in bits.
            Assert.InRange(metrics.LogLoss * Math.Log(2) / advice.Way(kind)!.LeftOutRisk, 0.5, 2);
        }
    }

    /// <summary>The keys of the two tasks stand for the classes in another order; one of the target's is unknown to the source.</summary>
    [Fact]
    public void Several_classes_are_matched_by_name()
    {
        IDataView Keyed(Sample sample, string[] order)
        {
            var keys = _ml.Data.LoadFromEnumerable(order.Select(o => new Named { Name = o }));
            return _ml.Transforms.Conversion.MapValueToKey("Class", "Name", keyData: keys).Fit(sample.View(_ml))
                .Transform(sample.View(_ml));
        }

        var target = Keyed(_target, ["medium", "never", "low", "high"]);
        var source = _ml.Data.FilterByCustomPredicate<Sample.Row>(_source.View(_ml), row => row.Name == "high");
        source = _ml.Transforms.Conversion.MapValueToKey(
            "Class", "Name", keyData: _ml.Data.LoadFromEnumerable(new Named[] { new() { Name = "low" }, new() { Name = "medium" } }))
            .Fit(source).Transform(source);
        var advice = _ml.MulticlassClassification.AdviseTransfer(
            source, target, new() { LabelColumnName = "Class", SourceTauCount = 3, TargetTauCount = 4, CompareTrees = true });
        var model = advice.Fit(advice.Way(TransferWayKind.PooledTrees)!, target);
        var later = Keyed(_later, ["medium", "never", "low", "high"]);
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(later), "Class");

        // Of three classes: were they mixed up, fewer than half of the rows would be right.
        Assert.True(metrics.MicroAccuracy > 0.7, metrics.MicroAccuracy.ToString(System.Globalization.CultureInfo.InvariantCulture));
        VBuffer<ReadOnlyMemory<char>> names = default;
        model.Transform(later).Schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.Equal(["medium", "never", "low", "high"], names.DenseValues().Select(n => n.ToString()));
    }

    [Fact]
    public void It_is_the_same_each_time_and_on_any_number_of_threads_and_after_JSON()
    {
        TransferAdvice Ask(int threads)
        {
            var options = Number;
            options.NumberOfThreads = threads;
            options.Seed = 5;
            return new MLContext(seed: 9).Regression.AdviseTransfer(_source.View(_ml), _target.View(_ml), options);
        }

        var (one, three) = (Ask(1), Ask(3));
        Assert.Equal(one.ToJson(), three.ToJson());
        var read = TransferAdvice.FromJson(one.ToJson());
        Assert.Equal(
            StockTrees.Scores(one.Fit(_target.View(_ml)), _later.View(_ml)),
            StockTrees.Scores(read.Fit(_source.View(_ml), _target.View(_ml)), _later.View(_ml)));
    }

    [Fact]
    public void It_tells_how_far_it_is_and_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var told = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Message.Contains("Trees compared:", StringComparison.Ordinal))
            {
                told.Add(e.Message);
                if (told.Count == 3)
                {
                    cancel.Cancel();
                }
            }
        };
        var options = Number;
        options.CancellationToken = cancel.Token;
        Assert.ThrowsAny<OperationCanceledException>(
            () => _ml.Regression.AdviseTransfer(_source.View(_ml), _target.View(_ml), options));
        Assert.Equal(3, told.Count);
        Assert.Matches(@"Trees compared: 2 of 40 trainings \(5 %\)\.", told[^1]);
    }

    [Fact]
    public void Without_rows_of_the_source_it_is_refused()
    {
        var rows = _target.View(_ml);
        var moments = _ml.Regression.ComputeMoments(_source.View(_ml), "Number");
        var trees = StockTrees.Train(_ml, "FastTreeRegression", _source.View(_ml));
        StartingPoint linear = StartingPoint.From(new float[Sample.Features]);
        foreach (var ask in new Action[]
        {
            () => _ml.Regression.AdviseTransfer(moments, rows, Number),
            () => _ml.Regression.AdviseTransfer(linear, rows, Number),
            () => _ml.Regression.AdviseTransfer(trees, rows, Number),
            () => _ml.BinaryClassification.AdviseTransfer(
                linear, rows, new() { CompareTrees = true }),
        })
        {
            Assert.Contains("the source's rows are not given", Assert.Throws<ArgumentException>(ask).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Clusters_are_refused_and_few_rows_are_told()
    {
        var clustered = Number;
        clustered.ClusterColumnName = "GroupId";
        Assert.Contains("ClusterColumnName is 'GroupId'", Assert.Throws<ArgumentException>(
            () => _ml.Regression.AdviseTransfer(_source.View(_ml), _target.View(_ml), clustered)).Message, StringComparison.Ordinal);
        var advice = _ml.Regression.AdviseTransfer(_source.View(_ml), new Sample(8, seed: 2).View(_ml), Number);
        Assert.Null(advice.Way(TransferWayKind.PooledTrees));
        Assert.Contains("Trees were not compared: the target has 8 rows", advice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_features_are_refused_by_their_number()
        => Assert.Contains("'Words' has 10001 features", Assert.Throws<ArgumentException>(
            () => PooledRows.RequireFew(PooledRows.MostFeatures + 1, "Words")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_fold_s_setting_is_chosen_by_the_other_folds()
    {
        // The first setting is better on fold 0, the second on fold 1: each fold is judged by what the other one takes.
        double[][] losses = [[0, 0, 9, 9], [5, 5, 1, 1]];
        Assert.Equal([5, 5, 9, 9], FoldedTrees.ChosenByOthers(losses, [0, 0, 1, 1], [1, 1, 1, 1]));
    }

    /// <summary>Each fold trained by hand with FastTree: what the comparison has, whichever package is there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Losses_are_those_of_trees_that_never_saw_the_fold(bool lightGbm)
    {
        var question = new Transfer.MLNet.Advice.AdviceQuestion
        {
            Task = AdvisedTask.Binary,
            LabelColumn = "Flag",
            FeatureColumn = "Features",
        };
        var rows = PooledRows.Read(question, null, _target.View(_ml), _ => { }, TestContext.Current.CancellationToken);
        var ml = new MLContext(seed: 1);
        Booster booster = lightGbm ? new LightGbmBooster(ml) : new FastTreeBooster(ml);
        var trees = new FoldedTrees(rows, TreeTask.Binary, "Features", pooled: false, booster, ml);
        int[] fold = [.. Enumerable.Range(0, rows.TargetRows).Select(i => i % FoldedTrees.Folds)];
        var (losses, setting) = trees.Compare(fold, rows.Weights, () => { });

        var size = trees.Settings[setting].Size;
        var byHand = new double[fold.Length];
        var all = _ml.Data.CreateEnumerable<Sample.Row>(_target.View(_ml), reuseRowObject: false).ToArray();
        for (var f = 0; f < FoldedTrees.Folds; f++)
        {
            var kept = ml.Data.LoadFromEnumerable(all.Where((_, i) => fold[i] != f));
            ITransformer model = lightGbm
                ? ml.BinaryClassification.Trainers.LightGbm(new Microsoft.ML.Trainers.LightGbm.LightGbmBinaryTrainer.Options
                {
                    LabelColumnName = "Flag",
                    NumberOfLeaves = size.Leaves,
                    MinimumExampleCountPerLeaf = size.RowsOfALeaf,
                    NumberOfIterations = 100,
                    LearningRate = 0.1,
                    NumberOfThreads = 1,
                }).Fit(kept)
                : ml.BinaryClassification.Trainers.FastTree(new Microsoft.ML.Trainers.FastTree.FastTreeBinaryTrainer.Options
                {
                    LabelColumnName = "Flag",
                    NumberOfLeaves = size.Leaves,
                    MinimumExampleCountPerLeaf = size.RowsOfALeaf,
                    NumberOfTrees = 100,
                    LearningRate = 0.1,
                    NumberOfThreads = 1,
                }).Fit(kept);
            var p = model.Transform(ml.Data.LoadFromEnumerable(all)).GetColumn<float>("Probability").ToArray();
            foreach (var i in Enumerable.Range(0, fold.Length).Where(i => fold[i] == f))
            {
                byHand[i] = -Math.Log(Math.Max(all[i].Flag ? p[i] : 1 - p[i], 1e-9));
            }
        }

        // The setting is that of all folds; where a fold was judged by the other one its losses differ.
        var same = losses.Zip(byHand, (a, b) => Math.Abs(a - b) <= 1e-4 * Math.Max(1, b)).Count(x => x);
        Assert.True(same >= fold.Length / FoldedTrees.Folds, $"{same}");
        Assert.All(Enumerable.Range(0, FoldedTrees.Folds), f =>
        {
            var rowsOf = Enumerable.Range(0, fold.Length).Where(i => fold[i] == f).ToArray();
            var matches = rowsOf.Count(i => Math.Abs(losses[i] - byHand[i]) <= 1e-4 * Math.Max(1, byHand[i]));
            Assert.True(matches == rowsOf.Length || matches < rowsOf.Length / 2, $"fold {f}: {matches} of {rowsOf.Length}");
        });
    }

    private sealed class Domained
    {
        [VectorType(Sample.Features + 1)]
        public float[] FeaturesAndDomain { get; set; } = [];
    }

    private sealed class Named
    {
        public string Name { get; set; } = string.Empty;
    }
}
