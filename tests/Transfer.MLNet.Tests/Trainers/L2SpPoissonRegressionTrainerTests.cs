using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Tests.Solvers;
using Transfer.MLNet.Tests.Solvers.Newton;
using Xunit;
using PoissonLoss = Transfer.MLNet.Losses.PoissonLoss;

namespace Transfer.MLNet.Tests.Trainers;

public class L2SpPoissonRegressionTrainerTests
{
    private const int P = 4;

    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Against Newton's method written out for one dense system, with exposures, row weights and a starting point.</summary>
    [Theory]
    [InlineData(false, 0.05)]
    [InlineData(true, 0.05)]
    [InlineData(false, 1e-6)]
    public void Fits_are_those_of_an_independent_newton_method(bool sparse, double tau)
    {
        var rows = Counts(150, 3);
        var features = rows.Select(r => Array.ConvertAll(r.Features, v => (double)v)).ToArray();
        double[] start = [0.2, -0.1, 0.4, 0];
        var task = new LabelledRows(
            Designs.Of(features, sparse), [.. rows.Select(r => (double)r.Label)], [.. rows.Select(r => (double)r.Weight)],
            offsets: [.. rows.Select(r => Math.Log(r.Exposure))]);

        var fit = NewtonFit.Of(task, new PoissonLoss(), new Start(start, [0.3]), new NewtonSettings(tau, Tolerance: 1e-11));

        Assert.True(fit.Converged);
        var expected = Independent(rows, start, tau);
        Close.To(expected.AsSpan(..P), fit.Weights, 1e-8);
        Close.To(expected[P], fit.Intercepts[0], 1e-8);
    }

    [Fact]
    public void Fits_are_those_of_ml_net_s_poisson_regression_with_the_same_penalty()
    {
        var view = View(Counts(400, 5, exposed: false));
        const double tau = 0.01;
        var ours = _ml.Regression.Trainers.L2SpPoissonRegression(tau: tau).Fit(view);
        var stock = _ml.Regression.Trainers.LbfgsPoissonRegression(new LbfgsPoissonRegressionTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = (float)(400 * tau),
            OptimizationTolerance = 1e-9f,
            NumberOfThreads = 1,
        }).Fit(view);

        // ML.NET adds in single precision and ends where a step saves less than its tolerance.
        Close.To([.. stock.Model.Weights.Select(w => (double)w)], [.. ours.Model.Weights.Select(w => (double)w)], 2e-3);
        Close.To(stock.Model.Bias, ours.Model.Bias, 2e-3);
        Assert.Equal(stock.GetType(), ours.GetType());
    }

    [Fact]
    public void Tau_is_chosen_by_left_out_deviance_and_a_good_start_saves_some()
    {
        var source = _ml.Regression.Trainers.L2SpPoissonRegression(exposureColumnName: "Exposure", tau: 1e-4).Fit(View(Counts(3000, 7)));
        var few = View(Counts(40, 8));
        var trainer = _ml.Regression.Trainers.L2SpPoissonRegression(exposureColumnName: "Exposure", startingPoint: source.Model);
        trainer.Fit(few, out var from);
        _ml.Regression.Trainers.L2SpPoissonRegression(exposureColumnName: "Exposure").Fit(few, out var alone);

        Assert.True(from.LeftOutDeviance < alone.LeftOutDeviance, $"{from} against {alone}");
        Assert.True(from.Tau > alone.Tau);
        Assert.Contains("cross-validation", from.ToString(), StringComparison.Ordinal);
        Assert.Equal(40, from.Rows);
    }

    [Fact]
    public void Left_out_losses_are_those_of_fits_without_the_fold()
    {
        var rows = Counts(60, 9);
        var task = new LabelledRows(
            Designs.Of([.. rows.Select(r => Array.ConvertAll(r.Features, v => (double)v))], false), [.. rows.Select(r => (double)r.Label)],
            offsets: [.. rows.Select(r => Math.Log(r.Exposure))]);
        var loss = new PoissonLoss();
        var fold = StratifiedFolds.Of(task, 3, 1);
        var settings = new NewtonSettings(0, Tolerance: 1e-9);
        var together = NewtonPath.LeftOutByFold(new NewtonTask(task, loss, null, InterceptRule.Free, new Workers(2)), settings, fold);

        var losses = together(0.1);

        for (var f = 0; f < 3; f++)
        {
            int[] kept = [.. Enumerable.Range(0, 60).Where(i => fold[i] != f)];
            int[] left = [.. Enumerable.Range(0, 60).Where(i => fold[i] == f)];
            var fit = NewtonFit.Of(task.Take(kept), loss, null, settings with { Tau = 0.1 });
            Close.To(
                RowLosses.Of(task.Take(left), loss, new Start(fit.Weights, fit.Intercepts), new Workers(1)),
                    [.. left.Select(i => losses[i])], 1e-4);
        }
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        var view = View(Counts(300, 4));
        L2SpPoissonReport Fit(int threads)
        {
            _ml.Regression.Trainers.L2SpPoissonRegression(
                new L2SpPoissonRegressionTrainer.Options { ExposureColumnName = "Exposure", NumberOfThreads = threads })
                .Fit(view, out var report);
            return report;
        }

        Assert.Equal([.. Fit(1).Weights], [.. Fit(2).Weights]);
    }

    [Theory]
    [InlineData(-1, 1, "'Label' has the value -1 in row 7", "negative")]
    [InlineData(1.5, 1, "'Label' has the value 1.5 in row 7", "whole")]
    [InlineData(2, 0, "'Exposure' has the value 0 in row 7", "above zero")]
    [InlineData(2, float.NaN, "'Exposure' has the value NaN in row 7", "above zero")]
    public void What_is_no_count_or_no_exposure_is_refused_by_its_row(float label, float exposure, string what, string why)
    {
        var rows = Counts(30, 2);
        (rows[7].Label, rows[7].Exposure) = (label, exposure);

        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.Regression.Trainers.L2SpPoissonRegression(exposureColumnName: "Exposure").Fit(View(rows)));

        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_are_all_zero_have_no_free_intercept()
    {
        var rows = Counts(30, 2);
        Array.ForEach(rows, r => r.Label = 0);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.L2SpPoissonRegression(tau: 1).Fit(View(rows)));
        Assert.Contains("All counts are zero", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_counts_are_fitted_from_afar()
    {
        var rows = Counts(200, 6);
        Array.ForEach(rows, r => r.Label *= 10_000);
        _ml.Regression.Trainers.L2SpPoissonRegression(exposureColumnName: "Exposure", tau: 1e-3).Fit(View(rows), out var report);
        Assert.True(report.Converged && report.Iterations < 30, report.ToString());
    }

    private static double[] Independent(Row[] rows, double[] start, double tau)
    {
        var u = new double[P + 1];
        var total = rows.Sum(r => (double)r.Weight);
        u[P] = Math.Log(rows.Sum(r => (double)r.Weight * r.Label) / rows.Sum(r => (double)r.Weight * r.Exposure));
        start.CopyTo(u, 0);
        for (var step = 0; step < 60; step++)
        {
            var (gradient, hessian) = (new double[P + 1], new double[P + 1, P + 1]);
            foreach (var r in rows)
            {
                double[] x = [.. r.Features.Select(v => (double)v), 1];
                var mean = r.Exposure * Math.Exp(x.Zip(u, (a, b) => a * b).Sum());
                for (var i = 0; i <= P; i++)
                {
                    gradient[i] += r.Weight / total * (mean - r.Label) * x[i];
                    for (var j = 0; j <= P; j++)
                    {
                        hessian[i, j] += r.Weight / total * mean * x[i] * x[j];
                    }
                }
            }

            for (var i = 0; i < P; i++)
            {
                gradient[i] += tau * (u[i] - start[i]);
                hessian[i, i] += tau;
            }

            var matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(hessian);
            var move = matrix.Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(gradient));
            for (var i = 0; i <= P; i++)
            {
                u[i] -= Math.Clamp(move[i], -1, 1);
            }
        }

        return u;
    }

    private static Row[] Counts(int n, int seed, bool exposed = true)
    {
        var random = new Random(seed);
        double[] truth = [0.5, -0.3, 0.4, 0.2];
        return [.. Enumerable.Range(0, n).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, P).Select(_ => (float)(Math.Round(8 * Sample.Normal(random)) / 8))];
            var exposure = exposed ? (float)(0.5 + (3 * random.NextDouble())) : 1;
            var mean = exposure * Math.Exp(0.5 + truth.Zip(x, (a, b) => a * b).Sum());
            var (count, left) = (0, Math.Exp(-mean));
            for (var u = random.NextDouble(); u > left && count < 500; count++)
            {
                u -= left;
                left *= mean / (count + 1);
            }

            return new Row { Features = x, Label = count, Exposure = exposure, Weight = (float)(0.5 + random.NextDouble()) };
        })];
    }

    private IDataView View(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        [VectorType(P)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Exposure { get; set; }

        public float Weight { get; set; }
    }
}
