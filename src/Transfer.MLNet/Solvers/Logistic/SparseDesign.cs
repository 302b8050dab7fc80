using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Logistic;

/// <summary>Rows of which most values are zero: compressed rows, in single precision as ML.NET has them; sums are in double.</summary>
internal sealed class SparseDesign : Design
{
    private readonly long[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;

    /// <param name="featureCount">p.</param>
    /// <param name="starts">Where each row begins, and the end of the last (n + 1).</param>
    /// <param name="columns">The column of each value, ascending within a row.</param>
    /// <param name="values">The values.</param>
    public SparseDesign(int featureCount, long[] starts, int[] columns, float[] values)
    {
        FeatureCount = featureCount;
        _starts = starts;
        _columns = columns;
        _values = values;
    }

    public override int Rows => _starts.Length - 1;

    public override int FeatureCount { get; }

    public override long NonZeros => _starts[^1];

    public ReadOnlySpan<int> Columns(int i) => _columns.AsSpan((int)_starts[i], (int)(_starts[i + 1] - _starts[i]));

    public ReadOnlySpan<float> Values(int i) => _values.AsSpan((int)_starts[i], (int)(_starts[i + 1] - _starts[i]));

    public override void Sweep(double[]? weights, int outputs, ScoreMap map, double[]? sum, Workers workers)
    {
        if (sum is not null)
        {
            Array.Clear(sum, 0, FeatureCount * outputs);
        }

        var values = new double[BlockRows * outputs];
        for (var block = 0; block < Blocks; block++)
        {
            workers.Cancellation.ThrowIfCancellationRequested();
            var first = block * BlockRows;
            var count = Math.Min(BlockRows, Rows - first);
            var scores = values.AsSpan(0, count * outputs);
            scores.Clear();
            if (weights is not null)
            {
                for (var i = 0; i < count; i++)
                {
                    var columns = Columns(first + i);
                    var row = Values(first + i);
                    for (var j = 0; j < row.Length; j++)
                    {
                        for (var k = 0; k < outputs; k++)
                        {
                            scores[(i * outputs) + k] += row[j] * weights[(columns[j] * outputs) + k];
                        }
                    }
                }
            }

            map(block, first, scores);
            if (sum is not null)
            {
                for (var i = 0; i < count; i++)
                {
                    var columns = Columns(first + i);
                    var row = Values(first + i);
                    for (var j = 0; j < row.Length; j++)
                    {
                        for (var k = 0; k < outputs; k++)
                        {
                            sum[(columns[j] * outputs) + k] += row[j] * scores[(i * outputs) + k];
                        }
                    }
                }
            }
        }
    }

    public override double[] SquaredNorms()
    {
        var norms = new double[Rows];
        for (var i = 0; i < Rows; i++)
        {
            var sum = 0.0;
            foreach (double value in Values(i))
            {
                sum += value * value;
            }

            norms[i] = sum;
        }

        return norms;
    }

    public override void AddSquares(double[] curvatures, int outputs, double[] sums, Workers workers)
    {
        for (var i = 0; i < Rows; i++)
        {
            var columns = Columns(i);
            var row = Values(i);
            for (var j = 0; j < row.Length; j++)
            {
                for (var k = 0; k < outputs; k++)
                {
                    sums[(columns[j] * outputs) + k] += curvatures[(i * outputs) + k] * row[j] * row[j];
                }
            }
        }
    }

    public override Design Take(ReadOnlySpan<int> rows)
    {
        var starts = new long[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = starts[i] + Columns(rows[i]).Length;
        }

        var columns = new int[starts[^1]];
        var values = new float[starts[^1]];
        for (var i = 0; i < rows.Length; i++)
        {
            Columns(rows[i]).CopyTo(columns.AsSpan((int)starts[i]));
            Values(rows[i]).CopyTo(values.AsSpan((int)starts[i]));
        }

        return new SparseDesign(FeatureCount, starts, columns, values);
    }
}
