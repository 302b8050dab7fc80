using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers.Newton;

public class NewtonFitTests
{
    private static readonly Workers Two = new(2);

    public static MatrixTheoryData<int, bool> Tasks => new([2, 4], [false, true]);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void An_ever_larger_tau_leads_to_the_start_and_an_infinite_one_is_there(int classes, bool sparse)
    {
        var rows = ClassSample.Rows(60, 5, classes, 1, sparse);
        var start = ClassSample.Start(rows, 2);

        var strong = Fit(rows, start, 1e9);
        var infinite = Fit(rows, start, double.PositiveInfinity);
        var held = NewtonFit.Of(rows, start, new NewtonSettings(double.PositiveInfinity, InterceptRule.TowardsStart), null, Two);

        Close.To(start.Weights, strong.Weights, 1e-8);
        Assert.Equal(start.Weights, infinite.Weights);
        Close.To(strong.Intercepts, infinite.Intercepts, 1e-7);
        Assert.NotEqual(start.Intercepts, infinite.Intercepts);
        Assert.Equal(start.Weights, held.Weights);
        Assert.Equal(start.Intercepts, held.Intercepts);
        Assert.True(strong.Converged && infinite.Converged && held.Converged);

        // Fitted intercepts make the mean probability of each class what it is in the rows.
        var residuals = new double[rows.Rows * rows.Outputs];
        Loss.Of(rows).Evaluate(
            rows.Labels, rows.Shares(), RowLosses.Scores(rows, new Start(infinite.Weights, infinite.Intercepts), Two), residuals,
                new double[residuals.Length]);
        for (var k = 0; k < rows.Outputs; k++)
        {
            Assert.Equal(0, Enumerable.Range(0, rows.Rows).Sum(i => residuals[(i * rows.Outputs) + k]), 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void An_ever_smaller_tau_leads_to_the_fit_without_a_penalty_whatever_the_start(int classes, bool sparse)
    {
        var rows = ClassSample.Rows(200, 4, classes, 1, sparse);

        var none = Fit(rows, null, 0);

        Assert.True(none.Converged);
        Close.To(none.Loss, Fit(rows, ClassSample.Start(rows, 2), 1e-11).Loss, 1e-9);
        Close.To(Differences(none, rows), Differences(Fit(rows, ClassSample.Start(rows, 3), 0), rows), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Fits_follow_a_rotation_of_the_features(int classes, bool sparse)
    {
        // Multiples of five turned by the angle of 3 and 4: exact.
        var features = ClassSample.Features(50, 4, 1);
        var labels = ClassSample.Labels(features, classes, 1);
        double[][] fives = [.. features.Select(x => x.Select(v => 5 * Math.Round(v)).ToArray())];
        double[][] turned = [.. fives.Select(x => Turn(x))];
        var rows = new ClassRows(Designs.Of(fives, sparse), labels, classes);
        var start = ClassSample.Start(rows, 2);
        var turnedStart = start with { Weights = TurnAll(start.Weights) };

        var fit = Fit(rows, start, 0.7);
        var other = Fit(new ClassRows(Designs.Of(turned, sparse), labels, classes), turnedStart, 0.7);

        Close.To(TurnAll(fit.Weights), other.Weights, 1e-8);
        Close.To(fit.Intercepts, other.Intercepts, 1e-8);

        static double[] Turn(double[] x) => [(0.6 * x[0]) - (0.8 * x[2]), x[3], (0.8 * x[0]) + (0.6 * x[2]), -x[1]];
        static double[] TurnAll(double[] w) => [.. Enumerable.Range(0, w.Length / 4).SelectMany(k => Turn(w[(4 * k)..((4 * k) + 4)]))];
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Weights_count_rows_as_repetitions_would(int classes, bool sparse)
    {
        var rows = ClassSample.Rows(40, 5, classes, 1, sparse);
        int[] times = [.. Enumerable.Range(0, 40).Select(i => 1 + (i % 3))];
        var repeated = rows.Take([.. times.SelectMany((t, i) => Enumerable.Repeat(i, t))]);
        var weighted = new ClassRows(rows.Design, rows.Classes, classes, [.. times.Select(t => 2.5 * t)]);
        var start = ClassSample.Start(rows, 2);

        var (a, b) = (Fit(repeated, start, 0.05), Fit(weighted, start, 0.05));

        Close.To(a.Weights, b.Weights, 1e-8);
        Close.To(a.Objective, b.Objective, 1e-12);
    }

    [Theory]
    [InlineData(2, false, 3000, 40)]
    [InlineData(2, true, 700, 3000)]
    [InlineData(5, false, 1500, 30)]
    [InlineData(5, true, 400, 2000)]
    public void The_result_is_the_same_to_the_last_bit_on_any_number_of_threads(int classes, bool sparse, int n, int p)
    {
        var rows = ClassSample.Rows(n, p, classes, 1, sparse, density: sparse ? 0.02 : 1);
        NewtonFit On(int threads) => NewtonFit.Of(rows, null, new NewtonSettings(0.01), null, new Workers(threads));
        var one = On(1);

        foreach (var threads in new[] { 2, 3, 8 })
        {
            var other = On(threads);
            Assert.Equal(one.Weights, other.Weights);
            Assert.Equal(one.Intercepts, other.Intercepts);
            Assert.Equal(one.Objective, other.Objective);
        }
    }

    [Fact]
    public void Softmax_of_two_classes_is_the_binary_fit_of_half_the_tau()
    {
        var binary = ClassSample.Rows(50, 4, 2, 1);
        var softmax = new ClassRows(binary.Design, binary.Classes, 2, softmax: true);

        var (one, two) = (Fit(binary, null, 0.1), Fit(softmax, null, 0.2));

        Close.To(one.Weights, [.. Enumerable.Range(0, 4).Select(j => two.Weights[4 + j] - two.Weights[j])], 1e-8);
        Close.To(one.Intercepts[0], two.Intercepts[1] - two.Intercepts[0], 1e-8);
        Close.To(one.Objective, two.Objective, 1e-12);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Separable_rows_have_no_fit_without_a_penalty(int classes)
    {
        double[][] features = [.. Enumerable.Range(0, 30).Select(i => new[] { (i % classes) + (0.01 * i), Math.Cos(i) })];
        var rows = new ClassRows(Designs.Of(features, false), [.. Enumerable.Range(0, 30).Select(i => i % classes)], classes);

        var error = Assert.Throws<InvalidOperationException>(() => Fit(rows, null, 0));

        Assert.Contains("separable", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set tau above zero", error.Message, StringComparison.Ordinal);
        Assert.True(Fit(rows, null, 1e-6).Converged);
    }

    [Fact]
    public void Rows_that_some_feature_tells_apart_but_for_ties_have_no_fit_without_a_penalty()
    {
        // The second feature is above zero in rows of class 1 only: its weight runs off. The first overlaps.
        double[][] features = [.. Enumerable.Range(0, 40).Select(i => new[] { Math.Sin(3 * i), i % 8 == 1 ? 1.0 : 0 })];
        var rows = new ClassRows(Designs.Of(features, false), [.. Enumerable.Range(0, 40).Select(i => i % 2)], 2);

        Assert.Contains("separable", Assert.Throws<InvalidOperationException>(() => Fit(rows, null, 0)).Message, StringComparison.Ordinal);
        Assert.True(Fit(rows, null, 1e-8).Converged);
    }

    [Fact]
    public void One_class_leaves_a_free_intercept_without_a_value()
    {
        var rows = new ClassRows(Designs.Of(ClassSample.Features(6, 2, 1), false), [1, 1, 1, 1, 1, 1], 2);

        Assert.Contains("one class", Assert.Throws<InvalidOperationException>(() => Fit(rows, null, 1)).Message, StringComparison.Ordinal);
        Assert.True(NewtonFit.Of(rows, null, new NewtonSettings(1, InterceptRule.TowardsStart), null, Two).Converged);
        Assert.True(NewtonFit.Of(rows, null, new NewtonSettings(1, InterceptRule.None), null, Two).Converged);
    }

    [Fact]
    public void A_class_without_rows_keeps_its_intercept_and_the_others_share_what_they_have()
    {
        var features = ClassSample.Features(60, 4, 1);
        var labels = ClassSample.Labels(features, 3, 1);
        var rows = new ClassRows(Designs.Of(features, false), labels, 4);
        var start = ClassSample.Start(rows, 2);

        var fit = Fit(rows, start, 0.01);

        Assert.True(fit.Converged);
        Assert.Equal(start.Intercepts[3], fit.Intercepts[3]);
        Assert.Equal(start.Intercepts.Sum(), fit.Intercepts.Sum(), 1e-9);
        Assert.All(fit.Weights, w => Assert.True(double.IsFinite(w)));
        Assert.NotEqual(start.Weights[12..], fit.Weights[12..]);
    }

    [Fact]
    public void Weights_of_features_that_no_row_has_stay_at_the_start_and_take_no_work()
    {
        var (n, p) = (300, 1_000_000);
        var random = new Random(1);
        var features = Enumerable.Range(0, n).SelectMany(_ => Enumerable.Range(0, 20).Select(t => (t * 50_000) + random.Next(5))).ToArray();
        var rows = new ClassRows(
            new SparseDesign(p, [.. Enumerable.Range(0, n + 1).Select(i => 20L * i)], features, [.. features.Select(_ => 1f)]),
            [.. Enumerable.Range(0, n).Select(_ => random.Next(2))],
            2);
        var start = new Start(Enumerable.Repeat(0.5, p).ToArray(), [0]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fit = NewtonFit.Of(rows, start, new NewtonSettings(0.01), null, new Workers(1));

        Assert.True(fit.Converged);
        Assert.Equal(100, fit.Weights.Count(w => w != 0.5));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 3 * 8 * p);
    }

    [Fact]
    public void Features_of_very_different_sizes_and_correlated_ones_are_fitted_too()
    {
        foreach (var n in new[] { 60, 4000 })
        {
            var features = ClassSample.Features(n, 12, 1);
            var labels = ClassSample.Labels(features, 2, 1);
            double[][] scaled = [.. features.Select(
                x => x.Select((v, j) => (j == 5 ? x[4] + (v / 64) : v) * Math.Pow(8, (j % 5) - 2)).ToArray())];
            foreach (var sparse in new[] { false, true })
            {
                var fit = NewtonFit.Of(new ClassRows(Designs.Of(scaled, sparse), labels, 2), null,
                    new NewtonSettings(1e-7, Tolerance: 1e-10), null, Two);

                Assert.True(fit.Converged);
                Assert.True(fit.HessianProducts < (n > 1000 ? 60 : 30), $"{fit.HessianProducts} products with {n} rows");
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Fits_to_many_rows_take_few_steps_and_end_where_others_do(int classes)
    {
        var rows = ClassSample.Rows(20_000, 5, classes, 1, weighted: true);
        var start = ClassSample.Start(rows, 2);
        var settings = new NewtonSettings(0.01, Tolerance: 1e-10);

        var rough = NewtonFit.Of(rows, start, settings, null, Two);
        var begun = NewtonFit.Of(rows, start, settings, start, Two);

        Assert.True(rough.Converged && begun.Converged);
        Assert.True(rough.Iterations < begun.Iterations - 1, $"{rough.Iterations} steps, {begun.Iterations} without a rough fit");
        Close.To(begun.Weights, rough.Weights, 1e-9);
        Close.To(begun.Intercepts, rough.Intercepts, 1e-9);
    }

    [Fact]
    public void A_fit_that_is_cut_short_says_so()
    {
        var rows = ClassSample.Rows(100, 5, 2, 1);

        var cut = NewtonFit.Of(rows, null, new NewtonSettings(0.001, MaximumIterations: 1), null, Two);

        Assert.False(cut.Converged);
        Assert.Equal(1, cut.Iterations);
        Assert.True(cut.GradientNorm > 1e-8);
    }

    [Fact]
    public void A_fit_that_is_cancelled_ends()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => NewtonFit.Of(ClassSample.Rows(100, 5, 2, 1), null, new NewtonSettings(1), null, new Workers(2, source.Token)));
    }

    [Theory]
    [InlineData(-1e-9)]
    [InlineData(double.NaN)]
    public void Tau_must_be_a_number_zero_or_above(double tau) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(ClassSample.Rows(10, 2, 2, 1), null, tau));

    [Fact]
    public void A_start_of_another_size_is_refused_with_both_sizes()
    {
        var error = Assert.Throws<ArgumentException>(() => Fit(ClassSample.Rows(10, 2, 3, 1), Start.Zero(5, 3), 1));

        Assert.Contains("15 weights", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 features and 3 classes", error.Message, StringComparison.Ordinal);
    }

    private static NewtonFit Fit(ClassRows rows, Start? start, double tau) =>
        NewtonFit.Of(rows, start, new NewtonSettings(tau), null, Two);

    /// <summary>Of several classes only the differences of weights are determined without a penalty.</summary>
    private static double[] Differences(NewtonFit fit, ClassRows rows) => rows.Outputs == 1
        ? fit.Weights
        : [.. Enumerable.Range(rows.FeatureCount, fit.Weights.Length - rows.FeatureCount)
        .Select(j => fit.Weights[j] - fit.Weights[j % rows.FeatureCount])];
}
