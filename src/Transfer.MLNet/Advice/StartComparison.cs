namespace Transfer.MLNet.Advice;

/// <summary>
/// The ways that begin at one start: the source trained with every tau_0 of a grid, none, and the source as is best for itself, each with
/// every tau_1 of the target.
/// </summary>
internal abstract class StartComparison
{
    /// <summary>tau_0, ascending: starts 0 .. count - 1. Empty where a model was given.</summary>
    public abstract IReadOnlyList<double> SourceTaus { get; }

    /// <summary>tau_S*; null where a model was given.</summary>
    public abstract double? OwnTau { get; }

    /// <summary>tau_1. One of them is <see cref="Endless"/>.</summary>
    public abstract IReadOnlyList<double> TargetTaus { get; }

    /// <summary>The place of the tau_1 that leaves the start as it is: not a choice.</summary>
    public abstract int Endless { get; }

    /// <summary>The start of nothing: the target's rows alone.</summary>
    public int None => SourceTaus.Count;

    /// <summary>The start of the source as is best for itself, or of the given model.</summary>
    public abstract int Own { get; }

    /// <summary>The best without a source, by left-out errors alone.</summary>
    public abstract Setting Scratch { get; }

    /// <summary>The best of all pairs; its start may be none.</summary>
    public abstract Setting Best { get; }

    /// <summary>The best of the pairs whose source was trained again; <see cref="None"/> where a model was given.</summary>
    public abstract Setting BestWithSource { get; }

    /// <summary>The best multiple of the source as it is; null where that is nothing of it.</summary>
    public abstract ScaledSetting? Scaled { get; }

    /// <summary>The best multiple of the source's scores, with an intercept of the target's own: a + c times them.</summary>
    public abstract ScaledSetting Rescaled { get; }

    /// <summary>The taus of <see cref="TargetTaus"/> that are a choice, by their places, ascending.</summary>
    public IEnumerable<int> Choices => Enumerable.Range(0, TargetTaus.Count).Where(t => t != Endless).OrderBy(t => TargetTaus[t]);

    /// <summary>The best tau_1 of a start.</summary>
    public abstract Setting BestOf(int start);

    /// <summary>The mean risk on left-out rows.</summary>
    public abstract double LeftOut(Setting at);

    /// <summary>What some pairs cost, compared with <see cref="Scratch"/>.</summary>
    public abstract MeasuredRisk[] Risks(IReadOnlyList<Setting> pairs);

    /// <summary>That a pair is better than the target alone; null where nothing says so.</summary>
    public abstract double? Probability(Setting at);

    public MeasuredRisk Risk(Setting at) => Risks([at])[0];

    /// <summary>How the source should be trained if there is one start.</summary>
    /// <param name="formula">The tau_0 of the theory.</param>
    /// <param name="reason">Of the choice, given the tau_0 of left-out errors alone.</param>
    public SourceTraining Training(double? formula, Func<double?, string> reason)
    {
        Setting[] curve = [.. Enumerable.Range(0, None).Select(BestOf)];
        var risks = Risks(curve);
        var leftOut = LeftOutTau();
        return new()
        {
            SourceOptimalTau = OwnTau!.Value,
            TransferOptimalTau = TauOf(Best.Start),
            FormulaTau = formula,
            LeftOutTau = leftOut,
            Reason = reason(leftOut),
            RiskCurve = Array.AsReadOnly(
                curve.Select((c, i) => risks[i].Point(SourceTaus[c.Start], TargetTaus[c.Tau])).ToArray()),
            RiskGrid = Grid(),
        };
    }

    /// <summary>Every pair, for plots.</summary>
    public RiskGrid Grid()
    {
        int[] taus = [.. Choices];
        return new(
            SourceTaus,
            [.. taus.Select(t => TargetTaus[t])],
            [.. taus.Select(t => (IReadOnlyList<double>)[.. Enumerable.Range(0, None).Select(s => LeftOut(new(s, t)))])],
            [.. taus.Select(t => LeftOut(new(None, t)))]);
    }

    private double? LeftOutTau()
    {
        double Least(int start) => Choices.Min(t => LeftOut(new(start, t)));
        var best = Enumerable.Range(0, None).MinBy(Least);
        return Least(best) < Least(None) ? SourceTaus[best] : null;
    }

    private double? TauOf(int start) => start == None ? null : SourceTaus[start];
}

/// <summary>A start and a tau_1, by their places.</summary>
internal readonly record struct Setting(int Start, int Tau);

/// <summary>The source as it is, multiplied.</summary>
/// <param name="Scale">By what.</param>
/// <param name="TargetTau">tau_1; null where no weight is trained on the target.</param>
/// <param name="Risk">What it costs.</param>
/// <param name="Probability">That it is better than the target alone.</param>
internal sealed record ScaledSetting(double Scale, double? TargetTau, MeasuredRisk Risk, double? Probability)
{
    /// <summary>
    /// What it saves against the target alone, where that is not the difference to the target alone of the table, as with clusters; else
    /// null.
    /// </summary>
    public double? Gain { get; init; }
}
