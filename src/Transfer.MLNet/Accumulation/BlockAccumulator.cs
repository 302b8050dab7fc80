using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// Gathers rows and adds them to a block some hundred at a time, each lot about its own mean: with means of 10^6 and variances of 1
/// nothing is lost, and the work is a matrix product.
/// </summary>
internal sealed class BlockAccumulator
{
    // With the row that carries the shift of the mean this is one block of the kernels' panels.
    private const int Capacity = Panels.BlockDepth - 1;

    private readonly Matrix _rows;
    private readonly double[] _labels = new double[Capacity + 1];
    private readonly double[] _weights = new double[Capacity];
    private readonly double[] _origin;
    private readonly double[] _means;
    private readonly Matrix _scatter;
    private readonly double[] _cross;
    private int _waiting;
    private long _count;
    private double _weight;
    private double _labelOrigin;
    private double _labelMean;
    private double _labelScatter;

    public BlockAccumulator(int featureCount)
    {
        _rows = new Matrix(Capacity + 1, featureCount);
        _origin = new double[featureCount];
        _means = new double[featureCount];
        _scatter = new Matrix(featureCount, featureCount);
        _cross = new double[featureCount];
    }

    public Span<double> Next(double label, double weight, Workers workers)
    {
        if (_waiting == Capacity)
        {
            Flush(workers);
        }

        _labels[_waiting] = label;
        _weights[_waiting] = weight;
        return _rows.Row(_waiting++);
    }

    /// <summary>The moments; the accumulator is not to be used afterwards.</summary>
    public MomentBlock ToBlock(Workers workers)
    {
        Flush(workers);
        Product.AddScaled(1, _origin, _means);
        return new MomentBlock(_count, _weight, _means, _labelOrigin + _labelMean, _scatter, _cross, _labelScatter);
    }

    private void Flush(Workers workers)
    {
        if (_waiting == 0)
        {
            return;
        }

        MoveToOrigin();
        var (means, labelMean, weight) = Means();
        for (var i = 0; i < _waiting; i++)
        {
            var root = Math.Sqrt(_weights[i]);
            var row = _rows.Row(i);
            Product.AddScaled(-1, means, row);
            Scale(root, row);
            _labels[i] = (_labels[i] - labelMean) * root;
        }

        var height = _waiting;
        if (_weight > 0)
        {
            // Chan, Golub and LeVeque's term for two lots with different means is the square of one more row.
            var shift = _rows.Row(height);
            var root = Math.Sqrt(_weight / (_weight + weight) * weight);
            for (var j = 0; j < shift.Length; j++)
            {
                var delta = means[j] - _means[j];
                shift[j] = delta * root;
                _means[j] += weight / (_weight + weight) * delta;
            }

            _labels[height] = (labelMean - _labelMean) * root;
            _labelMean += weight / (_weight + weight) * (labelMean - _labelMean);
            height++;
        }
        else
        {
            means.CopyTo(_means, 0);
            _labelMean = labelMean;
        }

        Gram.Accumulate(_rows, height, _scatter, workers);
        for (var i = 0; i < height; i++)
        {
            Product.AddScaled(_labels[i], _rows.Row(i), _cross);
            _labelScatter += _labels[i] * _labels[i];
        }

        _count += _waiting;
        _weight += weight;
        _waiting = 0;
    }

    /// <summary>
    /// Takes the first row of all from every row. The difference of numbers that are close is exact; means of large numbers are
    /// rounded, and their rounding would come back in the difference of two means.
    /// </summary>
    private void MoveToOrigin()
    {
        if (_weight == 0)
        {
            _rows.Row(0).CopyTo(_origin);
            _labelOrigin = _labels[0];
        }

        for (var i = 0; i < _waiting; i++)
        {
            Product.AddScaled(-1, _origin, _rows.Row(i));
            _labels[i] -= _labelOrigin;
        }
    }

    private (double[] Features, double Label, double Weight) Means()
    {
        var means = new double[_origin.Length];
        var (label, weight) = (0.0, 0.0);
        for (var i = 0; i < _waiting; i++)
        {
            weight += _weights[i];
            label += _weights[i] * _labels[i];
            Product.AddScaled(_weights[i], _rows.Row(i), means);
        }

        Scale(1 / weight, means);
        return (means, label / weight, weight);
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
