using System.Globalization;

namespace PaperExperiments;

/// <summary>What was trained.</summary>
internal enum Kind
{
    /// <summary>The source.</summary>
    Source,

    /// <summary>The target from the source, with weight decay: the paper's standard fine-tuning.</summary>
    Standard,

    /// <summary>The target from the source, pulled towards it.</summary>
    L2Sp,

    /// <summary>The target from nothing.</summary>
    Scratch,
}

/// <summary>One network that was trained: a line of the results.</summary>
/// <param name="Seed">Which repetition.</param>
/// <param name="Decay">The source's weight decay; NaN for training from scratch.</param>
/// <param name="Fraction">The share of the target's rows that was trained on; 1 for the source.</param>
/// <param name="Kind">What was trained.</param>
/// <param name="Accuracy">On the test rows, after the last epoch.</param>
/// <param name="Distances">From the start, after each epoch.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record Outcome(int Seed, double Decay, double Fraction, Kind Kind, double Accuracy, double[] Distances, double Seconds)
{
    public const string Header = "seed,source_decay,target_fraction,kind,accuracy,distances,seconds,end";

    // The last field tells a whole line from one that a break cut short.
    private const string End = "*";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seed},{Decay:R},{Fraction:R},{Kind},{Accuracy:R},{string.Join(' ', Distances.Select(d => d.ToString("G9", CultureInfo.InvariantCulture)))},{Seconds:F2},{End}");

    /// <summary>The line read back, or null where it is not whole.</summary>
    public static Outcome? Parse(string line)
    {
        var fields = line.Split(',');
        return fields is [var seed, var decay, var fraction, var kind, var accuracy, var distances, var seconds, End]
            ? new(
                int.Parse(seed, CultureInfo.InvariantCulture), Number(decay), Number(fraction), Enum.Parse<Kind>(kind), Number(accuracy),
                [.. distances.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)], Number(seconds))
            : null;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
