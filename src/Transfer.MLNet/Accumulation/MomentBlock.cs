using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// The moments of some rows about their own means. Never changed once made: blocks share nothing with those that they were merged
/// from.
/// </summary>
internal sealed class MomentBlock
{
    public MomentBlock(
        long count, double weight, double[] featureMeans, double labelMean, Matrix scatter, double[] cross, double labelScatter)
    {
        Count = count;
        Weight = weight;
        FeatureMeans = featureMeans;
        LabelMean = labelMean;
        Scatter = scatter;
        Cross = cross;
        LabelScatter = labelScatter;
    }

    /// <summary>Rows, those of weight zero not counted.</summary>
    public long Count { get; }

    /// <summary>sum omega.</summary>
    public double Weight { get; }

    /// <summary>sum omega x / sum omega (p).</summary>
    public double[] FeatureMeans { get; }

    /// <summary>sum omega y / sum omega.</summary>
    public double LabelMean { get; }

    /// <summary>sum omega (x - mean)(x - mean)' (p x p).</summary>
    public Matrix Scatter { get; }

    /// <summary>sum omega (x - mean)(y - mean) (p).</summary>
    public double[] Cross { get; }

    /// <summary>sum omega (y - mean)^2.</summary>
    public double LabelScatter { get; }

    public int FeatureCount => FeatureMeans.Length;

    public static MomentBlock Empty(int featureCount) =>
        new(0, 0, new double[featureCount], 0, new Matrix(featureCount, featureCount), new double[featureCount], 0);

    /// <summary>The moments of all rows of the blocks (Chan, Golub, LeVeque 1983), merged from the first to the last.</summary>
    public static MomentBlock Merge(IEnumerable<MomentBlock> blocks, int featureCount)
    {
        var sum = new BlockSum(featureCount);
        foreach (var block in blocks)
        {
            sum.Add(block);
        }

        return sum.ToBlock();
    }

    /// <summary>The sums about zero. Digits are lost where means are large against deviations: not for solving.</summary>
    public RawSums ToRawSums()
    {
        var features = new double[FeatureCount];
        var cross = new double[FeatureCount];
        var squares = Scatter.Clone();
        for (var i = 0; i < FeatureCount; i++)
        {
            features[i] = Weight * FeatureMeans[i];
            cross[i] = Cross[i] + (features[i] * LabelMean);
            Product.AddScaled(features[i], FeatureMeans, squares.Row(i));
        }

        return new RawSums(Weight, features, Weight * LabelMean, squares, cross, LabelScatter + (Weight * LabelMean * LabelMean));
    }

    /// <summary>The moments with a feature that is always 1 after the others.</summary>
    public MomentBlock WithConstantFeature()
    {
        var scatter = new Matrix(FeatureCount + 1, FeatureCount + 1);
        for (var i = 0; i < FeatureCount; i++)
        {
            Scatter.Row(i).CopyTo(scatter.Row(i));
        }

        return new MomentBlock(Count, Weight, [.. FeatureMeans, 1], LabelMean, scatter, [.. Cross, 0], LabelScatter);
    }
}
