using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

public class RouteTests
{
    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData(50, 4, 0.3, "Cholesky factor of p x p")]
    [InlineData(10, 30, 0.3, "Cholesky factor of n x n")]
    [InlineData(50, 4, null, "eigenvectors of p x p")]
    [InlineData(10, 30, null, "eigenvectors of n x n")]
    [InlineData(30, 30, null, "eigenvectors of p x p")]
    [InlineData(10, 30, 0.0, "eigenvectors of n x n")]
    public void A_fit_says_how_it_was_computed(int n, int p, double? tau, string name)
    {
        var view = View.Of(Sample.Rows(n, p, 1));
        foreach (var rule in Enum.GetValues<InterceptRule>())
        {
            if ((n != p && tau != 0) || rule == InterceptRule.Free)
            {
                Assert.Equal(name, TaskSolver.Fit(view, new TaskColumns(), null, tau, rule, Two).Fit.Route!.Name);
            }
        }
    }

    [Theory]
    [InlineData(40, 0.1, 1000, "Cholesky factor of n x n")]
    [InlineData(40, null, 1000, "eigenvectors of n x n")]
    [InlineData(40, 0.1, 1, "conjugate gradients")]
    [InlineData(40, null, 1, "conjugate gradients")]
    public void So_does_one_of_sparse_rows(int n, double? tau, int mostDualRows, string name)
    {
        var random = new Random(1);
        int[] features = [.. Enumerable.Range(0, 3 * n).Select(i => (i % 3 * 30) + random.Next(30))];
        float[] values = [.. features.Select(_ => (float)Sample.Normal(random))];
        var rows = new LabelledRows(
            new SparseDesign(90, [.. Enumerable.Range(0, n + 1).Select(i => 3L * i)], features, values),
            [.. Enumerable.Range(0, n).Select(_ => Sample.Normal(random))], [.. Enumerable.Repeat(1.0, n)]);
        var solved = Transfer.MLNet.Solvers.Wide.WideSolver.Fit(
            rows, Start.Zero(90), tau, InterceptRule.Free, Two, new MemoryBudget(1L << 30), mostDualRows);
        Assert.Equal(name, solved.Fit.Route!.Name);
    }
}
