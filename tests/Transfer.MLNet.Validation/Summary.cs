using MathNet.Numerics.Distributions;

namespace Transfer.MLNet.Validation;

/// <summary>What some draws come to.</summary>
internal sealed class Summary(IReadOnlyList<Outcome> outcomes)
{
    private static readonly Dictionary<string, Cell> _cells = Cell.Everything.ToDictionary(c => c.Name);

    public int Draws => outcomes.Count;

    /// <summary>How often the 95 % interval holds the true rho; an unbounded interval does.</summary>
    public double Coverage => Share(Covers);

    /// <summary>The same among bounded intervals.</summary>
    public double CoverageOfBounded => Of(o => !IsUnbounded(o)).Coverage;

    public double Unbounded => Share(IsUnbounded);

    /// <summary>Whether a coverage as low as this one would be a rare accident (1 in 1000) if the true one were 92 %.</summary>
    public bool CoversTooLittle => Draws > 0 && Binomial.CDF(0.92, Draws, outcomes.Count(Covers)) < 1e-3;

    public double Yes => Share(o => o.Verdict == TransferVerdict.Yes);

    public double No => Share(o => o.Verdict == TransferVerdict.No);

    public double CannotTell => Share(o => o.Verdict == TransferVerdict.CannotTell);

    public double Milliseconds => outcomes.Average(o => o.Milliseconds);

    public Summary Of(Func<Outcome, bool> which) => new([.. outcomes.Where(which)]);

    public IEnumerable<(T Key, Summary Summary)> By<T>(Func<Cell, T> key) =>
        outcomes.GroupBy(o => key(_cells[o.Cell])).Select(g => (g.Key, new Summary([.. g])));

    public double Share(Func<Outcome, bool> what) => Draws == 0 ? double.NaN : outcomes.Count(what) / (double)Draws;

    /// <summary>A quantile of risk over the oracle's, less one; risks with the noise that no model can avoid.</summary>
    public double Regret(Func<Outcome, double> risk, double quantile) =>
        Quantile(outcomes.Select(o => ((risk(o) + o.Noise) / (o.Oracle + o.Noise)) - 1), quantile);

    public double MeanRegret(Func<Outcome, double> risk) => outcomes.Average(o => ((risk(o) + o.Noise) / (o.Oracle + o.Noise)) - 1);

    /// <summary>The same of the excess risk alone, without the noise.</summary>
    public double ExcessRegret(Func<Outcome, double> risk, double quantile) =>
        Quantile(outcomes.Select(o => (risk(o) / o.Oracle) - 1), quantile);

    /// <summary>How often the risk is more than 1 % above that of the target's rows alone.</summary>
    public double Negative(Func<Outcome, double> risk) => Share(o => risk(o) + o.Noise > 1.01 * (o.Scratch + o.Noise));

    public static double Quantile(IEnumerable<double> values, double q)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var at = q * (sorted.Length - 1);
        var low = (int)at;
        return low + 1 < sorted.Length ? sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low])) : sorted[low];
    }

    private static bool Covers(Outcome o) => o.Lower <= _cells[o.Cell].Alignment && _cells[o.Cell].Alignment <= o.Upper;

    private static bool IsUnbounded(Outcome o) => double.IsInfinity(o.Lower) || double.IsInfinity(o.Upper);
}
