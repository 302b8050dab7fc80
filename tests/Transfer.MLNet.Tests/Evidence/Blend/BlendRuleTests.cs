using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

public class BlendRuleTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_row_of_weight_two_makes_the_same_fits_as_two_rows_in_one_cluster(bool intercept)
    {
        // Weights have mean 1, and a row counts once: not the same likelihood as twice the rows, so that only the fits of one node are
        // compared.
        var random = new Random(1);
        var target = SimulatedTask.Rows(random, 9, [1, 2, 0], 0.5);
        var weighted = new HeldRows(target.Features, target.Labels, [1, 1, 2, 1, 1, 3, 1, 1, 1]);
        int[] twice = [0, 1, 2, 2, 3, 4, 5, 5, 5, 6, 7, 8];
        var repeated = new HeldRows(
            new Matrix(12, 3, [.. twice.SelectMany(i => target.Features.Row(i).ToArray())]), [.. twice.Select(i => target.Labels[i])]);
        double[] settings = [0.3, 5];
        var metric = DiagonalMetric.Identity([1, 1, 1], 3);
        var (few, many) = (BlendTarget.Of(weighted, intercept, null, Workers.All), BlendTarget.Of(repeated, intercept, twice, Workers.All));
        var once = new MetricNodes(few, metric, settings, Workers.All);
        var often = new MetricNodes(many, metric, settings, Workers.All);
        var (oneLevel, manyLevels) = (new LevelNodes(few, once, null, Workers.All), new LevelNodes(many, often, null, Workers.All));

        Close.To(often.Weights([1, 2], [0.5, 0.1]), once.Weights([1, 2], [0.5, 0.1]), 1e-10);
        for (var i = 0; i < 9; i++)
        {
            // sqrt(s_i) e_i, with s_i of mean 1 over 9 rows.
            var root = Math.Sqrt(weighted.Weights[i] * 9 / 12);
            Close.To(manyLevels.LeftOutLabels(1)[Array.IndexOf(twice, i)] * root, oneLevel.LeftOutLabels(1)[i], 1e-8);
        }
    }

    [Theory]
    [InlineData(12, 40)]
    [InlineData(30, 12)]
    public void A_source_without_full_rank_has_the_same_metrics_as_its_dense_matrices(int p, int n)
    {
        // p > n0: the directions that the source does not span share one eigenvalue; the dense matrices know nothing of that.
        var random = new Random(2);
        var source = SimulatedTask.Rows(random, 8, [.. Enumerable.Range(0, p).Select(j => j % 3 - 1.0)], 0.5);
        var spectrum = TaskSpectrum.Of(source, intercept: true, Workers.All);
        var target = SimulatedTask.Rows(random, n, new double[p], 1);
        var built = BlendSource.Of(spectrum, Workers.All);
        var gram = (GramMetric)built.MetricsFor(CentredRows.Of(target, true, Workers.All)).Single(m => m.Kind == BlendMetric.Gram);

        var dense = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(
            p, p, MomentsReader.Of(source, 1, 0, Workers.All).Total.Scatter.Values) / 8;
        var inverse = (dense + (MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseIdentity(p) * built.Tau!.Value)).Inverse();
        inverse /= (dense * inverse).Trace();
        double[] u = [.. Enumerable.Range(0, p).Select(j => Math.Sin(j + 1))];
        // The inverse of a matrix whose condition is up to 1e5 / p.
        Close.To((inverse * MathNet.Numerics.LinearAlgebra.Vector<double>.Build.DenseOfArray(u)).ToArray(), gram.Times(u), 1e-9);
        var x = gram.InMetric(target.Features, Workers.All);
        Close.To(Product.Dot(target.Features.Row(0), gram.Times(target.Features.Row(3))), Product.Dot(x.Row(0), x.Row(3)), 1e-9);
    }

    [Fact]
    public void With_as_many_clusters_as_rows_the_answer_is_that_of_independent_rows()
    {
        var (source, target) = Tasks(3, 1);
        var free = BlendRule.Apply(source, target, true, 0.1, Workers.All);
        var clustered = BlendRule.Apply(source, target, true, 0.1, Workers.All, [.. Enumerable.Range(0, target.Rows).Select(i => 7 - i)]);

        // A ridge of 1e-12 on each 1 - h.
        Close.To(free.Weights, clustered.Weights, 1e-9);
        Assert.Equal(free.EffectiveRows, clustered.EffectiveRows, 1e-9);
    }

    [Fact]
    public void The_noise_is_that_of_the_target()
    {
        var random = new Random(11);
        var (source, target) = (SimulatedTask.Rows(random, 200, [1, -1, 0.5], 1), SimulatedTask.Rows(random, 400, [1, -1, 0.5], 0.5));
        var result = BlendRule.Apply(BlendSource.Of(TaskSpectrum.Of(source, intercept: true, Workers.All), Workers.All), target, true, 0.1,
            Workers.All);
        // Of 400 rows the standard error of the variance is 0.25 sqrt(2 / 396) = 0.018; four of them.
        Assert.InRange(result.NoiseVariance!.Value, 0.18, 0.32);
    }

    [Fact]
    public void All_rows_in_one_cluster_are_one_row_and_give_numbers()
    {
        var (source, target) = Tasks(4, 1);
        var result = BlendRule.Apply(source, target, true, 0.1, Workers.All, new int[target.Rows]);

        Assert.All(result.Weights, w => Assert.True(double.IsFinite(w)));
        Assert.Equal(1, result.EffectiveRows, 1e-12);
    }

    [Fact]
    public void A_label_that_is_constant_gives_its_mean_and_no_verdict()
    {
        var (source, target) = Tasks(5, 1);
        var result = BlendRule.Apply(source, new HeldRows(target.Features, [.. target.Labels.Select(_ => 4.25)]), true, 0.1, Workers.All);

        Assert.Equal(4.25, result.Intercept);
        Assert.All(result.Weights, w => Assert.Equal(0, w));
        Assert.Null(result.Helps);
        Assert.Equal(0, result.Alpha);
    }

    [Fact]
    public void A_feature_that_stands_there_twice_or_does_not_vary_gives_numbers()
    {
        var random = new Random(6);
        HeldRows Twice(HeldRows rows) => new(
            new Matrix(rows.Rows, 5, [.. Enumerable.Range(0, rows.Rows)
                .SelectMany(i => new[] { rows.Features[i, 0], rows.Features[i, 1], rows.Features[i, 0], 3,
                rows.Features[i, 2] })]), rows.Labels);
        var source = TaskSpectrum.Of(Twice(SimulatedTask.Rows(random, 50, [1, 2, 3], 0.5)), true, Workers.All);
        var result = BlendRule.Apply(BlendSource.Of(source, Workers.All), Twice(SimulatedTask.Rows(random, 12, [1, 2, 3], 0.5)), true, 0.1,
            Workers.All);

        Assert.All(result.Weights, w => Assert.True(double.IsFinite(w)));
        Assert.Equal(result.Weights[0], result.Weights[2], 1e-10);
        Assert.Equal(0, result.Weights[3], 1e-12);
    }

    [Fact]
    public void A_model_of_zeros_is_no_help_and_does_no_harm()
    {
        var (_, target) = Tasks(7, 1);
        var result = BlendRule.Apply(BlendSource.OfModel(new double[4]), target, true, 0.1, Workers.All);

        Assert.All(result.Weights, w => Assert.True(double.IsFinite(w)));
        Assert.Equal([BlendMetric.Identity, BlendMetric.Relative], result.MetricWeights.Select(m => m.Metric));
        // The prior of c alone, truncated: nothing is known of it.
        Assert.InRange(result.ScaleInterval.Lower, -1, -0.85);
        Assert.InRange(result.ScaleInterval.Upper, 2.85, 3);
    }

    [Fact]
    public void Labels_in_another_unit_are_seen()
    {
        var (source, target) = Tasks(8, 1);
        var result = BlendRule.Apply(source, new HeldRows(target.Features, [.. target.Labels.Select(y => 100 * y)]), true, 0.1,
            Workers.All);

        Assert.True(result.UnitsDiffer);
        Assert.False(BlendRule.Apply(source, target, true, 0.1, Workers.All).UnitsDiffer);
    }

    [Fact]
    public void Left_out_residuals_are_those_of_fits_without_the_row_the_shares_of_the_nodes_held()
    {
        // One metric, one tau, c forced to 1: the average is a single L2-SP fit.
        var random = new Random(9);
        var target = SimulatedTask.Rows(random, 14, [1, 2, 0, -1], 0.8);
        double[] start = [0.8, 1.5, 0.3, -1];
        var trace = 4.0;
        var blended = BlendTarget.Of(target, true, null, Workers.All);
        var ofMetric = new MetricNodes(blended, DiagonalMetric.Identity(start, trace), [2.0], Workers.All);
        var nodes = new LevelNodes(blended, ofMetric, null, Workers.All);
        var tau = ofMetric.Taus[0] * trace;

        for (var i = 0; i < 14; i++)
        {
            int[] others = [.. Enumerable.Range(0, 14).Where(k => k != i)];
            var without = new HeldRows(
                new Matrix(13, 4, [.. others.SelectMany(k => target.Features.Row(k).ToArray())]),
                    [.. others.Select(k => target.Labels[k])]);
            var fit = RidgeSolver.Solve(without, new Start(start), tau * 14 / 13, InterceptRule.Free, Workers.All);
            var residual = target.Labels[i] - fit.Intercept - Product.Dot(fit.Weights, target.Features.Row(i));
            Close.To(residual, nodes.LeftOutLabels(0)[i] - nodes.LeftOutScores(0)[i], 1e-9);
        }
    }

    [Fact]
    public void With_few_rows_of_the_same_task_the_blend_is_far_better_than_the_rows_alone()
    {
        var (blend, alone) = (0.0, 0.0);
        for (var seed = 0; seed < 30; seed++)
        {
            var (source, target) = Tasks(100 + seed, 1);
            var result = BlendRule.Apply(source, target, true, 0.3, Workers.All);
            double[] truth = [1, -2, 0.5, 1];
            blend += result.Weights.Select((w, j) => Math.Pow(w - truth[j], 2)).Sum();
            alone += result.ScratchWeights.Select((w, j) => Math.Pow(w - truth[j], 2)).Sum();
        }

        Assert.True(blend < 0.5 * alone, $"{blend} {alone}");
    }

    private static (BlendSource Source, HeldRows Target) Tasks(int seed, double scale)
    {
        var random = new Random(seed);
        double[] w = [1, -2, 0.5, 1];
        var source = SimulatedTask.Rows(random, 60, w, 1);
        return (BlendSource.Of(TaskSpectrum.Of(source, true, Workers.All), Workers.All),
            SimulatedTask.Rows(random, 8, [.. w.Select(v => scale * v)], 1));
    }
}
