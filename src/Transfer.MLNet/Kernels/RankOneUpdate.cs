namespace Transfer.MLNet.Kernels;

/// <summary>
/// The conquering step of <see cref="TridiagonalEigen"/>: two neighbouring blocks whose eigenvalues and vectors are known, joined
/// by a rank-one term, become one (Cuppen 1981; LAPACK's dlaed1 to dlaed4).
/// </summary>
internal sealed class RankOneUpdate
{
    // The pieces of eigenvector work that threads take.
    private const int Piece = 32;

    // Half of the distance between 1 and the next number.
    private const double Epsilon = 1.1102230246251565e-16;

    private readonly TridiagonalEigen _work;
    private readonly int _low;
    private readonly int _middle;
    private readonly int _high;
    private readonly double[] _d;
    private readonly double[] _z;
    private readonly Half[] _halves;
    private readonly List<int> _active = [];
    private readonly List<int> _settled = [];

    private RankOneUpdate(TridiagonalEigen work, int low, int middle, int high)
    {
        _work = work;
        _low = low;
        _middle = middle;
        _high = high;
        var n = high - low;
        _d = work.Values.AsSpan(low, n).ToArray();
        _z = new double[n];
        _halves = new Half[n];
    }

    /// <summary>In which halves of its elements an eigenvector of the two blocks is not zero.</summary>
    private enum Half
    {
        Left,
        Both,
        Right,
    }

    /// <summary>
    /// Joins rows and columns low .. middle - 1 and middle .. high - 1 of <paramref name="work"/> by the off-diagonal element
    /// <paramref name="coupling"/>, whose size has been taken from the two diagonal elements beside it.
    /// </summary>
    public static void Merge(TridiagonalEigen work, int low, int middle, int high, double coupling, Workers workers)
    {
        var update = new RankOneUpdate(work, low, middle, high);
        var rho = update.Couple(coupling);
        var ascending = update.Ascending();
        if (update.Deflate(rho, ascending))
        {
            ascending.CopyTo(work.Order, low);
            return;
        }

        update.Conquer(rho, workers);
    }

    // z = Q'(last of the left, first of the right), of length 1; gives rho.
    private double Couple(double coupling)
    {
        var sign = Math.Sign(coupling) * Math.Sqrt(0.5);
        for (var i = _low; i < _high; i++)
        {
            var left = i < _middle;
            _halves[i - _low] = left ? Half.Left : Half.Right;
            _z[i - _low] = left ? Math.Sqrt(0.5) * _work.Vectors[i, _middle - 1] : sign * _work.Vectors[i, _middle];
        }

        return 2 * Math.Abs(coupling);
    }

    // The two blocks' orders, merged.
    private int[] Ascending()
    {
        var result = new int[_d.Length];
        var (i, j) = (_low, _middle);
        for (var k = 0; k < result.Length; k++)
        {
            var a = i < _middle ? _work.Order[i] : -1;
            var b = j < _high ? _work.Order[j] + _middle - _low : -1;
            if (b < 0 || (a >= 0 && _d[a] <= _d[b]))
            {
                result[k] = a;
                i++;
            }
            else
            {
                result[k] = b;
                j++;
            }
        }

        return result;
    }

    // Sets aside the eigenvectors that the rank-one term does not touch, and turns each pair with nearly the same eigenvalue so
    // that it touches only one. True where none is left.
    private bool Deflate(double rho, int[] ascending)
    {
        var (largestD, largestZ) = (0.0, 0.0);
        for (var i = 0; i < _d.Length; i++)
        {
            largestD = Math.Max(largestD, Math.Abs(_d[i]));
            largestZ = Math.Max(largestZ, Math.Abs(_z[i]));
        }

        var negligible = 8 * Epsilon * Math.Max(largestD, largestZ);
        if (rho * largestZ <= negligible)
        {
            return true;
        }

        var previous = -1;
        foreach (var j in ascending)
        {
            if (rho * Math.Abs(_z[j]) <= negligible)
            {
                _settled.Add(j);
                continue;
            }

            if (previous >= 0)
            {
                var length = double.Hypot(_z[j], _z[previous]);
                var (c, s) = (_z[j] / length, -_z[previous] / length);
                var (d0, d1) = (_d[previous], _d[j]);
                if (Math.Abs((d1 - d0) * c * s) <= negligible)
                {
                    _z[j] = length;
                    _z[previous] = 0;
                    if (_halves[j] != _halves[previous])
                    {
                        _halves[j] = Half.Both;
                    }

                    ImplicitQl.Rotate(Eigenvector(previous), Eigenvector(j), c, s);
                    _d[previous] = (d0 * c * c) + (d1 * s * s);
                    _d[j] = (d0 * s * s) + (d1 * c * c);
                    _settled.Add(previous);
                }
                else
                {
                    _active.Add(previous);
                }
            }

            previous = j;
        }

        _active.Add(previous);
        return false;
    }

    private Span<double> Eigenvector(int i) => _work.Vectors.Row(_low + i)[_low.._high];

    private void Conquer(double rho, Workers workers)
    {
        var k = _active.Count;
        var d = _active.Select(i => _d[i]).ToArray();
        var z = _active.Select(i => _z[i]).ToArray();
        if ((long)k * k < 128 * 128)
        {
            workers = workers.Single;
        }

        // Row j of the scratch holds d_i - root_j, then the j-th eigenvector of diag(d) + rho zz'.
        var roots = new double[k];
        Split(k, workers, j => roots[j] = SecularEquation.Solve(d, z, rho, j, Scratch(j, k)));
        var refined = Refine(d, z, k, workers);
        var grouped = new int[k];
        var count = new int[3];
        Group(grouped, count);
        Split(k, workers, j => RankOneVectors.Make(Scratch(j, k), refined, grouped));
        Multiply(k, count, grouped, workers);
        Settle(roots);
    }

    private static void Split(int count, Workers workers, Action<int> body) =>
        workers.For((count + Piece - 1) / Piece, piece =>
        {
            for (var i = piece * Piece; i < Math.Min(count, (piece + 1) * Piece); i++)
            {
                body(i);
            }
        });

    private Span<double> Scratch(int row, int length) => _work.Scratch.Row(_low + row).Slice(_low, length);

    // The z for which the computed roots are exact: with it the eigenvectors are orthogonal however close the roots are.
    // z_i^2 = product of (root_j - d_i) / product of (d_j - d_i), j != i; the factor rho does not matter.
    private double[] Refine(double[] d, double[] z, int k, Workers workers)
    {
        var refined = new double[k];
        workers.For((k + Piece - 1) / Piece, piece =>
        {
            var first = piece * Piece;
            var last = Math.Min(k, first + Piece);
            refined.AsSpan(first, last - first).Fill(1);
            for (var j = 0; j < k; j++)
            {
                RankOneVectors.MultiplyRatios(Scratch(j, k), d, j, first, last, refined);
            }

            for (var i = first; i < last; i++)
            {
                refined[i] = Math.CopySign(Math.Sqrt(Math.Abs(refined[i])), z[i]);
            }
        });
        return refined;
    }

    // Left, both, right: so that each half of the vectors is one product of only what is not zero. grouped[t] is the place
    // among the active ones of the t-th in this order.
    private void Group(int[] grouped, int[] count)
    {
        var t = 0;
        foreach (var half in new[] { Half.Left, Half.Both, Half.Right })
        {
            for (var i = 0; i < _active.Count; i++)
            {
                if (_halves[_active[i]] == half)
                {
                    grouped[t++] = i;
                    count[(int)half]++;
                }
            }
        }
    }

    private void Multiply(int k, int[] count, int[] grouped, Workers workers)
    {
        var (vectors, packed) = (_work.Vectors, _work.Packed);
        var fromLeft = count[(int)Half.Left] + count[(int)Half.Both];
        var fromRight = k - count[(int)Half.Left];
        for (var t = 0; t < k; t++)
        {
            Eigenvector(_active[grouped[t]]).CopyTo(packed.Row(_low + t)[_low.._high]);
        }

        for (var t = 0; t < _settled.Count; t++)
        {
            Eigenvector(_settled[t]).CopyTo(packed.Row(_low + k + t)[_low.._high]);
        }

        for (var i = 0; i < _d.Length; i++)
        {
            var row = Eigenvector(i);
            if (i < k)
            {
                row.Clear();
            }
            else
            {
                packed.Row(_low + i)[_low.._high].CopyTo(row);
            }
        }

        BlockedProduct.Add(
            1, MatrixView.Of(_work.Scratch, _low, _low, k, fromLeft), MatrixView.Of(packed, _low, _low, fromLeft, _middle - _low),
            MatrixView.Of(vectors, _low, _low, k, _middle - _low), workers);
        BlockedProduct.Add(
            1, MatrixView.Of(_work.Scratch, _low, _low + k - fromRight, k, fromRight),
            MatrixView.Of(packed, _low + k - fromRight, _middle, fromRight, _high - _middle),
            MatrixView.Of(vectors, _low, _middle, k, _high - _middle), workers);
    }

    // Values and their order: the roots first, then those set aside, as the vectors lie now.
    private void Settle(double[] roots)
    {
        var values = _work.Values.AsSpan(_low, _d.Length);
        roots.CopyTo(values);
        for (var t = 0; t < _settled.Count; t++)
        {
            values[roots.Length + t] = _d[_settled[t]];
        }

        var keys = values.ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(keys, order);
        order.CopyTo(_work.Order, _low);
    }
}
