using CsCheck;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class SecularEquationTests
{
    // Gaps and weights over many orders of magnitude, as they are after deflation (rho |z| and gap |z z| above rounding).
    private static readonly Gen<(double[] D, double[] Z, double Rho)> Problems =
        from n in Gen.Int[1, 60]
        from gaps in Gen.Double[-6, 0].Array[n]
        from weights in Gen.Double[-5, 0].Array[n]
        from signs in Gen.Bool.Array[n]
        from start in Gen.Double[-1, 1]
        from rho in Gen.Double[-3, 1]
        select Problem(gaps, weights, signs, start, Math.Pow(10, rho));

    private static (double[] D, double[] Z, double Rho) Problem(
        double[] gaps, double[] weights, bool[] signs, double start, double rho)
    {
        var d = new double[gaps.Length];
        var z = new double[gaps.Length];
        var at = start;
        for (var i = 0; i < d.Length; i++)
        {
            d[i] = at;
            at += Math.Pow(10, gaps[i]);
            z[i] = (signs[i] ? 1 : -1) * Math.Pow(10, weights[i]);
        }

        var length = Math.Sqrt(Product.Dot(z, z));
        return (d, z.Select(x => x / length).ToArray(), rho);
    }

    [Fact]
    public void Roots_lie_between_the_poles_and_determine_the_weights() => Problems.Sample(
        problem =>
        {
            var (d, z, rho) = problem;
            var n = d.Length;
            var distances = new double[n][];
            for (var j = 0; j < n; j++)
            {
                distances[j] = new double[n];
                var root = SecularEquation.Solve(d, z, rho, j, distances[j]);
                Assert.InRange(root, d[j], j < n - 1 ? d[j + 1] : d[j] + (rho * (1 + 1e-14)) + 1e-15);
                Assert.All(distances[j][..(j + 1)], x => Assert.True(x < 0));
                Assert.All(distances[j][(j + 1)..], x => Assert.True(x > 0));
            }

            // rho z_i^2 = product of (root_j - d_i) / product of (d_j - d_i): exact for the exact roots, and each factor is known
            // to full relative accuracy, so that the weights come back as far as they matter: to rounding in the whole of z.
            for (var i = 0; i < n; i++)
            {
                var product = -distances[i][i];
                for (var j = 0; j < n; j++)
                {
                    product *= j == i ? 1 : distances[j][i] / (d[i] - d[j]);
                }

                var size = Math.Max(rho, Math.Max(Math.Abs(d[0]), Math.Abs(d[^1])));
                Assert.Equal(Math.Abs(z[i]), Math.Sqrt(product / rho), 1e-14 * n * Math.Max(1, size / rho));
            }
        },
        iter: 300,
        seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Two_poles_have_the_roots_of_the_quadratic()
    {
        // diag(1, 2) + [1 1; 1 1]: eigenvalues (5 +- sqrt 5) / 2.
        double[] d = [1, 2], z = [Math.Sqrt(0.5), Math.Sqrt(0.5)];
        var distances = new double[2];

        Assert.Equal((5 - Math.Sqrt(5)) / 2, SecularEquation.Solve(d, z, 2, 0, distances), 1e-15);
        Assert.Equal((5 + Math.Sqrt(5)) / 2, SecularEquation.Solve(d, z, 2, 1, distances), 1e-15);
    }
}
