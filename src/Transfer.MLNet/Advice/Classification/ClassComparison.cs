namespace Transfer.MLNet.Advice;

/// <summary>
/// What came out best on left-out rows, and how likely it is to beat the target's rows alone: the choice is made again for every fold
/// from the other folds and judged on that fold, so that the search itself is paid for.
/// </summary>
internal sealed class ClassComparison
{
    private readonly LeftOutLosses _losses;
    private readonly ClassStartingPoints _starts;

    public ClassComparison(LeftOutLosses losses, ClassStartingPoints starts)
    {
        (_losses, _starts) = (losses, starts);
        Scratch = Best([starts.None], -1);
        BestScaled = Best(Scaled, -1);
        ProbabilityOfScaled = Probability(Scaled);
        if (starts.Taus.Length == 0)
        {
            (BestWithSource, ProbabilityOfHelp) = (BestScaled, ProbabilityOfScaled);
            return;
        }

        BestWithSource = Best(Grid, -1);
        ProbabilityOfHelp = Probability(Grid);
    }

    /// <summary>The target's rows alone.</summary>
    public Setting Scratch { get; }

    /// <summary>The best with a source that is trained again, or with the given model.</summary>
    public Setting BestWithSource { get; }

    /// <summary>The best with the source as it is, scaled.</summary>
    public Setting BestScaled { get; }

    /// <summary>That choosing <see cref="BestWithSource"/> does better than choosing <see cref="Scratch"/>.</summary>
    public double ProbabilityOfHelp { get; }

    public double ProbabilityOfScaled { get; }

    private int[] Grid => [.. Enumerable.Range(0, _starts.None)];

    private int[] Scaled => [.. Enumerable.Range(_starts.FirstScaled, ClassStartingPoints.Scales.Length)];

    /// <summary>The best tau_1 of one start.</summary>
    public Setting BestOf(int start) => Best([start], -1);

    public MeasuredRisk Risk(Setting at) => new(null, _losses.Mean(at), _losses.PairedError(at, Scratch));

    /// <summary>Every pair that was compared, but for the endless tau_1, which is not a choice.</summary>
    public RiskGrid AllPairs()
    {
        int[] tausUp = [.. Enumerable.Range(1, _losses.Taus.Length - 1).OrderBy(t => _losses.Taus[t])];
        return new(
            _starts.Taus,
            [.. tausUp.Select(t => _losses.Taus[t])],
            [.. tausUp.Select(t => (IReadOnlyList<double>)[.. Grid.Select(s => _losses.Mean(new(s, t)))])],
            [.. tausUp.Select(t => _losses.Mean(new(_starts.None, t)))]);
    }

    private Setting Best(int[] starts, int without)
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

    private double Probability(int[] starts)
    {
        var choices = _losses.Folds.ToDictionary(f => f, f => (Scratch: Best([_starts.None], f), With: Best(starts, f)));
        var (gain, error) = _losses.Gain(f => choices[f].Scratch, f => choices[f].With);
        return Decision.ProbabilityOf(gain, error, _losses.Mean(Scratch));
    }
}
