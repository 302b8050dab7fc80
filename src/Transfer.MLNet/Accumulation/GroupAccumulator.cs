using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// The moments of one group, a row at a time about a moving mean (Welford 1962): little memory beside the moments themselves, for there may
/// be 100,000 groups of a few rows each.
/// </summary>
internal sealed class GroupAccumulator(int featureCount)
{
    // The first row: differences of numbers that are close are exact, and sums of large ones are not.
    private readonly double[] _origin = new double[featureCount];
    private readonly double[] _means = new double[featureCount];
    private readonly double[] _cross = new double[featureCount];
    private readonly Matrix _scatter = new(featureCount, featureCount);
    private long _count;
    private double _weight;
    private double _labelOrigin;
    private double _labelMean;
    private double _labelScatter;

    /// <param name="row">x (p); overwritten.</param>
    /// <param name="label">y.</param>
    /// <param name="weight">omega, above zero.</param>
    public void Add(Span<double> row, double label, double weight)
    {
        if (_count++ == 0)
        {
            row.CopyTo(_origin);
            _labelOrigin = label;
        }

        _weight += weight;
        var share = weight / _weight;
        var apart = weight * (1 - share);
        Product.Subtract(row, _origin, row);
        Product.Subtract(row, _means, row);
        var labelApart = label - _labelOrigin - _labelMean;
        if (apart > 0)
        {
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] != 0)
                {
                    Product.AddScaled(apart * row[i], row[..(i + 1)], _scatter.Row(i)[..(i + 1)]);
                }
            }

            Product.AddScaled(apart * labelApart, row, _cross);
            _labelScatter += apart * labelApart * labelApart;
        }

        Product.AddScaled(share, row, _means);
        _labelMean += share * labelApart;
    }

    /// <summary>The moments; the accumulator is not to be used afterwards.</summary>
    public MomentBlock ToBlock(Workers workers)
    {
        Symmetric.MirrorLower(_scatter, workers);
        Product.AddScaled(1, _origin, _means);
        return new(_count, _weight, _means, _labelOrigin + _labelMean, _scatter, _cross, _labelScatter);
    }
}
