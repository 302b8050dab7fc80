namespace Transfer.MLNet.Validation.Real;

/// <summary>What one way comes to over some draws: tables weigh the same, and in a table its sizes.</summary>
internal sealed class RealSummary
{
    private readonly List<(RealCell Cell, double Risk)> _risks;

    /// <param name="outcomes">The draws.</param>
    /// <param name="way">Its place in <see cref="RealTrial.Ways"/>.</param>
    public RealSummary(IEnumerable<RealOutcome> outcomes, int way)
    {
        _risks = [.. outcomes.Where(o => o.Tried(way)).Select(o => (RealCell.OfName(o.Cell), o.Risk(way)))];
    }

    /// <summary>Draws in which the way was tried.</summary>
    public int Draws => _risks.Count;

    /// <summary>The geometric mean of the risk over that of the target's rows alone.</summary>
    public double Risk => Math.Exp(Mean(_risks, r => Math.Log(r.Risk)));

    /// <summary>How often the risk is more than 1 % above that of the target's rows alone.</summary>
    public double Worse => ShareAbove(1.01);

    public double ShareAbove(double risk) => Mean(_risks, r => r.Risk > risk ? 1 : 0);

    public double RiskOf(Func<RealCell, bool> which) => Math.Exp(Mean(_risks.Where(r => which(r.Cell)), r => Math.Log(r.Risk)));

    public double WorseOf(Func<RealCell, bool> which, double risk) => Mean(_risks.Where(r => which(r.Cell)), r => r.Risk > risk ? 1 : 0);

    private static double Mean(IEnumerable<(RealCell Cell, double Risk)> of, Func<(RealCell Cell, double Risk), double> value)
    {
        var tables = of.GroupBy(r => r.Cell.Table).ToArray();
        return tables.Length == 0 ? double.NaN : tables.Average(t => t.GroupBy(r => r.Cell.TargetRows).Average(s => s.Average(value)));
    }
}
