using BenchmarkDotNet.Attributes;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Benchmarks;

/// <summary>The kernels alone, by BenchmarkDotNet: for whoever changes one of them.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private Matrix _rows = new(0, 0);
    private Matrix _square = new(0, 0);
    private Matrix _definite = new(0, 0);

    /// <summary>p.</summary>
    [Params(64, 200, 512, 1024)]
    public int Size { get; set; }

    /// <summary>Makes the matrices.</summary>
    [GlobalSetup]
    public void Make()
    {
        var draws = new Random(1);
        (_rows, _square, _definite) = (new(4 * Size, Size), new(Size, Size), new(Size, Size));
        foreach (var matrix in new[] { _rows, _square })
        {
            foreach (ref var value in matrix.Values.AsSpan())
            {
                value = draws.NextDouble() - 0.5;
            }
        }

        Gram.Accumulate(_rows, _rows.Rows, _definite, Workers.All);
    }

    /// <summary>X'X of 4 p rows.</summary>
    [Benchmark]
    public double GramMatrix()
    {
        var gram = new Matrix(Size, Size);
        Gram.Accumulate(_rows, _rows.Rows, gram, Workers.All);
        return gram.Values[0];
    }

    /// <summary>A B.</summary>
    [Benchmark]
    public double MatrixProduct() => Product.Times(_square, _square, Workers.All).Values[0];

    /// <summary>A = L L'.</summary>
    [Benchmark]
    public double CholeskyFactor() => Cholesky.TryFactor(_definite, Workers.All)!.LogDeterminant;

    /// <summary>A = V diag(lambda) V'.</summary>
    [Benchmark]
    public double Eigen() => SymmetricEigen.Of(_definite, Workers.All).Values[0];
}
