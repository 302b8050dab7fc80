using System.Globalization;
using Transfer.MLNet.Pull;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// Whether a fit has digits beside its start. It is computed as the start plus a step, in double precision: of a start whose scores are
/// 10^16 times as far apart as the label, a step back to the label has none left.
/// </summary>
internal static class StartSize
{
    private const double Rounding = 1.0 / (1L << 52);

    // Of the label's standard deviation, or of the fit's scores, where the start is held to and they are as far apart as its own.
    private const double ToleratedError = 1e-3;

    /// <param name="start">What the fit was pulled to.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="spread">Of the rows.</param>
    /// <param name="rule">Without an intercept the features' means count too.</param>
    /// <param name="label">The label's column.</param>
    /// <exception cref="InvalidOperationException">What is left of the fit is rounding.</exception>
    public static void Require(Start start, LinearFit fit, Spread spread, InterceptRule rule, string label)
    {
        var (before, after) = (Size(start.Weights), Size(fit.Weights));
        if (spread.LabelDeviation > 0 && Rounding * before > ToleratedError * Math.Max(spread.LabelDeviation, after))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The starting point's scores are some {before:G2} apart and the label '{label}' only {spread.LabelDeviation:G2}: in "
                    + $"double "
                + $"precision nothing is left of a fit that goes back so far. Is the starting point of another unit, or of other features? "
                + $"Scale it (StartingPointScale), train without it, or give a tau that holds to it."));
        }

        // An upper limit: as if all features went up and down together.
        double Size(double[] weights)
        {
            var sum = 0.0;
            for (var j = 0; j < weights.Length; j++)
            {
                sum += Math.Abs(weights[j]) * (rule == InterceptRule.Free ? spread.FeatureDeviations[j]
                    : spread.FeatureDeviations[j] + Math.Abs(spread.FeatureMeans[j]));
            }

            return sum;
        }
    }
}
