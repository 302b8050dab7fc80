using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tests.Solvers;

/// <summary>Small random tasks with correlated features, means that are not zero, and noise.</summary>
internal static class Sample
{
    public static HeldRows Rows(int n, int p, int seed, bool weighted = false)
    {
        var random = new Random(seed);
        var x = new Matrix(n, p);
        var y = new double[n];
        var w = Enumerable.Range(0, p).Select(_ => Normal(random)).ToArray();
        for (var i = 0; i < n; i++)
        {
            var shared = Normal(random);
            for (var j = 0; j < p; j++)
            {
                x[i, j] = 1 + (0.3 * j) + (0.5 * shared) + Normal(random);
            }

            y[i] = 2 + (Product.Dot(w, x.Row(i)) / Math.Sqrt(p)) + Normal(random);
        }

        return new HeldRows(x, y, weighted ? [.. y.Select(_ => 0.2 + (3 * random.NextDouble()))] : null);
    }

    public static Start Start(int p, int seed)
    {
        var random = new Random(seed);
        return new Start([.. Enumerable.Range(0, p).Select(_ => Normal(random))], Normal(random));
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
