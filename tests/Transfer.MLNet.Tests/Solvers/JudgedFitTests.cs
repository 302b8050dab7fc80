using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

/// <summary>A fit and its left-out error from one factor, against fits without each row.</summary>
public class JudgedFitTests
{
    [Theory]
    [InlineData(40, 6, 0.05, true)]
    [InlineData(40, 6, 3, false)]
    [InlineData(7, 6, 1e-3, true)]
    [InlineData(40, 6, 1e-12, false)] // too small a tau for one factor
    [InlineData(5, 9, 0.1, true)] // fewer rows than features
    public void Error_is_that_of_fits_without_each_row(int n, int p, double tau, bool weighted)
    {
        var random = new Random(7);
        double Next() => (2 * random.NextDouble()) - 1;
        var features = new Matrix(n, p);
        foreach (ref var value in features.Values.AsSpan())
        {
            value = Next();
        }

        double[] labels = [.. Enumerable.Range(0, n).Select(i => (2 * features[i, 0]) - features[i, p - 1] + Next())];
        double[]? weights = weighted ? [.. Enumerable.Range(0, n).Select(_ => 0.5 + random.NextDouble())] : null;
        var (rows, start) = (new HeldRows(features, labels, weights), new Start([.. Enumerable.Range(0, p).Select(_ => Next())]));
        var judged = JudgedFit.Of(rows, start, tau, Workers.All);
        var fit = RidgeSolver.Solve(rows, start, tau, InterceptRule.None, Workers.All);
        for (var j = 0; j < p; j++)
        {
            // Two orders of the same sums.
            Assert.Equal(fit.Weights[j], judged.Fit.Weights[j], 1e-9 * (1 + Math.Abs(fit.Weights[j])));
        }

        var error = 0.0;
        for (var left = 0; left < n; left++)
        {
            int[] others = [.. Enumerable.Range(0, n).Where(i => i != left)];
            var some = new Matrix(n - 1, p);
            for (var i = 0; i < others.Length; i++)
            {
                features.Row(others[i]).CopyTo(some.Row(i));
            }

            // The summed penalty stays, so that tau, which is per row, grows.
            var held = new HeldRows(some, [.. others.Select(i => labels[i])], weights is null ? null : [.. others.Select(i => weights[i])]);
            var without = RidgeSolver.Solve(held, start, tau * rows.TotalWeight / held.TotalWeight, InterceptRule.None, Workers.All);
            error += rows.Weights[left] / rows.TotalWeight * Math.Pow(labels[left] - Product.Dot(without.Weights, features.Row(left)), 2);
        }

        // Leverages near 1 cost digits: 1 - h is 1e-6 or more here, of some 1e-15.
        Assert.Equal(error, judged.MeanSquaredError, 1e-7 * error);
    }
}
