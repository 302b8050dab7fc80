namespace Transfer.MLNet.Kernels;

/// <summary>
/// A = R'R + rest of a positive semidefinite A (p x p): the column that has most left on its diagonal first (Higham 2002, section 10.3),
/// until so many are taken or nothing is left. Of what is left the diagonal is known.
/// </summary>
/// <param name="Factor">R (r x p).</param>
/// <param name="Rest">The diagonal (p) of A - R'R, zero or above.</param>
internal sealed record PivotedCholesky(Matrix Factor, double[] Rest)
{
    // Of the largest diagonal element: what is left is rounding.
    private const double Rounding = 1e-13;

    /// <param name="a">A, symmetric.</param>
    /// <param name="most">The most rows that R may have.</param>
    public static PivotedCholesky Of(Matrix a, int most)
    {
        var p = a.Rows;
        var (rest, rows) = (new double[p], new List<double[]>());
        for (var j = 0; j < p; j++)
        {
            rest[j] = Math.Max(0, a[j, j]);
        }

        var least = Rounding * p * rest.Max();
        while (rows.Count < Math.Min(most, p))
        {
            var pivot = 0;
            for (var j = 1; j < p; j++)
            {
                pivot = rest[j] > rest[pivot] ? j : pivot;
            }

            if (!(rest[pivot] > least))
            {
                Array.Clear(rest);
                break;
            }

            var row = a.Row(pivot).ToArray();
            foreach (var before in rows)
            {
                Product.AddScaled(-before[pivot], before, row);
            }

            var root = Math.Sqrt(rest[pivot]);
            for (var j = 0; j < p; j++)
            {
                row[j] /= root;
                rest[j] = Math.Max(0, rest[j] - (row[j] * row[j]));
            }

            (row[pivot], rest[pivot]) = (root, 0);
            rows.Add(row);
        }

        if (rows.Count == p)
        {
            Array.Clear(rest);
        }

        var factor = new Matrix(rows.Count, p);
        for (var k = 0; k < rows.Count; k++)
        {
            rows[k].CopyTo(factor.Row(k));
        }

        return new(factor, rest);
    }
}
