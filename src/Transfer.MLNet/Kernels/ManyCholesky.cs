using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// The Cholesky factors of many small matrices of the same size, side by side: element (a, b) of all of them lies in one run, so that every
/// step goes through vectors however small the matrices are.
/// </summary>
internal sealed class ManyCholesky
{
    // Matrices that one thread takes at a time.
    private const int Piece = 64;

    // Element (a, b), b <= a, of all factors; of the diagonal the inverse.
    private readonly double[][] _factors;
    private readonly Workers _workers;

    private ManyCholesky(double[][] factors, int size, int count, Workers workers) =>
        (_factors, Size, Count, _workers) = (factors, size, count, workers);

    /// <summary>Rows of each.</summary>
    public int Size { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Where element (a, b) of a lower triangle is kept, b at most a.</summary>
    public static int At(int a, int b) => (a * (a + 1) / 2) + b;

    /// <summary>Factors the lower triangles that are given (count x elements), or gives null where one is not positive definite.</summary>
    public static ManyCholesky? TryFactor(Matrix triangles, int size, Workers workers)
    {
        if (triangles.Columns != At(size, 0))
        {
            throw new ArgumentException($"Triangles of {size} rows have {At(size, 0)} numbers, not {triangles.Columns}.",
                nameof(triangles));
        }

        var factors = Enumerable.Range(0, triangles.Columns).Select(_ => new double[triangles.Rows]).ToArray();
        for (var k = 0; k < triangles.Rows; k++)
        {
            var row = triangles.Row(k);
            for (var e = 0; e < row.Length; e++)
            {
                factors[e][k] = row[e];
            }
        }

        return Factor(factors, size, triangles.Rows, workers) ? new(factors, size, triangles.Rows, workers) : null;
    }

    /// <summary>x of A x = b for each: b and x are size x count, number by number.</summary>
    public void Solve(double[] b, double[] x)
    {
        _workers.For((Count + Piece - 1) / Piece, piece =>
        {
            var (first, count) = (piece * Piece, Math.Min(Piece, Count - (piece * Piece)));
            Span<double> L(int row, int column) => _factors[At(row, column)].AsSpan(first, count);
            Span<double> X(int row) => x.AsSpan((row * Count) + first, count);
            for (var i = 0; i < Size; i++)
            {
                b.AsSpan((i * Count) + first, count).CopyTo(X(i));
                for (var j = 0; j < i; j++)
                {
                    SubtractProducts(L(i, j), X(j), X(i));
                }

                Multiply(L(i, i), X(i));
            }

            for (var i = Size - 1; i >= 0; i--)
            {
                for (var j = i + 1; j < Size; j++)
                {
                    SubtractProducts(L(j, i), X(j), X(i));
                }

                Multiply(L(i, i), X(i));
            }
        });
    }

    private static bool Factor(double[][] triangles, int size, int all, Workers workers)
    {
        var singular = new bool[(all + Piece - 1) / Piece];
        workers.For(singular.Length, piece =>
        {
            var (first, count) = (piece * Piece, Math.Min(Piece, all - (piece * Piece)));
            Span<double> L(int row, int column) => triangles[At(row, column)].AsSpan(first, count);
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    var element = L(i, j);
                    for (var c = 0; c < j; c++)
                    {
                        SubtractProducts(L(i, c), L(j, c), element);
                    }

                    if (j < i)
                    {
                        Multiply(L(j, j), element);
                        continue;
                    }

                    foreach (ref var value in element)
                    {
                        singular[piece] |= !(value > 0);
                        value = 1 / Math.Sqrt(value);
                    }
                }
            }
        });
        return !Array.Exists(singular, s => s);
    }

    /// <summary>z -= x y, number by number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractProducts(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z)
    {
        var (k, w) = (0, Vector<double>.Count);
        for (; k + w <= z.Length; k += w)
        {
            Vector.MultiplyAddEstimate(-new Vector<double>(x[k..]), new Vector<double>(y[k..]), new Vector<double>(z[k..])).CopyTo(z[k..]);
        }

        for (; k < z.Length; k++)
        {
            z[k] -= x[k] * y[k];
        }
    }

    private static void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        for (var k = 0; k < y.Length; k++)
        {
            y[k] *= x[k];
        }
    }
}
