namespace Transfer.MLNet.Kernels;

/// <summary>Products of a matrix with itself.</summary>
internal static class Gram
{
    /// <summary>
    /// Adds X'X of the first <paramref name="count"/> rows of <paramref name="rows"/> (m x p) to <paramref name="gram"/> (p x p,
    /// both triangles kept).
    /// </summary>
    public static void Accumulate(Matrix rows, int count, Matrix gram, Workers workers)
    {
        var p = rows.Columns;
        workers.For(p, i =>
        {
            for (var r = 0; r < count; r++)
            {
                var x = rows.Row(r);
                var target = gram.Row(i);
                var a = x[i];
                for (var j = 0; j < p; j++)
                {
                    target[j] += a * x[j];
                }
            }
        });
    }

    /// <summary>XX' (n x n) of X (n x p), both triangles.</summary>
    public static Matrix OfRows(Matrix rows, Workers workers) => Product.TimesTransposed(rows, rows, workers);
}
