using Microsoft.ML.Calibrators;

namespace Transfer.MLNet.Trees.Ensembles;

/// <summary>
/// What makes of a score the quantity in which the loss is taken: scale * score + shift. Platt's probability 1 / (1 + exp(slope s +
/// offset)) has
/// the log odds -(slope s + offset).
/// </summary>
/// <param name="Scale">Not zero.</param>
/// <param name="Shift">Added.</param>
/// <param name="IsMargin">Whether the score as it is says only on which side of zero it lies.</param>
internal readonly record struct Link(double Scale, double Shift, bool IsMargin)
{
    public static Link Identity { get; } = new(1, 0, IsMargin: false);

    public static Link Margin { get; } = new(1, 0, IsMargin: true);

    /// <summary>Of a score that this calibrator follows; null where nothing does.</summary>
    /// <exception cref="NotSupportedException">Another calibrator than Platt's, which was fitted to the old scores and fits no
    /// other.</exception>
    public static Link Of(ICalibrator? calibrator) => calibrator switch
    {
        null => Margin,
        PlattCalibrator { Slope: not 0 } platt => new(-platt.Slope, -platt.Offset, IsMargin: false),
        _ => throw new NotSupportedException(
            $"The model ends in a calibrator ({calibrator.GetType().Name}) that was fitted to the old scores and does not fit new ones. "
            + "Train it with Platt's (FastTree, Gam and LightGbm have it by themselves; of others: "
            + "ml.BinaryClassification.Calibrators.Platt). See docs/trees.md."),
    };

    public double Of(double score) => (Scale * score) + Shift;
}
