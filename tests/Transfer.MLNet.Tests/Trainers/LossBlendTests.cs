using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>The blend of classifiers and of counts as trainers: what they read, what they give, what they refuse.</summary>
public class LossBlendTests
{
    private readonly MLContext _ml = new(seed: 1);

    private BinaryClassificationCatalog.BinaryClassificationTrainers Binary => _ml.BinaryClassification.Trainers;

    [Fact]
    public void A_binary_fit_is_that_of_the_rule_on_the_same_rows_and_predicts_with_it()
    {
        var (source, target) = (Classifications.Binary(300, 4, seed: 1), Classifications.Binary(25, 4, seed: 2));
        var trainer = Binary.L2SpBlend("Positive", source: TransferSource.From(source.View(_ml)));

        var model = trainer.Fit(target.View(_ml), out var report);

        var rule = ClassBlend.Of(RowsOf(source, false), RowsOf(target, false), [0, 1], null, new ResponseSettings(), Workers.All)!;
        Assert.Equal(rule.Fit.Weights, report.Weights);
        Assert.Equal(rule.Fit.Intercepts, report.Intercepts);
        Assert.Equal(rule.LeftOutLosses.Average(), report.LeftOutError, 1e-12);
        var score = _ml.Data.CreateEnumerable<Scored>(model.Transform(target.View(_ml)), false).First();
        var expected = report.Intercepts[0] + report.Weights.Zip(target.X[0], (w, x) => w * x).Sum();
        Assert.Equal(expected, score.Score, 1e-4);
        Assert.Equal(1 / (1 + Math.Exp(-expected)), score.Probability, 1e-4);
    }

    /// <summary>The same truth in both: over ten pairs of data sets the mean log-loss of new rows must fall; it does by a
    /// third.</summary>
    [Fact]
    public void With_few_rows_of_the_same_task_the_source_helps()
    {
        var fresh = Classifications.Binary(2000, 8, seed: 99).View(_ml);
        var (blended, alone) = (0.0, 0.0);
        for (var seed = 0; seed < 10; seed++)
        {
            var source = Classifications.Binary(400, 8, seed: 200 + seed).View(_ml);
            var target = Classifications.Binary(30, 8, seed: 300 + seed).View(_ml);
            blended += LogLoss(Binary.L2SpBlend("Positive", source: TransferSource.From(source)).Fit(target).Transform(fresh));
            alone += LogLoss(Binary.L2SpLogisticRegression(labelColumnName: "Positive").Fit(target).Transform(fresh));
        }

        Assert.InRange(blended, 0, 0.85 * alone);
    }

    [Fact]
    public void Classes_are_matched_by_name_whatever_their_order_and_unknown_ones_are_learnt_from_the_target()
    {
        string[] names = ["a", "b", "c", "d"];
        var target = Classifications.Make(60, 3, names, seed: 5);
        var source = Classifications.Make(400, 3, names, seed: 6);
        var known = source.Only(i => source.Y[i] != 3);
        BlendOf(known.View(_ml, ["c", "a", "b"]), out var one);
        BlendOf(known.View(_ml, ["a", "b", "c"]), out var two);
        Assert.Equal(names, one.ClassNames);
        Close.To([.. two.Weights], [.. one.Weights], 1e-6);

        void BlendOf(IDataView from, out L2SpBlendReport report)
        {
            var model = _ml.MulticlassClassification.Trainers.L2SpBlend(source: TransferSource.From(from))
                .Fit(target.View(_ml), out report);
            Assert.Equal(4, _ml.Data.CreateEnumerable<ScoredClasses>(model.Transform(target.View(_ml)), false).First().Score.Length);
        }
    }

    [Fact]
    public void A_model_is_a_source_too()
    {
        var source = Binary.L2SpLogisticRegression(labelColumnName: "Positive").Fit(Classifications.Binary(400, 4, seed: 1).View(_ml));
        var target = Classifications.Binary(25, 4, seed: 2);

        Binary.L2SpBlend("Positive", source: StartingPoint.From(source)).Fit(target.View(_ml), out var report);

        Assert.Null(report.SourceTau);
        Assert.Equal(["Identity", "Relative"], report.MetricWeights.Keys.Order());
        Assert.InRange(report.LeftOutError, 0, report.ScratchLeftOutError);
    }

    [Fact]
    public void Counts_know_their_exposure()
    {
        var (source, target) = (Counts(400, 1), Counts(30, 2));
        var trainer = new L2SpPoissonBlendTrainer(_ml, new() { Source = TransferSource.From(source), ExposureColumnName = "Exposure" });

        var model = trainer.Fit(target, out var report);

        // The truth is exp(0.5 + 0.8 x1 - 0.4 x2) for an exposure of 1; 400 rows of the same truth know it to a few hundredths.
        Close.To([0.8, -0.4], [.. report.Weights], 0.2);
        Assert.Equal(0.5, report.Intercepts[0], 0.2);
        Assert.InRange(report.LeftOutError, 0, report.ScratchLeftOutError);
        Assert.Equal(report.Weights.Select(w => (float)w), model.Model.Weights);
    }

    [Fact]
    public void What_cannot_be_a_source_is_refused_by_name()
    {
        var rows = Classifications.Binary(40, 3).View(_ml);
        var four = Classifications.Binary(40, 4).View(_ml);
        var one = Classifications.Binary(40, 3);
        var moments = _ml.Regression.ComputeMoments(Counts(40, 1), labelColumnName: "Label", featureColumnName: "Features");

        Assert.Contains("needs a source", Throws<ArgumentException>(() => Binary.L2SpBlend("Positive")), StringComparison.Ordinal);
        Assert.Contains("squared losses", Throws<ArgumentException>(() => Binary.L2SpBlend("Positive", source: moments)),
            StringComparison.Ordinal);
        Assert.Contains(
            "of the source has 4 features, but that of the target has 3",
            Throws<ArgumentException>(() => Binary.L2SpBlend("Positive", source: TransferSource.From(four)).Fit(rows)),
            StringComparison.Ordinal);
        Assert.Contains(
            "label",
            Throws<InvalidOperationException>(() => Binary.L2SpBlend("Positive", source: TransferSource.From(rows))
                .Fit(one.Only(i => one.Y[i] == 1).View(_ml))),
            StringComparison.Ordinal);
        Assert.Contains(
            "MiB",
            Throws<InvalidOperationException>(() => new L2SpLogisticBlendTrainer(
                _ml, new() { LabelColumnName = "Positive", Source = TransferSource.From(rows), HeldBytes = 100 }).Fit(rows)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void A_handful_of_rows_gives_a_model(int rows, int seed)
    {
        var source = Classifications.Binary(100, 3, seed: 9).View(_ml);
        var all = Classifications.Binary(40, 3, seed: seed);
        int[] chosen = [Array.IndexOf(all.Y, 0), Array.IndexOf(all.Y, 1), Array.LastIndexOf(all.Y, 1)];

        Binary.L2SpBlend("Positive", source: TransferSource.From(source))
            .Fit(all.Only(i => chosen.AsSpan(0, rows).Contains(i)).View(_ml), out var report);

        Assert.All(report.Weights, w => Assert.True(double.IsFinite(w)));

        // One row of each class: none can be left out.
        Assert.Equal(rows > 2, double.IsFinite(report.LeftOutError));
    }

    private static string Throws<T>(Action act)
        where T : Exception => Assert.Throws<T>(act).Message;

    private double LogLoss(IDataView scored) => _ml.BinaryClassification.Evaluate(scored, "Positive").LogLoss;

    private static ClassRows RowsOf(Classifications rows, bool softmax) =>
        new(Designs.Of(rows.X, false), rows.Y, rows.Names.Length, softmax: softmax);

    private IDataView Counts(int rows, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(_ =>
        {
            float[] x = [(float)Normal(), (float)Normal()];
            var exposure = (float)(0.5 + (2 * random.NextDouble()));
            var (limit, count, product) = (Math.Exp(-exposure * Math.Exp(0.5 + (0.8 * x[0]) - (0.4 * x[1]))), 0, random.NextDouble());
            for (; product > limit; count++)
            {
                product *= random.NextDouble();
            }

            return new Count { Features = x, Label = count, Exposure = exposure };
        }).ToArray());
    }

    private sealed class Count
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Exposure { get; set; }
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class ScoredClasses
    {
        public float[] Score { get; set; } = [];
    }
}
