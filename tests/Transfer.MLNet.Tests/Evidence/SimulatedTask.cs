using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tests.Evidence;

/// <summary>Rows of a linear task with known coefficients, Gaussian features of given standard deviations and Gaussian noise.</summary>
internal static class SimulatedTask
{
    public static HeldRows Rows(Random random, int n, double[] w, double noise, double[]? deviations = null)
    {
        var features = new Matrix(n, w.Length);
        var labels = new double[n];
        for (var i = 0; i < n; i++)
        {
            var row = features.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = Normal.Sample(random, 0, deviations?[j] ?? 1);
            }

            labels[i] = Product.Dot(row, w) + Normal.Sample(random, 0, noise);
        }

        var weights = new double[n];
        Array.Fill(weights, 1);
        return new HeldRows(features, labels, weights);
    }

    /// <summary>A unit vector in a random direction, and rho times it plus <paramref name="apart"/> across it.</summary>
    public static (double[] Source, double[] Target) Truths(Random random, int p, double rho, double apart)
    {
        var w0 = Unit(random, p);
        var v = Unit(random, p);
        Product.AddScaled(-Product.Dot(w0, v), w0, v);
        var length = Math.Sqrt(Product.Dot(v, v));
        var w1 = new double[p];
        Product.AddScaled(rho, w0, w1);
        Product.AddScaled(apart / length, v, w1);
        return (w0, w1);
    }

    private static double[] Unit(Random random, int p)
    {
        var v = new double[p];
        Normal.Samples(random, v, 0, 1);
        var length = Math.Sqrt(Product.Dot(v, v));
        return Array.ConvertAll(v, x => x / length);
    }
}
