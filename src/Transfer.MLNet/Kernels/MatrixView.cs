using System.Diagnostics;

namespace Transfer.MLNet.Kernels;

/// <summary>A rectangle inside a matrix, as it lies or transposed: what a blocked algorithm works on.</summary>
internal readonly struct MatrixView
{
    private MatrixView(double[] values, int offset, int rows, int columns, int rowStride, int columnStride)
    {
        Values = values;
        Offset = offset;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    public double[] Values { get; }

    /// <summary>Where element (0, 0) lies in <see cref="Values"/>.</summary>
    public int Offset { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>From an element to the one below it; 1 in a transposed view.</summary>
    public int RowStride { get; }

    /// <summary>From an element to the one on its right; 1 unless transposed.</summary>
    public int ColumnStride { get; }

    public bool IsTransposed => ColumnStride != 1;

    public MatrixView Transposed => new(Values, Offset, Columns, Rows, ColumnStride, RowStride);

    public static MatrixView Of(Matrix matrix) => new(matrix.Values, 0, matrix.Rows, matrix.Columns, matrix.Columns, 1);

    /// <summary>The first rows x columns numbers of an array, row by row.</summary>
    public static MatrixView Of(double[] values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)rows * columns, values.LongLength);
        return new(values, 0, rows, columns, columns, 1);
    }

    public static MatrixView Of(Matrix matrix, int row, int column, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(row + rows, matrix.Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(column + columns, matrix.Columns);
        return new(matrix.Values, (row * matrix.Columns) + column, rows, columns, matrix.Columns, 1);
    }

    /// <summary>A rectangle of this one.</summary>
    public MatrixView Part(int row, int column, int rows, int columns)
    {
        Debug.Assert(row >= 0 && rows >= 0 && row + rows <= Rows && column >= 0 && columns >= 0 && column + columns <= Columns);
        return new(Values, Offset + (row * RowStride) + (column * ColumnStride), rows, columns, RowStride, ColumnStride);
    }

    /// <summary>A row, of a view that is not transposed.</summary>
    public Span<double> Row(int row)
    {
        Debug.Assert(!IsTransposed || Columns <= 1);
        return Values.AsSpan(Offset + (row * RowStride), Columns);
    }
}
