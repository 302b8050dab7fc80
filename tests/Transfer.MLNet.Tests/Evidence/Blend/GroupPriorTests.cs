using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

public class GroupPriorTests
{
    [Fact]
    public void A_group_says_the_same_by_its_rows_and_by_its_moments()
    {
        var random = new Random(5);
        var rows = SimulatedTask.Rows(random, 7, [1, -2, 0.5, 0, 3, 1, 1, -1, 0.2], 0.7);
        double[] mean = [1, -1, 0, 0.1, 2, 1, 0.5, -1, 0];
        double[] roots = [0.1, 1, 2, 0.01, 0.5, 0.3, 0.3, 1, 0.7];
        var centred = CentredRows.Of(rows, intercept: true, Workers.All);
        GroupTask byRows = new GroupOfRows(centred.Features, centred.Labels, 7);
        GroupTask byMoments = new GroupOfMoments(MomentsReader.Of(rows, 1, 0, Workers.All).Total);

        // Two orders of the same sums, of a matrix with a condition of about 1e5.
        Alike(byMoments, byRows, mean, roots, 1e-10);
        Close.To(byMoments.LabelScatter, byRows.LabelScatter, 1e-12);
        Close.To(byMoments.ResidualAt(mean), byRows.ResidualAt(mean), 1e-12);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    public void A_factor_of_full_rank_says_the_same_as_the_moments(int n)
    {
        // Fewer rows than features and more; one feature there twice, and one constant, so that the scatter has no full rank.
        var random = new Random(15);
        double[] w = [1, -2, 0.5, 0, 3, 1, 1, -1, 0.2, 0.4, 0, 1];
        var rows = SimulatedTask.Rows(random, n, w, 0.7);
        for (var i = 0; i < n; i++)
        {
            (rows.Features[i, 3], rows.Features[i, 5]) = (rows.Features[i, 1], 2);
        }

        var moments = MomentsReader.Of(rows, 1, 0, Workers.All).Total;
        var (whole, factor) = (new GroupOfMoments(moments), new GroupOfFactor(moments, 12));
        Assert.Equal(Math.Min(n - 1, 10), factor.Rank);
        double[] mean = [1, -1, 0, 0.1, 2, 1, 0.5, -1, 0, 0.3, 1, 0];
        double[] roots = [0.1, 1, 2, 0.01, 0.5, 0.3, 0.3, 1, 0.7, 0.2, 3, 1];

        // The scatter is factored here and used as it is there; the largest of its eigenvalues is some 1e3 times omega / s.
        Alike(whole, factor, mean, roots, 1e-9);
    }

    [Fact]
    public void With_a_diagonal_for_the_rest_means_are_exact_and_variances_near()
    {
        // Correlated features, 40 of 60 in the factor.
        var random = new Random(16);
        const int P = 60;
        var rows = SimulatedTask.Rows(random, 200, [.. Enumerable.Range(0, P).Select(j => Math.Sin(j))], 0.7);
        for (var i = 0; i < rows.Rows; i++)
        {
            for (var j = 1; j < P; j++)
            {
                rows.Features[i, j] = (0.7 * rows.Features[i, j - 1]) + (0.7 * rows.Features[i, j]);
            }
        }

        var moments = MomentsReader.Of(rows, 1, 0, Workers.All).Total;
        double[] roots = [.. Enumerable.Range(0, P).Select(j => 0.05 + (0.02 * (j % 7)))];
        var (one, two) = (new GroupPosterior(P), new GroupPosterior(P));
        new GroupOfMoments(moments).Fill(one, 0.5, new double[P], roots);
        new GroupOfFactor(moments, 40).Fill(two, 0.5, new double[P], roots);

        // The diagonal is left whole.
        Close.To(new GroupOfMoments(moments).Trace, new GroupOfFactor(moments, 40).Trace, 1e-12);

        // Conjugate gradients to 1e-8 of the gradient.
        Close.To(one.Deviation, two.Deviation, 1e-6);
        for (var j = 0; j < P; j++)
        {
            Assert.InRange(two.Variances[j] / one.Variances[j], 0.5, 1.2);
        }

        Assert.InRange(two.Variances.Sum() / one.Variances.Sum(), 0.8, 1.1);
    }

    [Fact]
    public void Mean_and_variances_of_many_groups_are_found()
    {
        var random = new Random(6);
        double[] mean = [2, -1, 0.5];
        double[] deviations = [0.1, 0.5, 1];
        var groups = Enumerable.Range(0, 400).Select(_ =>
        {
            double[] w = [.. mean.Select((m, j) => m + (deviations[j] * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)))];
            return MomentsReader.Of(SimulatedTask.Rows(random, 12, w, 0.8), 1, 0, Workers.All).Total;
        }).ToArray();

        var prior = GroupPrior.TryOf(groups, Workers.All)!;

        // Standard errors of 400 groups: of a mean about sqrt(omega + 0.08) / 20, of a deviation about 4 to 15 percent.
        for (var j = 0; j < 3; j++)
        {
            Assert.InRange(prior.Mean[j], mean[j] - 0.16, mean[j] + 0.16);
            // Small ones come down slowly from where EM starts, and are drawn to the mean of all.
            Assert.InRange(Math.Sqrt(prior.Variances[j]), deviations[j] * 0.8, (deviations[j] * 1.2) + 0.12);
        }

        Assert.InRange(Math.Sqrt(prior.Noise), 0.77, 0.83);
    }

    /// <summary>Of features some of which are correlated and have the largest sums of squares, and others that are not, a factor of as
    /// many rows as there are of the first leaves a diagonal and nothing else.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Where_the_rest_is_a_diagonal_indeed_the_factor_says_the_same_as_the_moments(double weight)
    {
        var random = new Random(17);
        const int P = 7;
        var scatter = new Matrix(P, P);
        var rows = SimulatedTask.Rows(random, 30, [1, 1, 1], 1, [5, 4, 6]);
        var block = MomentsReader.Of(rows, 1, 0, Workers.All).Total.Scatter;
        for (var i = 0; i < P; i++)
        {
            for (var j = 0; j < P; j++)
            {
                scatter[i, j] = i % 2 == 1 && j % 2 == 1 ? block[i / 2, j / 2] : i == j ? 3 + i : 0;
            }
        }

        double[] cross = [4, -20, 1, 90, 2, 30, -5];
        MomentBlock moments = new(30, 30 * weight, new double[P], 0, scatter, cross, 4000);
        var (whole, factor) = (new GroupOfMoments(moments), new GroupOfFactor(moments, 3));
        Assert.Equal(3, factor.Rank);
        double[] mean = [1, -1, 0, 0.1, 2, 1, 0.5];
        double[] roots = [0.1, 1, 2, 0.01, 0.5, 0.3, 3];
        Alike(whole, factor, mean, roots, 1e-8);
        Close.To(whole.ResidualAt(mean), factor.ResidualAt(mean), 1e-12);
        Assert.Equal((whole.Rows, whole.LabelScatter), (factor.Rows, factor.LabelScatter));
        var (one, two) = (new Matrix(P, P), new Matrix(P, P));
        var (first, second) = (new double[P], new double[P]);
        whole.AddMoments(one, first);
        factor.AddMoments(two, second);
        Close.To(one.Values, two.Values, 1e-12);
        Close.To(first, second, 1e-12);
    }

    [Fact]
    public void Fewer_than_three_groups_of_three_rows_teach_nothing()
    {
        var random = new Random(7);
        var groups = new[] { 12, 2, 9, 1, 2 }.Select(
            n => MomentsReader.Of(SimulatedTask.Rows(random, n, [1, 2], 1), 1, 0, Workers.All).Total).ToArray();

        Assert.Null(GroupPrior.TryOf(groups, Workers.All));
        Assert.Null(GroupPrior.TryOf([], Workers.All));
        Assert.NotNull(GroupPrior.TryOf([.. groups, groups[0]], Workers.All));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var random = new Random(8);
        var groups = Enumerable.Range(0, 200)
            .Select(_ => MomentsReader.Of(SimulatedTask.Rows(random, 6, [1, 2, 3, 4], 1), 1, 0, Workers.All).Total).ToArray();

        var (one, two) = (GroupPrior.TryOf(groups, new Workers(1))!, GroupPrior.TryOf(groups, new Workers(2))!);

        Assert.Equal(one.Mean, two.Mean);
        Assert.Equal(one.Variances, two.Variances);
        Assert.Equal(one.Covariance(0.1, new Workers(1)).Values, two.Covariance(0.1, new Workers(2)).Values);
    }

    [Fact]
    public void The_group_that_the_target_is_like_comes_first_and_unrelated_ones_last()
    {
        var random = new Random(12);
        double[][] weights = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0]];
        MomentBlock[] groups = [.. weights.Select(w => MomentsReader.Of(SimulatedTask.Rows(random, 60, w, 0.3), 1, 0, Workers.All).Total)];
        var target = CentredRows.Of(SimulatedTask.Rows(random, 25, [0, 1, 0], 0.3), intercept: true, Workers.All);

        foreach (var prior in new[] { GroupPrior.TryOf(groups, Workers.All)!,
            GroupPrior.TryWithLevels(groups, new double[3], 0, Workers.All)! })
        {
            var ranked = GroupResemblance.Ranked(prior, target, Workers.All);

            Assert.Equal(1, ranked[0].Group);
            Assert.True(ranked[0].Excess < -2 * ranked[0].ExcessError);
            Assert.True(ranked[0].Share > 0.99);
            Assert.Equal(1, ranked.Sum(r => r.Share), 1e-12);
        }
    }

    [Fact]
    public void Unrelated_groups_cost_next_to_nothing()
    {
        // Six groups and a target that have nothing in common, 25 rows of the target: the risk over that of its rows alone was 1.012 on
        // average.
        var logarithms = 0.0;
        const int Draws = 40;
        for (var seed = 0; seed < Draws; seed++)
        {
            var random = new Random(1000 + seed);
            double[] Weights() => [.. Enumerable.Range(0, 4).Select(_ => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1))];
            HeldRows[] parts = [.. Enumerable.Range(0, 6).Select(_ => SimulatedTask.Rows(random, 40, Weights(), 1))];
            var all = new HeldRows(
                new Matrix(240, 4, [.. parts.SelectMany(r => r.Features.Values)]), [.. parts.SelectMany(r => r.Labels)]);
            var truth = Weights();
            var target = SimulatedTask.Rows(random, 25, truth, 1);
            MomentBlock[] groups = [.. parts.Select(r => MomentsReader.Of(r, 1, 0, Workers.All).Total)];
            var result = BlendRule.Apply(
                BlendSource.Of(TaskSpectrum.Of(all, true, Workers.All), Workers.All, groups), target, true, 0.05, Workers.All);
            var test = SimulatedTask.Rows(random, 2000, truth, 1);
            double Risk(double[] w, double b) => Enumerable.Range(0, test.Rows).Average(i =>
                Math.Pow(test.Labels[i] - b - Product.Dot(test.Features.Row(i), w), 2));
            double OwnLevel(double[] w) => target.Labels.Average() - Enumerable.Range(0, 25)
                .Average(i => Product.Dot(target.Features.Row(i), w));
            logarithms += Math.Log(Risk(result.Weights, result.Intercept) / Risk(
                result.ScratchWeights, OwnLevel(result.ScratchWeights))) / Draws;
        }

        Assert.True(logarithms < Math.Log(1.02), $"{Math.Exp(logarithms)}");
    }

    /// <summary>Two forms of one group say the same.</summary>
    private static void Alike(GroupTask expected, GroupTask actual, double[] mean, double[] roots, double tolerance)
    {
        var p = mean.Length;
        var (one, two) = (new GroupPosterior(p), new GroupPosterior(p));
        expected.Fill(one, 0.5, mean, roots);
        actual.Fill(two, 0.5, mean, roots);
        var (first, second) = (new Matrix(p, p), new Matrix(p, p));
        expected.AddInformation(first, 0.5, roots);
        actual.AddInformation(second, 0.5, roots);
        Close.To(one.Deviation, two.Deviation, tolerance);
        Close.To(one.Variances, two.Variances, tolerance);
        Close.To(one.Residual, two.Residual, tolerance);
        Close.To(first.Values, second.Values, tolerance);
        Close.To(expected.Trace, actual.Trace, 1e-12);
    }
}
