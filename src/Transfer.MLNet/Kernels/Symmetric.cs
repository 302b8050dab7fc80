namespace Transfer.MLNet.Kernels;

/// <summary>Symmetric matrices of which one triangle is known.</summary>
internal static class Symmetric
{
    // A square that is read by rows and written by columns stays in the first level of cache.
    private const int Square = 32;

    /// <summary>Copies the elements below the diagonal to above it.</summary>
    public static void MirrorLower(Matrix a, Workers workers)
    {
        var n = a.Rows;
        var squares = (n + Square - 1) / Square;
        (n < 256 ? workers.Single : workers).For(squares, strip =>
        {
            var firstRow = strip * Square;
            var lastRow = Math.Min(n, firstRow + Square);
            for (var firstColumn = 0; firstColumn <= firstRow; firstColumn += Square)
            {
                for (var i = firstRow; i < lastRow; i++)
                {
                    var row = a.Row(i);
                    for (var j = firstColumn; j < Math.Min(i, firstColumn + Square); j++)
                    {
                        a.Values[(j * n) + i] = row[j];
                    }
                }
            }
        });
    }
}
