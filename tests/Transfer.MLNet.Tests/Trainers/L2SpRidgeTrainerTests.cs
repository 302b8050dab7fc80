using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>What the trainer solves, against the same minimum found by Gaussian elimination.</summary>
public class L2SpRidgeTrainerTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public L2SpRidgeTrainerTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Theory]
    [InlineData(60, 5, false)]
    [InlineData(60, 5, true)]
    [InlineData(6, 15, false)]
    [InlineData(6, 15, true)]
    public void Weights_and_intercept_are_the_minimum_towards_the_starting_point(int rows, int features, bool weighted)
    {
        var task = Regressions.Make(rows, Regressions.Truth(features));
        float[] start = [.. Regressions.Truth(features, seed: 6).Select(w => (float)w)];

        _ml.Regression.Trainers.L2SpRidge(startingPoint: start, tau: 0.3, exampleWeightColumnName: weighted ? "Weight" : null)
            .Fit(task.View(_ml), out var report);

        AssertSolves(task.Solve(0.3, [.. start.Select(w => (double)w)], weighted), report);
    }

    [Fact]
    public void Without_a_starting_point_it_is_ridge_regression()
    {
        var task = Regressions.Make(50, Regressions.Truth(4));
        _ml.Regression.Trainers.L2SpRidge(tau: 0.1).Fit(task.View(_ml), out var report);
        AssertSolves(task.Solve(0.1), report);
    }

    [Fact]
    public void Tau_zero_is_least_squares_and_a_large_tau_the_starting_point()
    {
        var task = Regressions.Make(50, Regressions.Truth(4));
        _ml.Regression.Trainers.L2SpRidge(startingPoint: new float[] { 1, 2, 3, 4 }, tau: 0).Fit(task.View(_ml), out var least);
        AssertSolves(task.Solve(0), least);
        _ml.Regression.Trainers.L2SpRidge(startingPoint: new float[] { 1, 2, 3, 4 }, tau: 1e12).Fit(task.View(_ml), out var held);
        Assert.All(held.Weights.Zip([1.0, 2, 3, 4]), w => Assert.Equal(w.Second, w.First, 1e-9));
    }

    [Fact]
    public void The_starting_point_is_scaled_and_its_intercept_is_not()
    {
        var task = Regressions.Make(50, Regressions.Truth(3));
        var start = StartingPoint.From([1.0, -2, 0.5], bias: 7);

        Fit(new() { StartingPoint = start, StartingPointScale = 0.4, Tau = 2, PullIntercept = true }, task, out var report);

        AssertSolves(task.Solve(2, [0.4, -0.8, 0.2], pulledTo: 7), report);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(3)]
    public void The_intercept_can_be_left_out_or_pulled_in_the_primal_and_in_the_dual(int rows)
    {
        var task = Regressions.Make(rows, Regressions.Truth(6));
        var start = StartingPoint.From([1.0, -2, 0.5, 0, 0, 1], bias: 7);

        Fit(new() { StartingPoint = start, Tau = 0.5, FitIntercept = false }, task, out var without);
        Fit(new() { StartingPoint = start, Tau = 0.5, PullIntercept = true }, task, out var pulled);

        AssertSolves(task.Solve(0.5, [.. start.Weights], intercept: false), without);
        AssertSolves(task.Solve(0.5, [.. start.Weights], pulledTo: 7), pulled);
    }

    [Fact]
    public void Tau_left_out_is_the_best_by_refitting_without_each_row()
    {
        var truth = Regressions.Truth(8);
        var task = Regressions.Make(25, truth, noise: 1.5);
        double[] start = [.. truth.Select(w => 0.7 * w)];

        _ml.Regression.Trainers.L2SpRidge(startingPoint: StartingPoint.From(start)).Fit(task.View(_ml), out var report);

        Assert.Equal(task.LeaveOneOutError(report.Tau, start), report.LeaveOneOutError!.Value, 1e-8);
        foreach (var factor in new[] { 0.001, 0.1, 0.5, 0.9, 1.1, 2, 10, 1000 })
        {
            Assert.True(report.LeaveOneOutError <= task.LeaveOneOutError(factor * report.Tau, start) + 1e-9);
        }

        AssertSolves(task.Solve(report.Tau, start), report);
        Assert.Contains(_heard, e => e.Source.Contains("L2SpRidge", StringComparison.Ordinal)
            && e.RawMessage.Contains("chosen by leave-one-out", StringComparison.Ordinal));
    }

    [Fact]
    public void A_starting_point_that_cannot_be_improved_on_is_kept_and_the_log_warns_of_the_edge()
    {
        // What the starting point leaves over has nothing to do with the feature: every pull away from it is for the worse.
        var task = new Regressions { X = [[1], [-1], [1], [-1]], Y = [2 + 1, -2 + 1, 2 - 1, -2 - 1], S = [1, 1, 1, 1] };
        _ml.Regression.Trainers.L2SpRidge(startingPoint: new float[] { 2 }).Fit(task.View(_ml), out var report);

        Assert.True(report.TauAtUpperEdge);
        Assert.Equal(2, report.Weights[0], 1e-9);
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("largest that was tried", StringComparison.Ordinal));
    }

    [Fact]
    public void Moments_train_to_what_their_rows_train_to()
    {
        var task = Regressions.Make(80, Regressions.Truth(4));
        var view = task.View(_ml, "Inputs", "Price");
        var moments = _ml.Regression.ComputeMoments(view, "Price", "Inputs", "Weight", folds: 4);

        var model = _ml.Regression.Trainers.L2SpRidge(tau: 0.2).Fit(moments, out var report);

        AssertSolves(task.Solve(0.2, weighted: true), report);
        Assert.Equal("Inputs", model.FeatureColumnName);
        Assert.Equal(80, model.Transform(view).GetColumn<float>("Score").Count());
        Assert.Equal(80, report.Rows);
    }

    [Fact]
    public void Moments_in_folds_choose_tau_by_cross_validation_and_in_one_fold_ask_for_it()
    {
        var task = Regressions.Make(80, Regressions.Truth(10), noise: 4);
        _ml.Regression.Trainers.L2SpRidge().Fit(_ml.Regression.ComputeMoments(task.View(_ml), folds: 5), out var report);
        Assert.InRange(report.CrossValidationError!.Value, 2, 8);
        Assert.Null(report.LeaveOneOutError);
        AssertSolves(task.Solve(report.Tau), report);

        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.Regression.Trainers.L2SpRidge().Fit(_ml.Regression.ComputeMoments(task.View(_ml), folds: 1)));
        Assert.Contains("give tau", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Moments_from_a_file_and_merged_train_to_the_same()
    {
        var (first, second) = (Regressions.Make(40, Regressions.Truth(4), seed: 1), Regressions.Make(30, Regressions.Truth(4), seed: 2));
        using var file = new MemoryStream();
        _ml.Regression.ComputeMoments(first.View(_ml), folds: 2).Merge(_ml.Regression.ComputeMoments(second.View(_ml), folds: 2))
            .Save(file);
        file.Position = 0;

        _ml.Regression.Trainers.L2SpRidge(tau: 0.2).Fit(Moments.Load(file), out var report);

        var both = new Regressions { X = [.. first.X, .. second.X], Y = [.. first.Y, .. second.Y], S = [.. first.S, .. second.S] };
        AssertSolves(both.Solve(0.2), report);
    }

    [Fact]
    public void The_model_holds_the_weights_in_single_precision_with_the_intercept_that_belongs_to_them()
    {
        // At these means rounding the weights shifts predictions by some 1e-4, and the intercept, small as it is, can take that back to
        // 1e-6.
        var task = Regressions.Make(200, [1.23456789, -1.23456], means: [3e3, 3e3]);
        var model = _ml.Regression.Trainers.L2SpRidge(tau: 0.01).Fit(task.View(_ml), out var report).Model;

        Assert.Equal(report.Weights.Select(w => (float)w), model.Weights);
        var (first, second) = (task.X.Average(x => x[0]), task.X.Average(x => x[1]));
        var exact = report.Intercept + (report.Weights[0] * first) + (report.Weights[1] * second);
        var rounded = model.Bias + (model.Weights[0] * first) + (model.Weights[1] * second);
        Assert.Equal(exact, rounded, Math.Abs(report.Intercept) / (1 << 23));
        Assert.DoesNotContain(_heard, e => e.RawMessage.Contains("single precision", StringComparison.Ordinal));
    }

    [Fact]
    public void Features_with_means_beyond_single_precision_are_fitted_and_warned_of()
    {
        var task = Regressions.Make(200, [1, 2], noise: 0.1, means: [1e6, 1e6]);
        _ml.Regression.Trainers.L2SpRidge(tau: 1e-6).Fit(task.View(_ml), out var report);
        AssertNear([1, 2], report.Weights, 0.05);
        Assert.Single(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("fixZero: false", StringComparison.Ordinal));
    }

    [Theory]
    // 6e-8 of |b| + 5e4 + 1e5, twice 1.5e5, is 0.018; a thousandth of the label's spread, the root of 5, is 0.002
    [InlineData(5e4, null, true)]
    [InlineData(5e4, 1e-6, true)]
    [InlineData(2e3, null, false)]
    [InlineData(2e3, 1e-6, false)]
    public void The_warning_comes_when_single_precision_costs_a_thousandth_of_the_label_s_spread(double mean, double? tau, bool warned)
    {
        var task = Regressions.Make(200, [1, 2], noise: 0.1, means: [mean, mean]);
        _ml.Regression.Trainers.L2SpRidge(tau: tau).Fit(task.View(_ml));
        Assert.Equal(warned, _heard.Any(e => e.RawMessage.Contains("fixZero: false", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_same_bits_on_one_thread_and_on_two()
    {
        var task = Regressions.Make(700, Regressions.Truth(70));
        var results = new[] { 1, 2, 1, 2 }.Select(threads =>
        {
            Fit(new() { NumberOfThreads = threads }, task, out var report);
            return report;
        }).ToArray();

        Assert.All(results, r => Assert.Equal(results[0].Weights, r.Weights));
        Assert.All(results, r => Assert.Equal(results[0].Tau, r.Tau));
        Assert.All(results, r => Assert.Equal(results[0].Intercept, r.Intercept));
    }

    [Fact]
    public void Sparse_rows_train_to_what_the_same_rows_dense_train_to()
    {
        var schema = SchemaDefinition.Create(typeof(SparseRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 6);
        var random = new Random(3);
        var sparse = Enumerable.Range(0, 40).Select(i => new SparseRow
        {
            Features = new VBuffer<float>(6, 2, [1, (float)random.NextDouble()], [i % 3, 3 + (i % 3)]),
            Label = (float)random.NextDouble(),
        }).ToArray();
        var dense = new Regressions
        {
            X = [.. sparse.Select(r => r.Features.DenseValues().Select(v => (double)v).ToArray())],
            Y = [.. sparse.Select(r => (double)r.Label)],
            S = [.. sparse.Select(_ => 1.0)],
        };

        _ml.Regression.Trainers.L2SpRidge(tau: 0.05).Fit(_ml.Data.LoadFromEnumerable(sparse, schema), out var report);

        AssertSolves(dense.Solve(0.05), report);
    }

    [Fact]
    public void Many_features_and_few_rows_are_quick()
    {
        var task = Regressions.Make(60, Regressions.Truth(20_000), noise: 1);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        _ml.Regression.Trainers.L2SpRidge().Fit(task.View(_ml), out var report);
        Assert.Equal(20_000, report.Weights.Count);

        // Half a second, beside other work more. A Gram matrix of the features would take minutes and 3.2 GB.
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{clock.Elapsed}");
    }

    [Fact]
    public void Weights_of_another_unit_start_a_regression_with_a_warning()
    {
        var rows = Models.SmallRow.View(_ml, 100);
        var classifier = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(rows);
        _ml.Regression.Trainers.L2SpRidge(startingPoint: classifier, tau: 1).Fit(rows);
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning && e.RawMessage.Contains("log odds", StringComparison.Ordinal));
    }

    private RegressionPredictionTransformer<LinearRegressionModelParameters> Fit(
        L2SpRidgeTrainer.Options options, Regressions task, out L2SpRidgeReport report)
        => new L2SpRidgeTrainer(_ml, options).Fit(task.View(_ml), out report);

    private static void AssertSolves((double[] Weights, double Intercept) expected, L2SpRidgeReport actual)
    {
        AssertNear(expected.Weights, actual.Weights, 1e-8);
        Assert.Equal(expected.Intercept, actual.Intercept, 1e-8);
    }

    private static void AssertNear(double[] expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), w => Assert.Equal(w.First, w.Second, tolerance));
    }

    private sealed class SparseRow
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }
}
