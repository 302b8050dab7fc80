namespace Transfer.MLNet.Losses;

/// <summary>
/// Counts: e^z - y z, with z the logarithm of the expected count. Of one row it is half the deviance, e^z - y - y (z - log y): zero at
/// the
/// best score that the row could have, so that losses of left-out rows can be read without knowing the labels.
/// </summary>
internal sealed class PoissonLoss : ScoreLoss
{
    // e^300: beyond it the squares of losses, of which standard errors are made, are no numbers.
    private const double LargestScore = 300;

    public override string? Refusal(double label) =>
        label >= 0 && label == Math.Floor(label) && double.IsFinite(label) ? null : label < 0 ? "is negative" : "is not whole";

    public override double Evaluate(
        ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores, Span<double> residuals,
            Span<double> curvatures)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            var mean = Math.Exp(scores[i]);
            sum += shares[i] == 0 ? 0 : shares[i] * (mean - (labels[i] * scores[i]) + Saturated(labels[i]));
            curvatures[i] = shares[i] == 0 ? 0 : shares[i] * mean;
            residuals[i] = shares[i] == 0 ? 0 : shares[i] * (mean - labels[i]);
        }

        return sum;
    }

    public override double Of(ReadOnlySpan<double> scores, double label) =>
        Math.Exp(Math.Min(scores[0], LargestScore)) - (label * scores[0]) + Saturated(label);

    public override double Predicted(ReadOnlySpan<double> scores) => Math.Exp(Math.Min(scores[0], LargestScore));

    public override string? Unbounded(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if (shares[i] > 0 && labels[i] > 0)
            {
                return null;
            }
        }

        return "All counts are zero, so that a free intercept has no finite value. "
            + "Add rows with counts above zero; or train from a starting point with L2SpPoissonRegression and PullIntercept = true, which "
            + "hold the intercept to that point's.";
    }

    /// <summary>log(sum s y / sum s e^z): the intercept that fits the total, for a search that would take long from afar.</summary>
    public override double Level(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores)
    {
        var (counts, largest) = (0.0, double.NegativeInfinity);
        for (var i = 0; i < labels.Length; i++)
        {
            counts += shares[i] * labels[i];
            largest = shares[i] > 0 ? Math.Max(largest, scores[i]) : largest;
        }

        var means = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            means += shares[i] > 0 ? shares[i] * Math.Exp(scores[i] - largest) : 0;
        }

        return counts > 0 ? Math.Log(counts / means) - largest : 0;
    }

    private static double Saturated(double label) => label > 0 ? (label * Math.Log(label)) - label : 0;
}
