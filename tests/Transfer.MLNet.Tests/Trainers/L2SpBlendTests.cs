using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Evidence;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

public class L2SpBlendTests
{
    private static readonly double[] _truth = [1, -2, 0.5, 0.3];
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_model_is_that_of_the_rule_with_the_tau_of_the_rows_alone_by_leave_one_out()
    {
        var (source, target) = (View(1, 200), View(2, 20));
        var moments = _ml.Regression.ComputeMoments(source, folds: 1);
        var model = _ml.Regression.Trainers.L2SpBlend(source: moments).Fit(target, out var report);

        var rows = HeldRowsReader.Read(target, new TaskColumns(), Workers.All);
        var tau = TunedFit.ByLeaveOneOut(rows, Start.Zero(4), InterceptRule.Free, Workers.All).Choice.Tau;
        var rule = BlendRule.Apply(BlendSource.Of(TaskSpectrum.Of(moments, true, Workers.All), Workers.All), rows, true, tau, Workers.All);
        Assert.Equal(rule.Weights, report.Weights);
        Assert.Equal([rule.Intercept], report.Intercepts);
        Assert.Equal(rule.ProbabilityOfHelp, report.ProbabilityOfHelp);
        Close.To(report.Weights.ToArray(), [.. model.Model.Weights.Select(w => (double)w)], 1e-7);
        Assert.True(report.LeftOutError < report.ScratchLeftOutError);
        Assert.Equal(["Identity", "Gram", "Relative"], report.MetricWeights.Keys);
    }

    [Fact]
    public void Each_kind_of_source_has_its_metrics_and_beats_the_rows_alone_on_new_rows()
    {
        var (source, target, test) = (View(1, 300), View(2, 15), View(3, 500));
        var model = _ml.Regression.Trainers.L2SpRidge().Fit(source);
        TransferSource[] sources =
        [
            TransferSource.From(_ml.Regression.ComputeMoments(source, folds: 1)),
            TransferSource.From(_ml.Data.ComputeGroupedMoments(source, "Shop")),
            TransferSource.From(model),
        ];
        int[] metrics = [3, 4, 2];
        var alone = Error(_ml.Regression.Trainers.L2SpRidge().Fit(target), test);
        for (var s = 0; s < sources.Length; s++)
        {
            var fitted = _ml.Regression.Trainers.L2SpBlend(source: sources[s]).Fit(target, out var report);
            Assert.Equal(metrics[s], report.MetricWeights.Count);
            Assert.True(Error(fitted, test) < alone, sources[s].ToString());
        }
    }

    [Fact]
    public void It_works_in_a_pipeline_and_in_cross_validation()
    {
        var source = _ml.Regression.ComputeMoments(View(1, 200), featureColumnName: "Features", folds: 1);
        var pipeline = _ml.Transforms.CopyColumns("Copy", "Features")
            .Append(_ml.Regression.Trainers.L2SpBlend(featureColumnName: "Copy", source: source));

        var folds = _ml.Regression.CrossValidate(View(2, 60), pipeline, numberOfFolds: 3);

        Assert.All(folds, f => Assert.True(f.Metrics.RSquared > 0.5, $"{f.Metrics.RSquared}"));
    }

    [Fact]
    public void Rows_that_share_a_cluster_count_for_less()
    {
        var source = _ml.Regression.ComputeMoments(View(1, 200), folds: 1);
        var rows = Make(4, 12).SelectMany(r => new[] { r with { }, r with { }, r with { } }).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].House = i / 3;
        }

        _ml.Regression.Trainers.L2SpBlend(new L2SpBlendTrainer.Options { Source = source, ClusterColumnName = "House" })
            .Fit(Load(rows), out var report);

        Assert.Equal(36, report.Rows);
        // Three copies of twelve rows.
        Assert.Equal(12, report.EffectiveRows, 1e-6);
    }

    [Fact]
    public void What_cannot_be_used_is_refused_in_words_that_say_what_can()
    {
        var target = View(2, 20);
        Assert.Contains("needs a source", Assert.Throws<ArgumentException>(() => _ml.Regression.Trainers.L2SpBlend()).Message,
            StringComparison.Ordinal);
        Assert.Contains("3 weights", Assert.Throws<ArgumentException>(
            () => _ml.Regression.Trainers.L2SpBlend(source: TransferSource.From(StartingPoint.From([1f, 2f, 3f])))
                .Fit(target)).Message, StringComparison.Ordinal);
        var named = _ml.Transforms.Concatenate("Features", "A", "B")
            .Fit(_ml.Data.LoadFromEnumerable(new[] { new Pair(), new Pair { A = 1, Label = 2 } }));
        var other = _ml.Transforms.Concatenate("Features", "B", "A").Fit(_ml.Data.LoadFromEnumerable(new[] { new Pair() }));
        IDataView pairs = _ml.Data.LoadFromEnumerable(
            new[] { new Pair { A = 1 }, new Pair { B = 2, Label = 1 }, new Pair { A = 3, B = 1, Label = 4 } });
        var moments = _ml.Regression.ComputeMoments(named.Transform(pairs), folds: 1);
        var error = Assert.Throws<ArgumentException>(() => _ml.Regression.Trainers.L2SpBlend(source: moments).Fit(other.Transform(pairs)));
        Assert.Contains("'B' as feature 0, but the source's moments have 'A'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_in_another_unit_and_a_constant_one_are_told()
    {
        var source = _ml.Regression.ComputeMoments(View(1, 200), folds: 1);
        var told = new List<string>();
        _ml.Log += (_, e) => told.Add(e.Message);
        var cents = Make(2, 30);
        foreach (var row in cents)
        {
            row.Label *= 100;
        }

        _ml.Regression.Trainers.L2SpBlend(source: source).Fit(Load(cents));
        Assert.Contains(told, t => t.Contains("in another unit", StringComparison.Ordinal));

        foreach (var row in cents)
        {
            row.Label = 7;
        }

        var model = _ml.Regression.Trainers.L2SpBlend(source: source).Fit(Load(cents));
        Assert.Contains(told, t => t.Contains("the model is the label's mean", StringComparison.Ordinal));
        Assert.Equal(7, model.Model.Bias);
    }

    private static double Error(RegressionPredictionTransformer<LinearRegressionModelParameters> model, IDataView rows) =>
        model.Transform(rows).GetColumn<float>("Score")
        .Zip(rows.GetColumn<float>("Label"), (a, b) => (double)(a - b) * (a - b)).Average();

    private IDataView View(int seed, int count) => Load(Make(seed, count));

    private IDataView Load(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static Row[] Make(int seed, int count)
    {
        var rows = SimulatedTask.Rows(new Random(seed), count, _truth, 1);
        return [.. Enumerable.Range(0, count).Select(i => new Row
        {
            Shop = i % 6,
            Features = [.. rows.Features.Row(i).ToArray().Select(v => (float)v)],
            Label = (float)rows.Labels[i],
        })];
    }

    private sealed record Row
    {
        public int Shop { get; set; }

        public int House { get; set; }

        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Pair
    {
        public float A { get; set; }

        public float B { get; set; }

        public float Label { get; set; }
    }
}
