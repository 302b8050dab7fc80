namespace Transfer.MLNet.Kernels;

/// <summary>A dense matrix of doubles, row by row, without padding: element (i, j) is <c>Values[i * Columns + j]</c>.</summary>
internal sealed class Matrix
{
    public Matrix(int rows, int columns)
        : this(rows, columns, new double[checked(rows * columns)])
    {
    }

    public Matrix(int rows, int columns, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.Length != checked(rows * columns))
        {
            throw new ArgumentException($"{rows} x {columns} takes {rows * columns} values, not {values.Length}.", nameof(values));
        }

        Rows = rows;
        Columns = columns;
        Values = values;
    }

    public int Rows { get; }

    public int Columns { get; }

    public double[] Values { get; }

    public ref double this[int row, int column] => ref Values[(row * Columns) + column];

    public Span<double> Row(int row) => Values.AsSpan(row * Columns, Columns);

    public Matrix Clone() => new(Rows, Columns, (double[])Values.Clone());
}
