using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// Blocks added to one another in their order (Chan, Golub, LeVeque 1983), each of which may be let go once it was added: memory is that of
/// one block, however many come.
/// </summary>
internal sealed class BlockSum(int featureCount)
{
    private readonly double[] _means = new double[featureCount];
    private readonly Matrix _scatter = new(featureCount, featureCount);
    private readonly double[] _cross = new double[featureCount];
    private readonly double[] _delta = new double[featureCount];
    private long _count;
    private double _weight;
    private double _labelMean;
    private double _labelScatter;

    public void Add(MomentBlock block)
    {
        if (block.Count == 0)
        {
            return;
        }

        var total = _weight + block.Weight;
        var share = _weight / total * block.Weight;
        var labelDelta = block.LabelMean - _labelMean;
        for (var j = 0; j < _delta.Length; j++)
        {
            _delta[j] = block.FeatureMeans[j] - _means[j];
        }

        for (var i = 0; i < _delta.Length; i++)
        {
            Product.AddScaled(1, block.Scatter.Row(i), _scatter.Row(i));
            Product.AddScaled(share * _delta[i], _delta, _scatter.Row(i));
            _cross[i] += block.Cross[i] + (share * labelDelta * _delta[i]);
            _means[i] += block.Weight / total * _delta[i];
        }

        _labelScatter += block.LabelScatter + (share * labelDelta * labelDelta);
        _labelMean += block.Weight / total * labelDelta;
        _weight = total;
        _count += block.Count;
    }

    /// <summary>The moments of all; the sum is not to be used afterwards.</summary>
    public MomentBlock ToBlock() => new(_count, _weight, _means, _labelMean, _scatter, _cross, _labelScatter);
}
