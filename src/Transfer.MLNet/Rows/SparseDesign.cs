using System.Buffers;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>
/// Rows of which most values are zero, in single precision as ML.NET has them: by rows and, once a sum over rows is asked for, by
/// features too, so that both products only read what they add up. Features that no row has are not seen by solvers, and frequent ones come
/// first: their weights share the first level of cache. Memory grows with the values, and with p only by what it takes to number the
/// features.
/// </summary>
internal sealed class SparseDesign : Design
{
    private readonly long[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;
    private readonly Lazy<ByFeature> _byFeature;

    /// <param name="featureCount">p.</param>
    /// <param name="starts">Where each row begins, and the end of the last (n + 1).</param>
    /// <param name="features">The feature of each value, each once a row.</param>
    /// <param name="values">The values.</param>
    public SparseDesign(int featureCount, long[] starts, int[] features, float[] values)
    {
        if (starts.Length == 0 || starts[^1] != features.Length || features.Length != values.Length)
        {
            throw new ArgumentException($"Rows end at {(starts.Length == 0 ? 0 : starts[^1])}, but there are {features.Length} features "
                + $"and {values.Length} values.", nameof(starts));
        }

        FeatureCount = featureCount;
        _starts = starts;
        _values = values;
        (Features, _columns) = Number(featureCount, features);
        _byFeature = new(() => new ByFeature(_starts, _columns, _values, Features.Length));
    }

    public override int Rows => _starts.Length - 1;

    public override int FeatureCount { get; }

    public override long NonZeros => _starts[^1];

    public override int[] Features { get; }

    public override unsafe void Sweep(double[]? weights, int outputs, ScoreMap map, double[]? sum, Workers workers)
    {
        var residuals = ArrayPool<double>.Shared.Rent(Rows * outputs);
        workers.For(Pieces, piece =>
        {
            fixed (int* columns = _columns)
            fixed (float* values = _values)
            fixed (double* from = weights, to = residuals)
            {
                for (var block = (int)((long)Blocks * piece / Pieces); block < (int)((long)Blocks * (piece + 1) / Pieces); block++)
                {
                    var first = block * BlockRows;
                    var last = Math.Min(Rows, first + BlockRows);
                    for (var i = first; weights is not null && i < last; i++)
                    {
                        var start = _starts[i];
                        SparseSum.Of(
                            columns + start, values + start, (int)(_starts[i + 1] - start), from, outputs, to + ((nint)i * outputs));
                    }

                    map(block, first, residuals.AsSpan(first * outputs, (last - first) * outputs));
                }
            }
        });

        if (sum is not null)
        {
            _byFeature.Value.Sum(residuals, outputs, sum, workers);
        }

        ArrayPool<double>.Shared.Return(residuals);
    }

    public override double[] SquaredNorms(double[]? factors, Workers workers)
    {
        var norms = new double[Rows];
        workers.For(Pieces, piece =>
        {
            for (var i = (int)((long)Rows * piece / Pieces); i < (int)((long)Rows * (piece + 1) / Pieces); i++)
            {
                if (factors is null)
                {
                    norms[i] = FloatRows.SquaredNorm(Values(i));
                    continue;
                }

                var columns = Columns(i);
                var values = Values(i);
                for (var t = 0; t < columns.Length; t++)
                {
                    norms[i] += factors[columns[t]] * values[t] * values[t];
                }
            }
        });
        return norms;
    }

    public override void Squares(double[] factors, int outputs, double[] sums, Workers workers) =>
        _byFeature.Value.Squares(factors, outputs, sums, workers);

    /// <summary>Each row is made of the features that it has, from the rows that have them too.</summary>
    public override Matrix RowProducts(double[]? factors, Workers workers)
    {
        var products = new Matrix(Rows, Rows);
        var byFeature = _byFeature.Value;
        workers.For(Rows, i =>
        {
            var columns = Columns(i);
            var values = Values(i);
            for (var t = 0; t < columns.Length; t++)
            {
                byFeature.AddColumn(columns[t], factors is null ? values[t] : factors[columns[t]] * values[t], i, products.Row(i));
            }
        });
        Symmetric.MirrorLower(products, workers);
        return products;
    }

    public override Design Take(ReadOnlySpan<int> rows)
    {
        var starts = new long[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = starts[i] + Columns(rows[i]).Length;
        }

        var features = new int[starts[^1]];
        var values = new float[starts[^1]];
        for (var i = 0; i < rows.Length; i++)
        {
            var columns = Columns(rows[i]);
            for (var t = 0; t < columns.Length; t++)
            {
                features[starts[i] + t] = Features[columns[t]];
            }

            Values(rows[i]).CopyTo(values.AsSpan((int)starts[i]));
        }

        return new SparseDesign(FeatureCount, starts, features, values);
    }

    public override void Write(int first, int count, Span<double> to, int stride)
    {
        for (var i = 0; i < count; i++)
        {
            var row = to.Slice(i * stride, Width);
            row.Clear();
            var columns = Columns(first + i);
            var values = Values(first + i);
            for (var t = 0; t < columns.Length; t++)
            {
                row[columns[t]] = values[t];
            }
        }
    }

    /// <summary>The features that occur, the most frequent first, and for each value the number that its feature has among them.</summary>
    private static (int[] Features, int[] Columns) Number(int featureCount, int[] features)
    {
        var counts = new int[featureCount];
        foreach (var j in features)
        {
            counts[j]++;
        }

        var seen = Enumerable.Range(0, featureCount).Where(j => counts[j] > 0).ToArray();
        var keys = Array.ConvertAll(seen, j => ((long)(int.MaxValue - counts[j]) << 32) | (uint)j);
        Array.Sort(keys, seen);
        for (var number = 0; number < seen.Length; number++)
        {
            counts[seen[number]] = number;
        }

        return (seen, Array.ConvertAll(features, j => counts[j]));
    }

    private ReadOnlySpan<int> Columns(int i) => _columns.AsSpan((int)_starts[i], (int)(_starts[i + 1] - _starts[i]));

    private ReadOnlySpan<float> Values(int i) => _values.AsSpan((int)_starts[i], (int)(_starts[i + 1] - _starts[i]));
}
