using System.Globalization;

namespace Transfer.MLNet.Validation.Real;

/// <summary>What all ways came to in one draw.</summary>
/// <param name="Cell">Table, target, n1: <see cref="RealCell.Name"/>.</param>
/// <param name="Draw">From 0.</param>
/// <param name="Scratch">The mean squared error of the target's rows alone on the held-out rows.</param>
/// <param name="HeldOutScale">The slope of the held-out labels on the source's scores: what the source's weights are best multiplied
/// by.</param>
/// <param name="Ways">In the order of <see cref="RealTrial.Ways"/>.</param>
internal sealed record RealOutcome(string Cell, int Draw, double Scratch, double HeldOutScale, IReadOnlyList<WayOutcome> Ways)
    : IOutcome<RealOutcome>
{
    private static readonly string[] _ofWay = ["error", "probability", "verdict", "left_out", "lower", "upper", "contradicted"];

    public static string Header { get; } = string.Join(
        ',', ["cell", "draw", "scratch", "held_out_scale",
            .. RealTrial.Ways.SelectMany(w => _ofWay.Select(c => $"{w.Short.Replace(' ', '_')}_{c}"))]);

    public static RealOutcome OfCsv(string line)
    {
        var f = line.Split(',');
        double D(int i) => double.Parse(f[i], CultureInfo.InvariantCulture);
        return new(
            f[0], int.Parse(f[1], CultureInfo.InvariantCulture), D(2), D(3),
            [.. Enumerable.Range(0, RealTrial.Ways.Count).Select(k => 4 + (k * _ofWay.Length)).Select(i =>
                new WayOutcome(D(i), D(i + 1), f[i + 2].Length == 0 ? null : Enum.Parse<TransferVerdict>(f[i + 2]), D(i + 3), D(i + 4),
                    D(i + 5),
                    f[i + 6] == "1"))]);
    }

    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture, $"{Cell},{Draw},{Scratch:G9},{HeldOutScale:G6},{string.Join(',', Ways.Select(w => w.ToCsv()))}");

    /// <summary>Whether a way was tried: rivals are not, in most draws.</summary>
    public bool Tried(int way) => !double.IsNaN(Ways[way].Error);

    /// <summary>The error of a way over that of the target's rows alone.</summary>
    public double Risk(int way) => Ways[way].Error / Scratch;
}
