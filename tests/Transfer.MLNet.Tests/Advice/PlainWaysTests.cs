using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Evidence;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>a + c source, and the rows of both with a weight: against fits by plain matrices without each row.</summary>
public sealed class PlainWaysTests
{
    private const int P = 4;

    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Two_numbers_are_judged_by_fits_without_each_row_or_cluster(bool intercept, bool clustered)
    {
        var rows = Weighted(30);
        double[] weights = [1, 0.5, -0.3, 0.2];
        int[]? clusters = clustered ? [.. Enumerable.Range(0, 30).Select(i => i / 3)] : null;
        var found = TwoNumbers.OfRows(rows, weights, intercept, clusters);

        Close.To(Brute(Enumerable.Range(0, 30)).Scale, found.Scale, 1e-9);
        for (var i = 0; i < 30; i++)
        {
            var (level, scale) = Brute(Enumerable.Range(0, 30).Where(j => clusters is null ? j != i : clusters[j] != clusters[i]));
            var error = rows.Labels[i] - level - (scale * Product.Dot(rows.Features.Row(i), weights));
            Close.To(rows.Weights[i] * 30 / rows.TotalWeight * error * error, found.Losses[i], 1e-9);
        }

        (double Level, double Scale) Brute(IEnumerable<int> kept)
        {
            int[] at = [.. kept];
            var x = Matrix<double>.Build.Dense(at.Length, 2,
                (i, j) => Math.Sqrt(rows.Weights[at[i]]) * (j == 1 ? Product.Dot(rows.Features.Row(at[i]), weights) : intercept ? 1 : 0));
            var y = Vector<double>.Build.Dense(at.Length, i => Math.Sqrt(rows.Weights[at[i]]) * rows.Labels[at[i]]);
            var fit = x.PseudoInverse() * y;
            return (fit[0], fit[1]);
        }
    }

    [Fact]
    public void Two_numbers_from_moments_are_those_of_the_rows_without_each_fold()
    {
        var random = new Random(4);
        var rows = SimulatedTask.Rows(random, 40, [1, 0, -1, 0.5], 0.7);
        double[] weights = [1, 0.5, -0.3, 0.2];
        var moments = MomentsReader.Of(rows, folds: 4, seed: 1, Two);
        var folds = moments.Blocks.Where(b => b.Count > 0).ToArray();
        var found = TwoNumbers.OfFolds(moments, weights, intercept: true);
        for (var k = 0; k < folds.Length; k++)
        {
            var others = MomentBlock.Merge(folds.Where(f => f != folds[k]), P);
            var scale = Product.Dot(weights, others.Cross) / Product.Dot(weights, Product.Times(others.Scatter, weights));
            var level = others.LabelMean - (scale * Product.Dot(weights, others.FeatureMeans));
            var raw = folds[k].ToRawSums();
            double[] w = [.. weights.Select(v => scale * v)];
            var error = raw.LabelSquares - (2 * Product.Dot(w, raw.Cross)) - (2 * level * raw.Label)
                + Product.Dot(w, Product.Times(raw.Squares, w)) + (2 * level * Product.Dot(w, raw.Features))
                + (folds[k].Count * level * level);
            Close.To(error / 10, found.Losses[k], 1e-8);
        }
    }

    /// <summary>The rows of both in one system, each task with a column of ones of its own, the source's rows times the weight.</summary>
    [Fact]
    public void Pooling_is_ridge_on_the_rows_of_both_and_is_judged_without_each_row()
    {
        var random = new Random(8);
        var (w0, w1) = SimulatedTask.Truths(random, P, 0.8, 0.3);
        var (source, target) = (SimulatedTask.Rows(random, 60, w0, 0.7), SimulatedTask.Rows(random, 20, w1, 0.7));
        var spectrum = TaskSpectrum.Of(source, true, Two);
        var prepared = BlendSource.Of(spectrum, Two);
        var pooled = PooledFit.Of(spectrum, prepared, BlendTarget.Of(target, true, null, Two), Two);
        var tauS = prepared.Tau!.Value;

        var all = Enumerable.Range(0, 20).ToArray();
        Close.To(Brute(all).Weights, pooled.Weights, 1e-8);
        foreach (var left in all)
        {
            var (weights, level) = Brute([.. all.Where(i => i != left)]);
            Close.To(target.Labels[left] - level - Product.Dot(target.Features.Row(left), weights), pooled.Residuals[left], 1e-8);
        }

        var blend = TargetBlend.Of(BlendRule.Apply(prepared, target, true, 0.1, Two));
        var way = pooled.Way(tauS, blend, 0.7);
        Close.To(blend.ScratchLosses.Average() - way.LeftOutRisk, way.Gain!.Value, 1e-12);
        Close.To(pooled.Residuals.Average(r => r * r), way.LeftOutRisk, 1e-12);

        // (1/n) sum over the target, tau ((1/n0) sum over the source + tau_S |w|^2); a row that is left out keeps n.
        (double[] Weights, double Level) Brute(int[] kept)
        {
            const int Columns = P + 2;
            var a = Matrix<double>.Build.Dense(Columns, Columns);
            var b = Vector<double>.Build.Dense(Columns);
            void Add(HeldRows rows, int i, double share, int ones)
            {
                var x = Vector<double>.Build.Dense(Columns, j => j < P ? rows.Features[i, j] : j == ones ? 1 : 0);
                a += share * x.OuterProduct(x);
                b += share * rows.Labels[i] * x;
            }

            foreach (var i in kept)
            {
                Add(target, i, 1.0 / 20, P);
            }

            for (var i = 0; i < 60; i++)
            {
                Add(source, i, pooled.Tau / 60, P + 1);
            }

            for (var j = 0; j < P; j++)
            {
                a[j, j] += pooled.Tau * tauS;
            }

            var fit = a.Solve(b);
            return ([.. fit.Take(P)], fit[P]);
        }
    }

    [Fact]
    public void Their_models_are_those_that_were_judged()
    {
        var ml = new MLContext(1);
        var (source, target) = (View(ml, 300, 1, 1, 0.3), View(ml, 30, 2, 0.5, 0.3));
        var advice = ml.Regression.AdviseTransfer(source, target);
        var (pooled, two) = (advice.Way(TransferWayKind.Pooled)!, advice.Way(TransferWayKind.RescaledSource)!);
        Assert.Null(two.TargetTau);
        Assert.InRange(two.Scale!.Value, 0.3, 0.7);

        var own = ml.Regression.Trainers.L2SpRidge(tau: advice.SourceTraining!.SourceOptimalTau).Fit(source).Model.Weights;
        var given = ((RegressionPredictionTransformer<LinearRegressionModelParameters>)advice.Fit(two, target)).Model.Weights;
        for (var j = 0; j < P; j++)
        {
            Assert.Equal(two.Scale.Value * own[j], given[j], 1e-5);
        }

        var joint = ((RegressionPredictionTransformer<LinearRegressionModelParameters>)advice.Fit(pooled, target)).Model;
        var read = TransferAdvice.FromJson(advice.ToJson());
        Assert.Equal(
            joint.Weights,
            ((RegressionPredictionTransformer<LinearRegressionModelParameters>)read.Fit(
                read.Way(TransferWayKind.Pooled)!, source, target)).Model.Weights);
        var trainer = ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options
        {
            StartingPoint = ml.Regression.Trainers.L2SpRidge(tau: pooled.SourceTau!.Value).Fit(source).Model,
            Metric = PullMetric.Gram(ml.Regression.ComputeMoments(source), pooled.SourceTau.Value),
        });
        trainer.Fit(target, out var report);

        // The trainer searches for the same tau on a grid of its own: as good to a per cent.
        Assert.Equal(Math.Pow(report.LeaveOneOutError!.Value, 2), pooled.LeftOutRisk, 0.01 * pooled.LeftOutRisk);
    }

    [Fact]
    public void The_nearest_group_is_the_one_that_the_target_is_like()
    {
        var ml = new MLContext(1);
        var random = new Random(3);
        var groups = Enumerable.Range(0, 6).SelectMany(g => Enumerable.Range(0, 40).Select(_ => Made(random, g == 2 ? -1 : 1, 0.3, $"g{g}")));
        var source = ml.Data.LoadFromEnumerable(groups.Append(Made(random, 1, 0.3, "lonely")).ToArray());
        var target = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(_ => Made(random, -1, 0.3, "new")).ToArray());
        var advice = ml.Regression.AdviseTransfer(source, target, new() { GroupColumnName = "Group" });

        var found = advice.Sources[0].Groups;
        Assert.Equal(6, found.Count);
        Assert.Equal(("g2", 40), (found[0].Name, found[0].Rows));
        Assert.InRange(found[0].Share, 0.99, 1);
        Assert.True(found[0].Gain > 3 * found[0].GainStandardError);
        Assert.Equal(found.Select(g => g.Error).Order(), found.Select(g => g.Error));
        Assert.Contains("g2 100 %", advice.ToString(), StringComparison.Ordinal);
        Assert.Equal(found, TransferAdvice.FromJson(advice.ToJson()).Sources[0].Groups);
    }

    private static HeldRows Weighted(int count)
    {
        var random = new Random(6);
        var rows = SimulatedTask.Rows(random, count, [1, 0, -1, 0.5], 0.7);
        return new HeldRows(rows.Features, rows.Labels, [.. rows.Labels.Select(_ => 0.5 + random.NextDouble())]);
    }

    private static IDataView View(MLContext ml, int count, int seed, double rho, double noise)
    {
        var random = new Random(seed);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ => Made(random, rho, noise, "")).ToArray());
    }

    private static Row Made(Random random, double rho, double noise, string group)
    {
        float[] x = [.. Enumerable.Range(0, P).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        return new Row { Features = x, Group = group, Label = (float)((rho * (x[0] - x[1] + (0.5 * x[2]))) + (noise * random.NextDouble())) };
    }

    private sealed class Row
    {
        public float Label { get; set; }

        public string Group { get; set; } = "";

        [VectorType(P)]
        public float[] Features { get; set; } = [];
    }
}
