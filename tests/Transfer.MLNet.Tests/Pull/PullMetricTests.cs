using Microsoft.ML;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Tests.Models;
using Transfer.MLNet.Tests.Rows;
using Transfer.MLNet.Tests.Solvers;
using Transfer.MLNet.Tests.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Pull;

/// <summary>The metric as an option of the trainers: what the fits are, and what is refused.</summary>
public class PullMetricTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>At the minimum the gradient of the mean loss and tau m (w - c w_sp) cancel.</summary>
    [Theory]
    [InlineData(false, 0.02)]
    [InlineData(true, 0.02)]
    [InlineData(false, null)]
    public void Classifiers_end_where_the_gradient_in_the_metric_is_zero(bool sparse, double? tau)
    {
        double[] m = [4, 0.3, 1, 9, 0.05];
        double[] start = [0.5, -1, 0, 0.2, 1];
        var two = Classifications.Binary(80, 5);
        _ml.BinaryClassification.Trainers.L2SpLogisticRegression(new()
        {
            LabelColumnName = "Positive",
            Tau = tau,
            Metric = PullMetric.Diagonal(m),
            StartingPoint = StartingPoint.From(start, 0.1),
            Tolerance = 1e-11,
        }).Fit(two.View(_ml, sparse: sparse), out var report);
        Assert.True(Left(two, report, 5, m, [.. start.Select(w => (double)(float)w)]) < 1e-9);

        var three = Classifications.Make(90, 5, ["a", "b", "c"]);
        _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(new() { Tau = tau, Metric = PullMetric.Diagonal(m), Tolerance = 1e-11 })
            .Fit(three.View(_ml, sparse: sparse), out report);
        Assert.True(Left(three, report, 5, m, new double[15]) < 1e-9);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(null)]
    public void Counts_end_where_the_gradient_in_the_metric_is_zero(double? tau)
    {
        double[] m = [4, 0.3, 25];
        var rows = Sample.Rows(60, 3, 4);
        var counts = View.Rounded(new(rows.Features, [.. rows.Labels.Select(y => Math.Round(Math.Abs(y)))]));
        _ml.Regression.Trainers.L2SpPoissonRegression(new L2SpPoissonRegressionTrainer.Options
        {
            Tau = tau,
            Metric = PullMetric.Diagonal(m),
            Tolerance = 1e-11,
        }).Fit(View.Of(counts), out var report);
        for (var j = 0; j < 3; j++)
        {
            var gradient = Enumerable.Range(0, 60).Average(i =>
                (Math.Exp(report.Intercept
                    + Product.Dot(counts.Features.Row(i), report.Weights.ToArray())) - counts.Labels[i]) * counts.Features[i, j]);
            Close.To(0, gradient + (report.Tau * m[j] * report.Weights[j]), 1e-8);
        }
    }

    [Fact]
    public void Variances_as_a_metric_make_tau_the_same_for_features_in_any_unit()
    {
        var truth = Regressions.Truth(4);
        var rows = Regressions.Make(40, truth);
        double[] units = [1, 1024, 1.0 / 256, 16];
        var other = new Regressions { X = [.. rows.X.Select(r => r.Zip(units, (v, u) => v * u).ToArray())], Y = rows.Y, S = rows.S };
        L2SpRidgeReport Fit(Regressions task)
        {
            var variances = Enumerable.Range(0, 4).Select(j => task.X.Average(r => r[j] * r[j]) - Math.Pow(task.X.Average(r => r[j]), 2))
                .ToArray();
            _ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options { Metric = PullMetric.Diagonal(variances) }).Fit(
                task.View(_ml), out var report);
            return report;
        }

        var (one, two) = (Fit(rows), Fit(other));
        Close.To(one.LeaveOneOutError!.Value, two.LeaveOneOutError!.Value, 1e-9);
        Close.To([.. one.Weights], [.. two.Weights.Zip(units, (w, u) => w * u)], 1e-7);
    }

    [Fact]
    public void A_metric_of_another_size_is_refused_with_both_sizes()
    {
        var data = SmallRow.View(_ml, 20);
        var metric = PullMetric.Diagonal([1, 2]);
        Refuses<ArgumentException>(() => Ridge(metric).Fit(data), "metric is one of 2 features", "'Features' has 3");
        Refuses<ArgumentException>(
            () => Ridge(metric).Fit(_ml.Regression.ComputeMoments(data, folds: 2)), "metric is one of 2 features", "'Features' has 3");
        var two = Classifications.Binary(30, 5).View(_ml);
        Refuses<ArgumentException>(
            () => _ml.BinaryClassification.Trainers.L2SpLogisticRegression(new() { LabelColumnName = "Positive", Metric = metric })
            .Fit(two),
            "metric is one of 2 features", "'Features' has 5");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_diagonal_that_is_not_positive_names_the_feature(double value)
    {
        Refuses<ArgumentException>(() => PullMetric.Diagonal([1, 1, value]), "feature 2", "above zero");
        Refuses<ArgumentException>(() => PullMetric.Diagonal([]), "a value for each feature");
    }

    [Fact]
    public void A_matrix_that_is_no_metric_is_refused_where_it_fails()
    {
        Refuses<ArgumentException>(() => PullMetric.Matrix(new double[2, 3]), "2 x 3");
        Refuses<ArgumentException>(() => PullMetric.Matrix(new double[0, 0]), "0 x 0");
        Refuses<ArgumentException>(() => PullMetric.Matrix(new[,] { { 1, double.NaN }, { double.NaN, 1 } }), "NaN at (1, 0)");
        Refuses<ArgumentException>(
            () => PullMetric.Matrix(new[,] { { 1, 0.5 }, { 0.4, 1 } }), "symmetric", "0.4 at (1, 0)", "0.5 at (0, 1)");
        Refuses<ArgumentException>(() => PullMetric.Matrix(new[,] { { 1.0, 0 }, { 0, 0 } }), "feature 1 has 0", "Add a small number");
        Refuses<ArgumentException>(
            () => PullMetric.Matrix(new[,] { { 1.0, 2 }, { 2, 1 } }), "smallest eigenvalue is -1", "Add a small number");
    }

    [Fact]
    public void A_Gram_matrix_that_is_singular_names_the_feature_and_a_ridge_mends_it()
    {
        var rows = Sample.Rows(40, 3, 1);
        for (var i = 0; i < 40; i++)
        {
            rows.Features[i, 2] = 2 * rows.Features[i, 0];
        }

        var twins = _ml.Regression.ComputeMoments(View.Of(rows, names: ["rooms", "age", "doors"]), folds: 2);
        var e = Assert.Throws<ArgumentException>(() => PullMetric.Gram(twins));
        Assert.Contains("not positive definite", e.Message, StringComparison.Ordinal);
        Assert.Contains("Give a ridge", e.Message, StringComparison.Ordinal);
        Assert.True(
            e.Message.Contains("'rooms'", StringComparison.Ordinal) || e.Message.Contains("'doors'", StringComparison.Ordinal), e.Message);
        Assert.Equal(3, PullMetric.Gram(twins, 0.01).FeatureCount);

        for (var i = 0; i < 40; i++)
        {
            rows.Features[i, 2] = 7;
        }

        Refuses<ArgumentException>(
            () => PullMetric.Gram(_ml.Regression.ComputeMoments(View.Of(rows, names: ["rooms", "age", "doors"]))), "feature 2 ('doors')");
        Refuses<ArgumentOutOfRangeException>(() => PullMetric.Gram(twins, -1), "ridge");
        Refuses<ArgumentNullException>(() => PullMetric.Gram(null!), "moments");
    }

    [Fact]
    public void A_classifier_takes_a_diagonal_metric_only_and_says_so_at_once() => Refuses<ArgumentException>(
        () => _ml.BinaryClassification.Trainers.L2SpLogisticRegression(
        new() { Metric = PullMetric.Matrix(new[,] { { 2, 1.0 }, { 1, 2 } }) }),
        "matrix metric of 2 features", "PullMetric.Diagonal");

    private L2SpRidgeTrainer Ridge(PullMetric metric) =>
        _ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options { Metric = metric });

    private static double Left(Classifications rows, L2SpClassifierReport report, int p, double[] m, double[] start)
    {
        var gradient = rows.Gradient(report.Weights, report.Intercepts, 0);
        for (var j = 0; j < report.Weights.Count; j++)
        {
            gradient[j] += report.Tau * m[j % p] * (report.Weights[j] - start[j]);
        }

        return gradient.Max(Math.Abs);
    }

    private static void Refuses<T>(Action act, params string[] parts)
        where T : Exception
    {
        var e = Assert.Throws<T>(act);
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }
}
