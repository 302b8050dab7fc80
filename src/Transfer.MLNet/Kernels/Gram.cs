namespace Transfer.MLNet.Kernels;

/// <summary>Products of a matrix with itself.</summary>
internal static class Gram
{
    /// <summary>
    /// Adds X'X of the first <paramref name="count"/> rows of <paramref name="rows"/> (m x p) to <paramref name="gram"/> (p x p,
    /// symmetric before and after). Costs p^2 / 2 moves in addition to count p^2 operations: give it some hundred rows at a time.
    /// </summary>
    public static void Accumulate(Matrix rows, int count, Matrix gram, Workers workers)
    {
        AccumulateLower(rows, count, gram, workers);
        Symmetric.MirrorLower(gram, workers);
    }

    /// <summary>The same on and below the diagonal only, for who has many lots of rows and mirrors the sum.</summary>
    public static void AccumulateLower(Matrix rows, int count, Matrix gram, Workers workers)
    {
        var x = MatrixView.Of(rows, 0, 0, count, rows.Columns);
        BlockedProduct.Add(1, x.Transposed, x, MatrixView.Of(gram), workers, Part.Lower);
    }

    /// <summary>XX' (n x n) of X (n x p), both triangles.</summary>
    public static Matrix OfRows(Matrix rows, Workers workers)
    {
        var gram = new Matrix(rows.Rows, rows.Rows);
        var x = MatrixView.Of(rows);
        BlockedProduct.Add(1, x, x.Transposed, MatrixView.Of(gram), workers, Part.Lower);
        Symmetric.MirrorLower(gram, workers);
        return gram;
    }
}
