using System.Globalization;

namespace Transfer.MLNet.Validation.Guard;

/// <summary>What became of a batch with no gain asked for.</summary>
/// <param name="Ratio">The candidate's error over the champion's on later rows, 1 where it is the champion; of wrong batches that
/// changed nothing, and where there was no candidate, null.</param>
/// <param name="Gain">The share by which the candidate's loss was lower on rows that neither has seen; null where it did not come to
/// that.</param>
/// <param name="Finding">Why the model stayed; null where it did not.</param>
internal sealed record GuardTrial(double? Ratio, double? Gain, GuardFindingKind? Finding)
{
    /// <summary>Why it stays where a gain of so much is asked for; null where the candidate is taken.</summary>
    public GuardFindingKind? WhyNot(double leastGain) =>
        Finding is null or GuardFindingKind.WorseOnEarlierRows && !(Gain > leastGain) ? GuardFindingKind.NotBetter : Finding;

    public static GuardTrial Of(string text) => text.Split(',') is [var ratio, var gain, var finding]
        ? new(Number(ratio), Number(gain), finding.Length == 0 ? null : Enum.Parse<GuardFindingKind>(finding))
        : throw new FormatException($"'{text}' is no trial: ratio, gain and finding are three values with commas between.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ratio:R},{Gain:R},{Finding}");

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
