using System.Runtime.InteropServices;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Benchmarks;

/// <summary>
/// Data that both sides read: written once, as plain little-endian float64, row by row. Values are those of single precision, as ML.NET
/// holds them, so that what goes through an IDataView is the same data too.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    public DataFolder() => Path = Directory.CreateTempSubdirectory("transfer-benchmarks-").FullName;

    public string Path { get; }

    public void Write(string name, ReadOnlySpan<double> values)
    {
        using var file = File.Create(System.IO.Path.Combine(Path, name + ".f64"));
        file.Write(MemoryMarshal.AsBytes(values));
    }

    public double[] Read(string name) =>
        MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(System.IO.Path.Combine(Path, name + ".f64"))).ToArray();

    public HeldRows Task(string suffix, int features)
    {
        var (x, y) = (Read("x" + suffix), Read("y" + suffix));
        return new HeldRows(new Matrix(y.Length, features, x), y);
    }

    /// <summary>
    /// A linear task: standard normal features that share a common part (correlation 0.2), means other than zero, noise of the signal's
    /// size. Written as x + suffix, y + suffix; gives the truth.
    /// </summary>
    public double[] WriteTask(string suffix, int rows, int features, int seed, double[]? truth = null)
    {
        var draws = new Random(seed);
        truth ??= [.. Enumerable.Range(0, features).Select(_ => Normal(draws) / Math.Sqrt(features))];
        var x = new double[(long)rows * features];
        var y = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            var common = 0.5 * Normal(draws);
            var row = x.AsSpan(i * features, features);
            for (var j = 0; j < features; j++)
            {
                row[j] = (float)(common + Normal(draws) + (j % 3));
            }

            y[i] = (float)(3 + Product.Dot(row, truth) + Normal(draws));
        }

        Write("x" + suffix, x);
        Write("y" + suffix, y);
        return truth;
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
