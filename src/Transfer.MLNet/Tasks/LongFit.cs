using System.Globalization;

namespace Transfer.MLNet.Tasks;

/// <summary>
/// How long a fit of many classes will take, told before it begins: its time grows with rows times classes, and ends, since taus, steps and
/// products are bounded; a message is better than a wait without an end in sight.
/// </summary>
internal static class LongFit
{
    // From so many seconds of processor time on it is worth a message.
    private const double Long = 30;

    // Seconds of processor time for each score of a row and class: docs/performance.md, "Many classes", with 20 features, on a busy
    // machine. A product with the rows is a part of them that grows with the features, exponentials and sums over classes are the rest.
    private const double OfGivenTau = 5e-7;
    private const double OfChosenTau = 4e-6;
    private const double FeaturesMeasured = 20;

    /// <summary>What a fit will take, in seconds of processor time, to a factor of three or so.</summary>
    public static double Seconds(int rows, int classes, int featureCount, bool isTauGiven) =>
        (double)rows * classes * (isTauGiven ? OfGivenTau : OfChosenTau)
        * (FeaturesMeasured + featureCount) / (2 * FeaturesMeasured);

    /// <summary>What is said of a fit that is long; null of another.</summary>
    public static string? Warning(int rows, int classes, int featureCount, bool isTauGiven, string label)
    {
        var seconds = Seconds(rows, classes, featureCount, isTauGiven);
        if (seconds < Long)
        {
            return null;
        }

        var given = isTauGiven ? "" : $"With a tau that is given it would be {Words(Seconds(rows, classes, featureCount, true))}. ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{classes} classes (column '{label}') with {rows} rows of {featureCount} features are {(double)rows * classes:0.#E+0} scores: "
            + $"some {Words(seconds)} of processor time. {given}Less work: put together classes that have few rows, or predict in two "
            + $"steps, a group of classes and then the class within it.");
    }

    private static string Words(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} seconds"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} hours"),
    };
}
