using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>
/// What is fitted without a penalty, an intercept and the source's scale: columns times the roots of the rows' weights, made orthonormal
/// (F = QR). A column that those before it span is left out, and its coefficient is zero.
/// </summary>
internal sealed class Directions
{
    private const double Negligible = 1e-9;

    private readonly List<double[]> _q = [];
    private readonly List<(int Column, double[] R)> _kept = [];
    private readonly int _columns;

    /// <param name="columns">Each n long.</param>
    /// <param name="roots">The roots of the weights (n).</param>
    public Directions(IReadOnlyList<double[]> columns, double[] roots)
    {
        _columns = columns.Count;
        for (var c = 0; c < columns.Count; c++)
        {
            var v = new double[roots.Length];
            for (var i = 0; i < v.Length; i++)
            {
                v[i] = roots[i] * columns[c][i];
            }

            var before = Math.Sqrt(Product.Dot(v, v));
            var r = new double[_q.Count + 1];

            // Twice: once leaves what rounding made of nearly parallel columns.
            for (var pass = 0; pass < 2; pass++)
            {
                for (var k = 0; k < _q.Count; k++)
                {
                    var along = Product.Dot(_q[k], v);
                    r[k] += along;
                    Product.AddScaled(-along, _q[k], v);
                }
            }

            var length = Math.Sqrt(Product.Dot(v, v));
            if (!(length > Negligible * before))
            {
                continue;
            }

            r[^1] = length;
            for (var i = 0; i < v.Length; i++)
            {
                v[i] /= length;
            }

            _q.Add(v);
            _kept.Add((c, r));
        }
    }

    /// <summary>How many columns count.</summary>
    public int Count => _q.Count;

    /// <summary>v - QQ'v.</summary>
    public double[] Without(ReadOnlySpan<double> v)
    {
        var rest = v.ToArray();
        foreach (var q in _q)
        {
            Product.AddScaled(-Product.Dot(q, rest), q, rest);
        }

        return rest;
    }

    /// <summary>PAP of a symmetric matrix, with P = 1 - QQ'.</summary>
    public Matrix Without(Matrix a)
    {
        var rest = a.Clone();
        foreach (var q in _q)
        {
            var aq = Product.Times(rest, q);
            var qaq = Product.Dot(q, aq);
            for (var i = 0; i < rest.Rows; i++)
            {
                var row = rest.Row(i);
                for (var j = 0; j < row.Length; j++)
                {
                    row[j] += (qaq * q[i] * q[j]) - (aq[i] * q[j]) - (q[i] * aq[j]);
                }
            }
        }

        return rest;
    }

    /// <summary>The leverage of row i: the sum of Q_ik^2.</summary>
    public double Leverage(int i) => _q.Sum(q => q[i] * q[i]);

    /// <summary>The coefficients of the columns in the least-squares fit of v.</summary>
    public double[] Coefficients(ReadOnlySpan<double> v)
    {
        var all = new double[_columns];
        var right = new double[_q.Count];
        for (var k = 0; k < right.Length; k++)
        {
            right[k] = Product.Dot(_q[k], v);
        }

        for (var k = right.Length - 1; k >= 0; k--)
        {
            var sum = right[k];
            for (var j = k + 1; j < right.Length; j++)
            {
                sum -= _kept[j].R[k] * right[j];
            }

            right[k] = sum / _kept[k].R[k];
            all[_kept[k].Column] = right[k];
        }

        return all;
    }
}
