using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>One output of the loss as weighted least squares on a working response.</summary>
/// <param name="target">The rows, weights of mean 1.</param>
/// <param name="rows">Responses without offsets, and their weights W as they are.</param>
/// <param name="noiseIsKnown">Whether labels vary as their loss has it, as those of classes do; counts vary more.</param>
internal sealed class ResponseOutput(BlendTarget target, HeldRows rows, bool noiseIsKnown)
{
    // Of the target's level about that which the source foretells for it, in units of the score (log odds, log counts):
    // docs/alignment.md.
    private const double LevelDeviation = 1;

    public BlendTarget Target => target;

    public bool NoiseIsKnown => noiseIsKnown;

    /// <summary>The mean of the weights: the noise of a label with weight 1 is one over it.</summary>
    public double Weight { get; } = rows.TotalWeight / rows.Rows;

    /// <summary>The rule on the response; null before it was applied.</summary>
    public BlendRule? Rule { get; set; }

    /// <summary>The intercept, at the mean of the features.</summary>
    public double Level { get; private set; } = target.Centred.LabelMean;

    /// <summary>
    /// Draws the level to that which the source foretells. The difference of the two has the standard deviation
    /// <see cref="LevelDeviation"/>;
    /// features being centred it is independent of the weights.
    /// </summary>
    public void DrawLevel(double foretold)
    {
        Level = target.Centred.LabelMean + (ShareOfForetold * (foretold - target.Centred.LabelMean));
    }

    private double ShareOfForetold
    {
        get
        {
            // How many times more than their loss has it the labels vary, Pearson's statistic.
            var noise = noiseIsKnown ? 1 : Math.Max(1, Weight * target.Power / rows.Rows);
            return 1 / (1 + (LevelDeviation * LevelDeviation * rows.TotalWeight / noise));
        }
    }
}
