using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trees.Advice;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Retraining;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Advice;

/// <summary>Advice for a model of trees that is given.</summary>
public sealed class TreeAdviceTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Sample _source = new(400, seed: 1);
    private readonly Sample _target = new(80, seed: 2, target: true);

    [Fact]
    public void Regression_lists_the_ways_with_the_errors_of_FineTune()
    {
        var model = StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml));
        var advice = _ml.Regression.AdviseTransfer(model, _target.View(_ml), new() { LabelColumnName = "Number" });
        _ml.Model.FineTune(model, _target.View(_ml), out var report, new() { LabelColumnName = "Number" });

        TransferWayKind[] expected =
        [
            TransferWayKind.TargetAlone, TransferWayKind.SourceAsIs, TransferWayKind.FromSourceOptimal, TransferWayKind.ScaledStart,
                TransferWayKind.Blend,
            TransferWayKind.ShiftedSource, TransferWayKind.RescaledSource, TransferWayKind.StructureAlone, TransferWayKind.LinearAlone,
        ];
        Assert.Equal(expected, advice.Ways.Select(w => w.Kind).Order());
        Assert.Equal(report.Candidates.Select(c => c.LeftOutError!.Value).Order(),
            advice.Ways.Where(w => w.Kind != TransferWayKind.TargetAlone).Select(w => w.LeftOutRisk).Order());
        Assert.All(advice.Ways.Where(w => w.Kind != TransferWayKind.TargetAlone), w =>
            Assert.Equal(advice.TargetAlone.LeftOutRisk - w.LeftOutRisk, w.Gain!.Value, 1e-12));
        Assert.All(advice.Ways.Where(w => w.Kind != TransferWayKind.TargetAlone), w => Assert.True(w.GainStandardError > 0));
        Assert.Empty(advice.Sources);
        Assert.Contains("No rho is claimed for leaves", advice.ToString(), StringComparison.Ordinal);
        Assert.False(advice.Way(TransferWayKind.LinearAlone)!.UsesSource);
    }

    /// <summary>Trained by hand on each fold's rows, with the labels about their own mean: the same losses.</summary>
    [Fact]
    public void Boosted_trees_alone_are_better_than_a_constant_and_the_same_each_time()
    {
        var layer = TreeLayer.Of(StockTrees.Train(_ml, "LightGbmRegression", _source.View(_ml)))!;
        var environment = StockModels.EnvironmentOf(_ml.Model);
        var retraining = new TreeRetraining(
            environment, new StockLog(environment, "Test", "Comparing"), new("Number", KeepsFeatures: true));
        var rows = retraining.Compare(layer, new Sample(150, seed: 3).View(_ml)).Sample;
        double[] Losses(int threads) => new BoostedTrees(layer, rows, seed: 1, new Transfer.MLNet.Kernels.Workers(threads)).LeftOutLosses;
        var losses = Losses(1);
        Assert.Equal(losses, Losses(3));
        var mean = rows.Labels.Average();

        // Labels are mostly signal: trees of 120 rows explain more than half of them.
        Assert.True(losses.Average() < 0.5 * rows.Labels.Average(y => (y - mean) * (y - mean)));
    }

    [Fact]
    public void A_source_like_the_target_is_advised()
    {
        var model = _ml.Regression.Trainers.LightGbm("Number", numberOfIterations: 60).Fit(new Sample(1500, seed: 1).View(_ml));
        var advice = _ml.Regression.AdviseTransfer(
            model, new Sample(60, seed: 4, missing: true).View(_ml), new() { LabelColumnName = "Number" });
        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.True(advice.Advised.UsesSource);
        Assert.Null(advice.Way(TransferWayKind.LinearAlone));
        Assert.Contains("A linear model was not compared: features are missing", advice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_of_something_else_is_not_advised()
    {
        var noise = new Sample(400, seed: 1);
        var random = new Random(5);
        for (var i = 0; i < noise.Y.Length; i++)
        {
            noise.Y[i] = 100 * (float)random.NextDouble();
        }

        var model = StockTrees.Train(_ml, "LightGbmRegression", noise.View(_ml));
        var advice = _ml.Regression.AdviseTransfer(model, new Sample(200, seed: 6).View(_ml), new() { LabelColumnName = "Number" });
        Assert.NotEqual(TransferVerdict.Yes, advice.Verdict);
        Assert.False(advice.Advised.UsesSource);
    }

    [Theory]
    [InlineData("FastTreeTweedie")]
    [InlineData("LightGbmBinary")]
    [InlineData("LightGbmSoftmax")]
    [InlineData("OneVersusAllOfFastTree")]
    public void Each_task_has_advice_and_each_way_can_be_trained(string name)
    {
        var model = StockTrees.Train(_ml, name, _source.View(_ml));
        var (rows, label) = (_target.View(_ml), StockTrees.LabelOf(name));
        var advice = label switch
        {
            "Flag" => _ml.BinaryClassification.AdviseTransfer(model, rows, new() { LabelColumnName = label }),
            "Key" => _ml.MulticlassClassification.AdviseTransfer(model, rows, new() { LabelColumnName = label }),
            _ => _ml.Regression.AdviseTransfer(model, rows, new AdviceOptions { LabelColumnName = label }),
        };

        Assert.Equal(RiskMeasure.LogLoss, advice.Measure);
        foreach (var way in advice.Ways)
        {
            var trained = advice.Fit(way, rows);
            Assert.All(StockTrees.Scores(trained, rows), s => Assert.True(float.IsFinite(s)));
        }
    }

    [Fact]
    public void A_chain_takes_rows_as_they_come_or_as_they_reach_its_trees()
    {
        var rows = _source.View(_ml);
        var chain = _ml.Transforms.Concatenate("All", "Features", "Weight")
            .Append(_ml.Regression.Trainers.LightGbm("Number", "All", numberOfIterations: 8)).Fit(rows);
        var raw = _target.View(_ml);
        var featurised = _ml.Transforms.DropColumns("Features").Fit(chain.Transform(raw))
            .Transform(((IEnumerable<ITransformer>)chain).First().Transform(raw));
        AdviceOptions options = new() { LabelColumnName = "Number" };
        Assert.Equal(
            _ml.Regression.AdviseTransfer((ITransformer)chain, raw, options).Ways.Select(w => w.LeftOutRisk),
            _ml.Regression.AdviseTransfer((ITransformer)chain, featurised, options).Ways.Select(w => w.LeftOutRisk));
    }

    [Fact]
    public void The_boosted_trees_of_a_regression_have_the_labels_mean()
    {
        var model = StockTrees.Train(_ml, "FastTreeRegression", _source.View(_ml));
        var far = new Sample(80, seed: 2);
        for (var i = 0; i < far.Y.Length; i++)
        {
            far.Y[i] += 1000;
        }

        var rows = far.View(_ml);
        var advice = _ml.Regression.AdviseTransfer(model, rows, new() { LabelColumnName = "Number" });
        var trained = advice.Fit(advice.TargetAlone, rows);
        Assert.InRange(_ml.Regression.Evaluate(trained.Transform(rows), "Number").RootMeanSquaredError, 0, 1);
    }

    /// <summary>A mistaken class would cost more than knowing nothing: log 3.</summary>
    [Theory]
    [InlineData("LightGbmSoftmax")]
    [InlineData("OneVersusAllOfFastTree")]
    public void Boosted_trees_alone_of_several_classes_know_which_class_is_which(string name)
    {
        var model = StockTrees.Train(_ml, name, _source.View(_ml));
        var advice = _ml.MulticlassClassification.AdviseTransfer(
            model, new Sample(150, seed: 4).View(_ml), new() { LabelColumnName = "Key" });
        Assert.InRange(advice.TargetAlone.LeftOutRisk, 0, 0.8 * Math.Log(3));
    }

    [Fact]
    public void It_goes_to_JSON_and_back_and_says_what_is_lost()
    {
        var model = StockTrees.Train(_ml, "FastTreeRegression", _source.View(_ml));
        var advice = _ml.Regression.AdviseTransfer(model, _target.View(_ml), new() { LabelColumnName = "Number" });
        var read = TransferAdvice.FromJson(advice.ToJson());
        Assert.Equal(advice.ToString(), read.ToString());
        Assert.Matches("not part of the JSON", Assert.Throws<ArgumentException>(() => read.Fit(_target.View(_ml))).Message);
    }

    [Fact]
    public void Clusters_are_refused()
        => Assert.Matches("ClusterColumnName is 'Name'", Assert.Throws<ArgumentException>(() => _ml.Regression.AdviseTransfer(
            StockTrees.Train(_ml, "FastTreeRegression", _source.View(_ml)), _target.View(_ml),
                new() { LabelColumnName = "Number", ClusterColumnName = "Name" })).Message);
}
