namespace Transfer.MLNet.Advice;

/// <summary>
/// What came out best on left-out rows, and how likely it is to beat the target's rows alone: the choice is made again for every fold
/// from the other folds and judged on that fold, so that the search itself is paid for.
/// </summary>
internal sealed class CurvedComparison : StartComparison
{
    private readonly LeftOutLosses _losses;
    private readonly CurvedStarts _starts;
    private readonly double? _probabilityOfHelp;

    public CurvedComparison(LeftOutLosses losses, CurvedStarts starts)
    {
        (_losses, _starts) = (losses, starts);
        Scratch = Least([starts.None], -1);
        BestScaled = Least(ScaledStarts, -1);
        ProbabilityOfScaled = Chance(ScaledStarts);
        if (starts.Taus.Length == 0)
        {
            (Best, BestWithSource) = (BestScaled, new(starts.None, BestScaled.Tau));
            return;
        }

        BestWithSource = Least(GridStarts, -1);
        Best = _losses.Mean(BestWithSource) < _losses.Mean(Scratch) ? BestWithSource : Scratch;
        _probabilityOfHelp = Chance(GridStarts);
    }

    public override IReadOnlyList<double> SourceTaus => _starts.Taus;

    public override double? OwnTau => _starts.SourceOptimalTau;

    public override IReadOnlyList<double> TargetTaus => _losses.Taus;

    public override int Endless => 0;

    public override int Own => _starts.AsIs;

    public override Setting Scratch { get; }

    public override Setting Best { get; }

    public override Setting BestWithSource { get; }

    /// <summary>The best with the source as it is, scaled.</summary>
    public Setting BestScaled { get; }

    /// <summary>That choosing it does better than choosing <see cref="Scratch"/>.</summary>
    public double ProbabilityOfScaled { get; }

    public override ScaledSetting Scaled => new(
        _starts.ScaleOf(BestScaled.Start), _losses.Taus[BestScaled.Tau], Risk(BestScaled), ProbabilityOfScaled);

    /// <summary>c among <see cref="CurvedStarts.Scales"/>.</summary>
    public override ScaledSetting Rescaled
    {
        get
        {
            var best = ScaledStarts.Select(s => new Setting(s, Endless)).MinBy(_losses.Mean);
            return new(_starts.ScaleOf(best.Start), null, Risk(best), null);
        }
    }

    private int[] GridStarts => [.. Enumerable.Range(0, _starts.None)];

    private int[] ScaledStarts => [.. Enumerable.Range(_starts.FirstScaled, CurvedStarts.Scales.Length)];

    public override Setting BestOf(int start) => Least([start], -1);

    public override double LeftOut(Setting at) => _losses.Mean(at);

    public override MeasuredRisk[] Risks(IReadOnlyList<Setting> pairs) =>
        [.. pairs.Select(at => new MeasuredRisk(null, _losses.Mean(at), _losses.PairedError(at, Scratch)) { Plain = _losses.Plain(at) })];

    /// <summary>Of a start that was searched for: that choosing it does better than choosing <see cref="Scratch"/>.</summary>
    public override double? Probability(Setting at) => at == BestWithSource ? _probabilityOfHelp : null;

    private Setting Least(int[] starts, int without)
    {
        var (best, least) = (new Setting(starts[0], 1), double.PositiveInfinity);
        foreach (var start in starts)
        {
            for (var t = 1; t < _losses.Taus.Length; t++)
            {
                var at = new Setting(start, t);
                var loss = _losses.Mean(at, without);
                (best, least) = loss < least ? (at, loss) : (best, least);
            }
        }

        return best;
    }

    private double Chance(int[] starts)
    {
        var choices = _losses.Folds.ToDictionary(f => f, f => (Scratch: Least([_starts.None], f), With: Least(starts, f)));
        var (gain, error) = _losses.Gain(f => choices[f].Scratch, f => choices[f].With);
        return Decision.ProbabilityOf(gain, error, _losses.Mean(Scratch));
    }
}
