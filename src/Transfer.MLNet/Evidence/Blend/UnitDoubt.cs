using System.Globalization;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// A doubt whether the labels of source and target are in one unit, by the slope of the target's labels on the source's scores.
/// </summary>
/// <param name="IsOutOfReach">Whether no c from -1 to 3 but zero is near that slope, so that what c says is not the alignment.</param>
/// <param name="Message">What was found and what to do.</param>
internal sealed record UnitDoubt(bool IsOutOfReach, string Message)
{
    // Standard errors of the slope. To say that it is beyond an end two are enough; a small one must be told from zero as well.
    private const double Beyond = 2;
    private const double NotZero = 3;

    // A node of c: a slope that is smaller falls on zero.
    private const double Step = 0.05;

    // Of the labels' variance, explained by the scores: a source that is nearly unrelated has a small slope too, but explains nothing.
    private const double Explained = 0.02;

    // c so near an end is at it.
    private const double Near = 0.25;

    /// <param name="target">The target.</param>
    /// <param name="weights">The source's (p).</param>
    /// <param name="scale">c.</param>
    /// <param name="share">How much of the target's rows counts.</param>
    /// <returns>null where there is no doubt.</returns>
    public static UnitDoubt? Of(BlendTarget target, double[] weights, ScaleEstimate scale, double share)
    {
        var scores = target.ToRows(weights);
        var power = Product.Dot(scores, scores);
        var degrees = (share * (target.Degrees + 1)) - 2;
        if (!(power > 0) || !(degrees > 0))
        {
            return null;
        }

        var slope = Product.Dot(scores, target.Centred.Labels) / power;
        var error = Math.Sqrt(Math.Max(0, target.Power - (slope * slope * power)) / degrees / power);
        var (first, last) = (ScalePrior.Nodes[0], ScalePrior.Nodes[^1]);
        if (slope - (Beyond * error) > last || slope + (Beyond * error) < first)
        {
            return new(true, Told(slope, "outside of -1 to 3, where the multiple c of the source's weights is looked for"));
        }

        var size = Math.Abs(slope);
        if (size + (Beyond * error) < Step && size > NotZero * error && slope * slope * power > Explained * target.Power)
        {
            return new(true, Told(slope, "so little that c falls on its node at zero, though the two are related"));
        }

        var atEnd = scale.Ends > 0.5 || (scale.Mean < first + Near && scale.Lower <= first)
            || (scale.Mean > last - Near && scale.Upper >= last);
        return atEnd ? new(false, string.Create(CultureInfo.InvariantCulture,
            $"The best multiple c of the source's weights, {scale.Mean:0.00}, is at the end of its range, -1 to 3: is the label of the "
                + $"source in ")
            + "another unit than the target's, or has it the other sign? Bring both to one unit.") : null;
    }

    private static string Told(double slope, string where) => string.Create(
        CultureInfo.InvariantCulture,
        $"Where the source's score rises by 1 the target's label rises by {slope:0.####E+0}, ")
        + $"{where}: is the label of the source in another unit than the target's? Bring both to one unit.";
}
