using System.Runtime.CompilerServices;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// Adds rows to a block a batch at a time, each batch about its own mean: with means of 10^6 and variances of 1 nothing is lost, and
/// the work is a matrix product.
/// </summary>
internal sealed class BlockAccumulator
{
    // Columns that are centred together: those of a batch stay in the second level of cache from one step to the next.
    private const int Strip = 64;

    // With fewer features a second thread has too little to do, and is better left to whoever reads the rows.
    private const int WorthSharing = 160;

    private readonly Matrix _batch;
    private readonly double[] _labels;
    private readonly double[] _roots;
    private readonly double[] _origin;
    private readonly double[] _means;
    private readonly double[] _batchMeans;
    private readonly Matrix _scatter;
    private readonly double[] _cross;
    private long _count;
    private double _weight;
    private double _labelOrigin;
    private double _labelMean;
    private double _labelScatter;

    public BlockAccumulator(int featureCount)
    {
        var rows = RowLot.BatchRowsOf(featureCount);
        _batch = new Matrix(rows + 1, featureCount);
        _labels = new double[rows + 1];
        _roots = new double[rows];
        _origin = new double[featureCount];
        _means = new double[featureCount];
        _batchMeans = new double[featureCount];
        _scatter = new Matrix(featureCount, featureCount);
        _cross = new double[featureCount];
    }

    /// <summary>Adds the rows of a lot, batch by batch.</summary>
    public void Add(RowLot lot, Workers workers)
    {
        for (var first = 0; first < lot.Count; first += lot.BatchRows)
        {
            AddBatch(lot, first, Math.Min(lot.BatchRows, lot.Count - first), _origin.Length < WorthSharing ? workers.Single : workers);
        }
    }

    /// <summary>The moments; the accumulator is not to be used afterwards.</summary>
    public MomentBlock ToBlock(Workers workers)
    {
        Symmetric.MirrorLower(_scatter, workers);
        Product.AddScaled(1, _origin, _means);
        return new MomentBlock(_count, _weight, _means, _labelOrigin + _labelMean, _scatter, _cross, _labelScatter);
    }

    private void AddBatch(RowLot lot, int first, int count, Workers workers)
    {
        var weights = lot.Weights.AsSpan(first, count);
        var labels = lot.Labels.AsSpan(first, count);
        if (_weight == 0)
        {
            lot.Rows.Row(first).CopyTo(_origin);
            _labelOrigin = labels[0];
        }

        var (weight, labelMean) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            weight += weights[i];
            labelMean += weights[i] * (labels[i] - _labelOrigin);
            _roots[i] = Math.Sqrt(weights[i]);
        }

        labelMean /= weight;
        for (var i = 0; i < count; i++)
        {
            _labels[i] = (labels[i] - _labelOrigin - labelMean) * _roots[i];
        }

        // Chan, Golub and LeVeque's term for two lots with different means is the square of one more row.
        var total = _weight + weight;
        var shift = _weight > 0 ? Math.Sqrt(_weight / total * weight) : 0;
        _labels[count] = (labelMean - _labelMean) * shift;
        _labelMean += weight / total * (labelMean - _labelMean);
        var height = _weight > 0 ? count + 1 : count;
        for (var i = 0; i < height; i++)
        {
            _labelScatter += _labels[i] * _labels[i];
        }

        workers.For((_origin.Length + Strip - 1) / Strip, strip =>
        {
            var from = strip * Strip;
            AddStrip(lot, first, count, from, Math.Min(Strip, _origin.Length - from), weight, shift, total);
        });
        Gram.AccumulateLower(_batch, height, _scatter, workers);
        _count += count;
        _weight = total;
    }

    /// <summary>
    /// Some columns of the batch: about the first row of all, then about their own means, each row times the root of its weight. The
    /// difference of numbers that are close is exact; means of large numbers are rounded, and their rounding would come back in the
    /// difference of two means, were they not taken about that row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void AddStrip(RowLot lot, int first, int count, int from, int width, double weight, double shift, double total)
    {
        var p = _origin.Length;
        var origin = _origin.AsSpan(from, width);
        var means = _batchMeans.AsSpan(from, width);
        for (var i = 0; i < count; i++)
        {
            Product.Subtract(lot.Rows.Row(first + i).Slice(from, width), origin, _batch.Row(i).Slice(from, width));
        }

        means.Clear();
        fixed (double* batch = _batch.Values, weights = lot.Weights, labels = _labels, sums = _batchMeans, cross = _cross)
        {
            RowProducts.AddSum(batch + from, p, count, width, weights + first, sums + from);
            foreach (ref var mean in means)
            {
                mean /= weight;
            }

            for (var i = 0; i < count; i++)
            {
                var row = _batch.Row(i).Slice(from, width);
                Product.Subtract(row, means, row);
                Scale(_roots[i], row);
            }

            var last = _batch.Row(count).Slice(from, width);
            for (var j = 0; j < width; j++)
            {
                var delta = means[j] - _means[from + j];
                last[j] = delta * shift;
                _means[from + j] += weight / total * delta;
            }

            RowProducts.AddSum(batch + from, p, shift > 0 ? count + 1 : count, width, labels, cross + from);
        }
    }

    private static void Scale(double factor, Span<double> row)
    {
        if (factor != 1)
        {
            foreach (ref var value in row)
            {
                value *= factor;
            }
        }
    }
}
