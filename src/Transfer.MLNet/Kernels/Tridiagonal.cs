using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// A = Q T Q' of a symmetric matrix, with T tridiagonal and Q a product of Householder reflections H_i = I - t_i v_i v_i'.
/// </summary>
/// <remarks>
/// From the last row up (LAPACK's dsytrd, 'U' in its column order): row i of the lower triangle lies in one piece, and the
/// reflection made from it touches the leading i rows only. The rows of a block see the reflections before them one by one; the
/// rows above the block see them all at once, as one matrix product. Half of the work is products of the leading triangle with a
/// vector, which run at the speed of memory.
/// </remarks>
internal sealed class Tridiagonal
{
    // Reflections before their effect is carried to the rest of the matrix.
    private const int BlockSize = 32;

    // Reflections applied at once to the vectors: T is of this size.
    private const int BackBlockSize = 64;

    // A leading triangle of at least this size is multiplied in parts of its own sums, whatever the number of threads.
    private const int PartsFrom = 640;
    private const int Parts = 8;

    // Below this (the matrix being of size 1) the rest of a row is taken to be zero: its squares would not keep their digits.
    private const double NegligibleSquares = 1e-250;

    // Row i holds v_i in columns 0 .. i-1, its last element being 1, and zeros from column i on.
    private readonly Matrix _reflections;
    private readonly double[] _factors;

    private Tridiagonal(Matrix reflections)
    {
        _reflections = reflections;
        _factors = new double[reflections.Rows];
        Diagonal = new double[reflections.Rows];
        OffDiagonal = new double[reflections.Rows];
    }

    public double[] Diagonal { get; }

    /// <summary>Element i is T(i, i + 1); the last is 0.</summary>
    public double[] OffDiagonal { get; }

    /// <summary>Reduces <paramref name="a"/> (lower triangle read, size about 1), which is overwritten.</summary>
    public static Tridiagonal Reduce(Matrix a, Workers workers)
    {
        var result = new Tridiagonal(a);
        var n = a.Rows;
        var left = new Matrix(2 * BlockSize, n);
        var right = new Matrix(2 * BlockSize, n);
        var sums = new Matrix(Parts, n);
        var last = n - 1;
        while (last > 0)
        {
            workers.Cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(BlockSize, last);
            result.ReduceBlock(last, count, left, right, sums, workers);
            var rest = last - count + 1;
            BlockedProduct.Add(
                -1, MatrixView.Of(left, 0, 0, 2 * count, rest).Transposed, MatrixView.Of(right, 0, 0, 2 * count, rest),
                MatrixView.Of(a, 0, 0, rest, rest), workers, Part.Lower);
            last -= count;
        }

        if (n > 0)
        {
            result.Diagonal[0] = a[0, 0];
            a.Row(0).Clear();
        }

        return result;
    }

    /// <summary>Z := Z Q' of <paramref name="z"/> (m x n): rows that are eigenvectors of T become eigenvectors of A.</summary>
    public void TurnBack(Matrix z, Workers workers)
    {
        var n = _reflections.Rows;
        for (var first = 1; first < n; first += BackBlockSize)
        {
            // H_first ... H_(first+count-1) = I - V T V', with T upper triangular.
            var count = Math.Min(BackBlockSize, n - first);
            var width = first + count - 1;
            var v = MatrixView.Of(_reflections, first, 0, count, width);
            var inner = new Matrix(count, count);
            BlockedProduct.Add(1, v, v.Transposed, MatrixView.Of(inner), workers);
            var t = new Matrix(count, count);
            for (var k = 0; k < count; k++)
            {
                var factor = _factors[first + k];
                t[k, k] = factor;
                for (var i = 0; i < k; i++)
                {
                    t[i, k] = -factor * Product.Dot(t.Row(i)[i..k], inner.Row(k)[i..k]);
                }
            }

            var part = MatrixView.Of(z, 0, 0, z.Rows, width);
            var zv = new Matrix(z.Rows, count);
            BlockedProduct.Add(1, part, v.Transposed, MatrixView.Of(zv), workers);
            var zvt = new Matrix(z.Rows, count);
            BlockedProduct.Add(1, MatrixView.Of(zv), MatrixView.Of(t), MatrixView.Of(zvt), workers);
            BlockedProduct.Add(-1, MatrixView.Of(zvt), v, part, workers);
        }
    }

    // Rows last, last - 1, ... (count of them). Rows 2k and 2k + 1 of left are v and w of the k-th reflection, of right w and v:
    // the reflections so far change the matrix by - left' right.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void ReduceBlock(int last, int count, Matrix left, Matrix right, Matrix sums, Workers workers)
    {
        var n = _reflections.Rows;
        var coefficients = stackalloc double[2 * BlockSize];
        fixed (double* a = _reflections.Values, l = left.Values, r = right.Values)
        {
            for (var k = 0; k < count; k++)
            {
                var i = last - k;
                var x = a + ((nint)i * n);
                for (var c = 0; c < 2 * k; c++)
                {
                    coefficients[c] = -l[((nint)c * n) + i];
                }

                RowProducts.AddSum(r, n, 2 * k, i + 1, coefficients, x);
                Diagonal[i] = x[i];
                _factors[i] = Reflect(x, i, out OffDiagonal[i - 1]);
                new Span<double>(x + i, n - i).Clear();

                var v = l + ((nint)(2 * k) * n);
                var w = v + n;
                Unsafe.CopyBlock(v, x, (uint)(i * sizeof(double)));
                TimesLeading(i, left.Row(2 * k), left.Row((2 * k) + 1), sums, workers);

                // The leading rows do not know of the block's earlier reflections yet.
                RowProducts.Dots(l, n, 2 * k, i, v, coefficients);
                for (var c = 0; c < 2 * k; c++)
                {
                    coefficients[c] = -coefficients[c];
                }

                RowProducts.AddSum(r, n, 2 * k, i, coefficients, w);
                var factor = _factors[i];
                var along = -0.5 * factor * factor * Product.Dot(new ReadOnlySpan<double>(w, i), new ReadOnlySpan<double>(v, i));
                for (var j = 0; j < i; j++)
                {
                    w[j] = (factor * w[j]) + (along * v[j]);
                }

                Unsafe.CopyBlock(r + ((nint)(2 * k) * n), w, (uint)(i * sizeof(double)));
                Unsafe.CopyBlock(r + ((nint)((2 * k) + 1) * n), v, (uint)(i * sizeof(double)));
            }
        }
    }

    // w = A(0 .. m-1, 0 .. m-1) v.
    private unsafe void TimesLeading(int m, Span<double> v, Span<double> w, Matrix sums, Workers workers)
    {
        var n = _reflections.Rows;
        fixed (double* a = _reflections.Values, x = v, y = w)
        {
            w.Clear();
            if (m < PartsFrom)
            {
                RowProducts.AddSymmetric(a, n, 0, m, x, y);
                return;
            }

            var (pa, px) = ((nint)a, (nint)x);
            workers.For(Parts, part =>
            {
                // Parts of equal area.
                var first = PartEnd(m, part);
                var end = PartEnd(m, part + 1);
                var own = sums.Row(part);
                own[..end].Clear();
                fixed (double* sum = own)
                {
                    RowProducts.AddSymmetric((double*)pa, n, first, end, (double*)px, sum);
                }
            });
            for (var part = 0; part < Parts; part++)
            {
                var end = PartEnd(m, part + 1);
                Product.AddScaled(1, sums.Row(part)[..end], w[..end]);
            }
        }
    }

    private static int PartEnd(int m, int part) =>
        part == Parts ? m : (int)(m * Math.Sqrt((double)part / Parts)) / 4 * 4;

    // Makes v of x_0 .. x_(i-1) so that H x = (0, ..., 0, beta), and gives t.
    private static unsafe double Reflect(double* x, int i, out double beta)
    {
        var rest = new ReadOnlySpan<double>(x, i - 1);
        var alpha = x[i - 1];
        var squares = Product.Dot(rest, rest);
        x[i - 1] = 1;
        if (squares < NegligibleSquares)
        {
            new Span<double>(x, i - 1).Clear();
            beta = alpha;
            return 0;
        }

        beta = -Math.CopySign(Math.Sqrt((alpha * alpha) + squares), alpha);
        var scale = 1 / (alpha - beta);
        for (var j = 0; j < i - 1; j++)
        {
            x[j] *= scale;
        }

        return (beta - alpha) / beta;
    }
}
