using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>
/// The values of sparse rows feature by feature. A sum over rows belongs to one feature and is made by one thread in the order of the
/// rows: the same for any number of threads, without a copy of the sums for each.
/// </summary>
internal sealed class ByFeature
{
    // Of values: enough to be worth a thread's while.
    private const long PieceSize = 1 << 15;

    private readonly long[] _starts;
    private readonly int[] _rows;
    private readonly float[] _values;
    private readonly int[] _pieces;

    public ByFeature(long[] rowStarts, int[] columns, float[] values, int width)
    {
        _starts = new long[width + 1];
        foreach (var j in columns)
        {
            _starts[j + 1]++;
        }

        for (var j = 0; j < width; j++)
        {
            _starts[j + 1] += _starts[j];
        }

        var next = _starts[..^1];
        _rows = new int[columns.Length];
        _values = new float[columns.Length];
        for (var i = 0; i + 1 < rowStarts.Length; i++)
        {
            for (var t = rowStarts[i]; t < rowStarts[i + 1]; t++)
            {
                var to = next[columns[t]]++;
                _rows[to] = i;
                _values[to] = values[t];
            }
        }

        var pieces = new List<int> { 0 };
        for (var j = 0; j < width; j++)
        {
            if (_starts[j + 1] - _starts[pieces[^1]] >= PieceSize || j + 1 == width)
            {
                pieces.Add(j + 1);
            }
        }

        _pieces = [.. pieces];
    }

    /// <summary>X'R (width x outputs) of R (n x outputs).</summary>
    public unsafe void Sum(double[] residuals, int outputs, double[] sums, Workers workers) => workers.For(_pieces.Length - 1, piece =>
    {
        fixed (int* rows = _rows)
        fixed (float* values = _values)
        fixed (double* from = residuals, to = sums)
        {
            for (var j = _pieces[piece]; j < _pieces[piece + 1]; j++)
            {
                var start = _starts[j];
                SparseSum.Of(rows + start, values + start, (int)(_starts[j + 1] - start), from, outputs, to + ((nint)j * outputs));
            }
        }
    });

    /// <summary>Adds a feature's values in rows up to <paramref name="lastRow"/>, times a factor, each in its row's place.</summary>
    public void AddColumn(int feature, double factor, int lastRow, Span<double> sums)
    {
        for (var t = _starts[feature]; t < _starts[feature + 1] && _rows[t] <= lastRow; t++)
        {
            sums[_rows[t]] += factor * _values[t];
        }
    }

    /// <summary>The sums of factor_ik x_ij^2 (width x outputs) of factors n x outputs.</summary>
    public void Squares(double[] factors, int outputs, double[] sums, Workers workers) => workers.For(_pieces.Length - 1, piece =>
    {
        for (var j = _pieces[piece]; j < _pieces[piece + 1]; j++)
        {
            var to = sums.AsSpan(j * outputs, outputs);
            to.Clear();
            for (var t = _starts[j]; t < _starts[j + 1]; t++)
            {
                var square = (double)_values[t] * _values[t];
                var from = factors.AsSpan(_rows[t] * outputs, outputs);
                for (var k = 0; k < to.Length; k++)
                {
                    to[k] += square * from[k];
                }
            }
        }
    });
}
