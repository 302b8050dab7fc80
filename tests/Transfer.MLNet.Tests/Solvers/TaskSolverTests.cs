using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

public class TaskSolverTests
{
    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData(50, 4)]
    [InlineData(10, 30)]
    public void A_view_is_solved_as_its_rows_are(int n, int p)
    {
        var rows = View.Rounded(Sample.Rows(n, p, 9, weighted: true));
        var view = View.Of(rows, sparse: true);
        var start = Sample.Start(p, 10);

        var (given, none, _, _, _) = TaskSolver.Fit(view, View.Weighted, start, 0.3, InterceptRule.Free, Two);
        var (chosen, choice, _, _, _) = TaskSolver.Fit(view, View.Weighted, start, null, InterceptRule.Free, Two);
        var (scratch, _, _, _, _) = TaskSolver.Fit(view, View.Weighted, null, 0.3, InterceptRule.Free, Two);

        Assert.Null(none);
        Close.To(Dense.Fit(rows, 0.3, start, InterceptRule.Free).Weights, given.Weights, 1e-9);
        Close.To(TunedFit.ByLeaveOneOut(rows, start, InterceptRule.Free, Two).Choice.Tau, choice!.Tau, 1e-12);
        Close.To(Dense.Fit(rows, choice.Tau, start, InterceptRule.Free).Weights, chosen.Weights, 1e-9);
        Close.To(Dense.Fit(rows, 0.3, Start.Zero(p), InterceptRule.Free).Weights, scratch.Weights, 1e-9);
    }

    [Fact]
    public void Rows_that_fit_in_memory_are_read_once_however_long_the_search()
    {
        var passes = 0;
        IEnumerable<View.Row> Rows()
        {
            passes++;
            for (var i = 0; i < 50; i++)
            {
                yield return new View.Row { Features = new(2, [i, i % 7]), Label = i % 5 };
            }
        }

        TaskSolver.Fit(View.Lazy(2, Rows()), new TaskColumns(), null, null, InterceptRule.Free, Two);

        Assert.Equal(1, passes);
    }

    [Fact]
    public void Moments_are_solved_as_their_rows_are()
    {
        var rows = Sample.Rows(50, 4, 9);
        var moments = MomentsReader.Of(rows, 5, 1, Two);
        var start = Sample.Start(4, 10);

        var (given, _, _, _, _) = TaskSolver.Fit(moments, start, 0.3, InterceptRule.Free, Two);
        var (chosen, choice, _, _, _) = TaskSolver.Fit(moments, null, null, InterceptRule.Free, Two);

        Close.To(Dense.Fit(rows, 0.3, start, InterceptRule.Free).Weights, given.Weights, 1e-9);
        Close.To(Dense.Fit(rows, choice!.Tau, Start.Zero(4), InterceptRule.Free).Weights, chosen.Weights, 1e-9);
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(4, false)]
    [InlineData(40, true)]
    public void Features_of_very_different_sizes_are_warned_of_by_name_once_unless_tau_is_zero(int n, bool fromMoments)
    {
        var rows = View.Rounded(Sample.Rows(n, 5, 1, weighted: true));
        for (var i = 0; i < n; i++)
        {
            rows.Features[i, 1] = (float)(rows.Features[i, 1] * 3e4);
            rows.Features[i, 2] = 5;
        }

        var view = View.Of(rows, names: ["size", "price", "constant", "age", ""]);
        List<string> Warnings(double? tau)
        {
            var warnings = new List<string>();
            _ = fromMoments
                ? TaskSolver.Fit(MomentsReader.Read(view, View.Weighted, 5, 1, Two), null, tau, InterceptRule.Free, Two, warnings.Add)
                : TaskSolver.Fit(view, View.Weighted, null, tau, InterceptRule.Free, Two, warnings.Add);
            return warnings;
        }

        foreach (var tau in new double?[] { null, 0.1 })
        {
            var warning = Assert.Single(Warnings(tau));
            Assert.Contains("'price'", warning, StringComparison.Ordinal);
            Assert.DoesNotContain("'constant'", warning, StringComparison.Ordinal);
            Assert.Contains("NormalizeMeanVariance(\"Features\")", warning, StringComparison.Ordinal);
        }

        Assert.Empty(Warnings(0));
    }

    [Fact]
    public void Spreads_of_rows_and_of_moments_agree_with_the_weighted_definition()
    {
        var rows = Sample.Rows(30, 3, 2, weighted: true);
        var (a, b) = (Spread.Of(rows), Spread.Of(MomentsReader.Of(rows, 1, 0, Two).Total));
        var mean = Enumerable.Range(0, 30).Sum(i => rows.Weights[i] * rows.Features[i, 1]) / rows.TotalWeight;
        var power = Enumerable.Range(0, 30).Sum(i => rows.Weights[i] * Math.Pow(rows.Features[i, 1] - mean, 2)) / rows.TotalWeight;

        foreach (var spread in new[] { a, b })
        {
            Close.To(mean, spread.FeatureMeans[1], 1e-13);
            Close.To(Math.Sqrt(power), spread.FeatureDeviations[1], 1e-13);
        }

        Close.To(a.LabelDeviation, b.LabelDeviation, 1e-13);
    }
}
