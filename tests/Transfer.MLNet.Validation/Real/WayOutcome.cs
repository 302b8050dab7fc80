using System.Globalization;

namespace Transfer.MLNet.Validation.Real;

/// <summary>What one way came to in one draw; see <see cref="Answer"/>.</summary>
/// <param name="Error">The mean squared error on the held-out rows.</param>
/// <param name="Probability">Of being better than the target's rows alone, as the way says.</param>
/// <param name="Verdict">As the way says.</param>
/// <param name="LeftOut">The way's own estimate of its error.</param>
/// <param name="Lower">Of the scale of the source.</param>
/// <param name="Upper">Of the same.</param>
/// <param name="Contradicted">Whether left-out errors decided against what the model had said.</param>
internal sealed record WayOutcome(
    double Error, double Probability, TransferVerdict? Verdict, double LeftOut, double Lower, double Upper, bool Contradicted)
{
    /// <summary>A way that was not tried in a draw.</summary>
    public static WayOutcome None { get; } = new(double.NaN, double.NaN, null, double.NaN, double.NaN, double.NaN, false);

    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture, $"{Error:G9},{Probability:G6},{Verdict},{LeftOut:G6},{Lower:G6},{Upper:G6},{(Contradicted ? 1 : 0)}");
}
