using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>C += scale A B by tiles on packed panels: the one place where the cubic work of the library is done.</summary>
internal static class BlockedProduct
{
    // Rows and columns of C that are packed for at a time; their panels (with the depth below) fit in the last level of cache.
    private const int OuterSize = 1536;

    // Doubles in the panels of one outer step.
    private const int OuterVolume = 1 << 20;

    // The piece of C that one thread takes is at most this large: its panels of one block fit in the second level of cache.
    // A multiple of every tile, as are its half and its quarter, which smaller products are cut into.
    private const int PieceRows = 96;
    private const int PieceColumns = 192;

    // Waking a second thread costs about as much as this many multiplications.
    private const long WorthSharing = 1 << 19;

    /// <summary>
    /// Adds <paramref name="scale"/> A B to C, which must not overlap A or B. Where A B is known to be symmetric,
    /// <see cref="Part.Lower"/> does half of the work: only the elements of C on and below the diagonal are then defined.
    /// </summary>
    public static void Add(
        double scale, MatrixView a, MatrixView b, MatrixView c, Workers workers, Part part = Part.Full, Tile? tile = null)
    {
        if (a.Columns != b.Rows || a.Rows != c.Rows || b.Columns != c.Columns || c.IsTransposed && c.Rows > 1)
        {
            throw new ArgumentException(
                $"{a.Rows} x {a.Columns} times {b.Rows} x {b.Columns} does not give {c.Rows} x {c.Columns}.", nameof(b));
        }

        tile ??= Tile.Widest;
        var (m, n, depth) = (a.Rows, b.Columns, a.Columns);
        if ((long)m * n * depth < WorthSharing)
        {
            workers = workers.Single;
        }

        var same = part == Part.Lower && a.Values == b.Values && a.Offset == b.Offset
            && a.RowStride == b.ColumnStride && a.ColumnStride == b.RowStride;
        for (var j = 0; j < n; j += OuterSize)
        {
            var columns = Math.Min(OuterSize, n - j);
            for (var i = part == Part.Lower ? j : 0; i < m; i += OuterSize)
            {
                var rows = Math.Min(OuterSize, m - i);
                var step = OuterVolume / (rows + columns) / Panels.BlockDepth * Panels.BlockDepth;
                step = Math.Max(Panels.BlockDepth, step);
                for (var k = 0; k < depth; k += step)
                {
                    var slab = Math.Min(step, depth - k);
                    using var right = new Panels(columns, slab, tile.Columns);
                    right.Fill(b.Transposed, j, k, workers);
                    if (same && i == j)
                    {
                        AddPanels(scale, right, right, c, i, j, part, tile, workers);
                    }
                    else
                    {
                        using var left = new Panels(rows, slab, tile.Rows);
                        left.Fill(a, i, k, workers);
                        AddPanels(scale, left, right, c, i, j, part, tile, workers);
                    }
                }
            }
        }
    }

    private static void AddPanels(
        double scale, Panels left, Panels right, MatrixView c, int row, int column, Part part, Tile tile, Workers workers)
    {
        var area = (long)left.Rows * right.Rows;
        var cut = area >= 768 * 768 ? 1 : area >= 256 * 256 ? 2 : 4;
        var (pieceRows, pieceColumns) = (PieceRows / cut, PieceColumns / cut);
        var down = (left.Rows + pieceRows - 1) / pieceRows;
        var across = (right.Rows + pieceColumns - 1) / pieceColumns;
        workers.For(down * across, piece =>
        {
            // From the bottom up: in a lower triangle the long rows are there, and the short ones fill the gaps at the end.
            var i = (down - 1 - (piece / across)) * pieceRows;
            var j = piece % across * pieceColumns;
            var lastRow = Math.Min(i + pieceRows, left.Rows);
            var lastColumn = Math.Min(j + pieceColumns, right.Rows);
            if (part == Part.Full || row + lastRow > column + j)
            {
                AddPiece(scale, left, right, c, (row, column), i..lastRow, j..lastColumn, part, tile);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddPiece(
        double scale, Panels left, Panels right, MatrixView c, (int Row, int Column) at, Range down, Range across, Part part, Tile tile)
    {
        var (height, width) = (tile.Rows, tile.Columns);
        var edge = stackalloc double[height * width];
        var (firstRow, lastRow) = (down.Start.Value, down.End.Value);
        var (firstColumn, lastColumn) = (across.Start.Value, across.End.Value);
        fixed (double* values = c.Values)
        {
            var origin = values + c.Offset + ((nint)at.Row * c.RowStride) + at.Column;
            for (var block = 0; block < left.Blocks; block++)
            {
                var depth = left.DepthOf(block);
                for (var j = firstColumn; j < lastColumn; j += width)
                {
                    var b = right.At(block, j / width);
                    var columns = Math.Min(width, lastColumn - j);
                    for (var i = firstRow; i < lastRow; i += height)
                    {
                        var rows = Math.Min(height, lastRow - i);
                        if (part == Part.Lower && at.Row + i + rows <= at.Column + j)
                        {
                            continue;
                        }

                        var a = left.At(block, i / left.Width) + (i % left.Width);
                        var target = origin + ((nint)i * c.RowStride) + j;
                        if (rows == height && columns == width)
                        {
                            tile.Add(depth, a, left.Width, b, scale, target, c.RowStride);
                        }
                        else
                        {
                            new Span<double>(edge, height * width).Clear();
                            tile.Add(depth, a, left.Width, b, scale, edge, width);
                            for (var r = 0; r < rows; r++)
                            {
                                for (var s = 0; s < columns; s++)
                                {
                                    target[(r * (nint)c.RowStride) + s] += edge[(r * width) + s];
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
