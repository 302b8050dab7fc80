using System.Globalization;

namespace Transfer.MLNet.Validation.Real.Classes;

/// <summary>What all ways came to in one draw: mean losses of the held-out rows, NaN where a way is not of the task.</summary>
/// <param name="Cell">Table, target, n1: <see cref="RealCell.Name"/>.</param>
/// <param name="Draw">From 0.</param>
/// <param name="Scratch">The target's rows alone; NaN where the draw has too few rows of a class.</param>
/// <param name="Ways">In the order of <see cref="LossTrial.Ways"/>.</param>
/// <param name="Probability">Of help, by the blend.</param>
/// <param name="Alpha">Of the blend.</param>
internal sealed record LossOutcome(string Cell, int Draw, double Scratch, IReadOnlyList<double> Ways, double Probability, double Alpha)
    : IOutcome<LossOutcome>
{
    public static string Header { get; } = string.Join(
        ',', ["cell", "draw", "scratch", "probability", "alpha", .. LossTrial.Ways.Select(w => w.Replace(' ', '_'))]);

    public static LossOutcome OfCsv(string line)
    {
        var f = line.Split(',');
        double D(int i) => double.Parse(f[i], CultureInfo.InvariantCulture);
        return new(f[0], int.Parse(f[1], CultureInfo.InvariantCulture), D(2), [.. Enumerable.Range(5, f.Length - 5).Select(D)], D(3), D(4));
    }

    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Cell},{Draw},{Scratch:G9},{Probability:G6},{Alpha:G6},{string.Join(',', Ways.Select(w => w.ToString("G9", CultureInfo.InvariantCulture)))}");
}
