namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// The constants of the blend. Those of <see cref="Plain"/> are the published rule's, found on seven real tables and by simulation and
/// checked on eight others: docs/alignment.md says what each is for.
/// </summary>
internal sealed record BlendSettings
{
    /// <summary>The rule with nothing changed.</summary>
    public static BlendSettings Plain { get; } = new();

    /// <summary>g: how much of the label's variance the part between the tasks may explain, over the noise. tau = (sum of eigenvalues) / g.</summary>
    public double[] SignalNodes { get; init; } = [.. Enumerable.Range(0, 9).Select(t => Math.Pow(10, -3 + (0.75 * t)))];

    /// <summary>Of c where the source is one task.</summary>
    public ScalePrior SingleSource { get; init; } = new(0.75, 0.75, 0.25);

    /// <summary>Of c around the mean of the source's groups.</summary>
    public ScalePrior Groups { get; init; } = new(1, 0.3, 0.2);

    /// <summary>Of c where it is reported, and for the probability of help: says little, and nothing in favour of zero.</summary>
    public ScalePrior Reported { get; init; } = new(0.75, 2, 0);

    /// <summary>How much more likely the metric of the groups is beforehand: the logarithm of the factor.</summary>
    public double GroupBonus { get; init; } = 1;

    /// <summary>Power of the marginal likelihood in a node's weight.</summary>
    public double LikelihoodPower { get; init; } = 0.25;

    /// <summary>Power of the left-out likelihood in a node's weight.</summary>
    public double LeftOutPower { get; init; } = 0.25;

    /// <summary>Power of the marginal likelihood where c and its interval are reported.</summary>
    public double ReportedPower { get; init; } = 0.7;

    /// <summary>Where the blend begins to count as the probability of help rises, and where it counts whole.</summary>
    public (double From, double To) ProbabilityRamp { get; init; } = (0.5, 0.9);

    /// <summary>Where the blend counts whole, and where no longer, as the weight of c = 0 rises.</summary>
    public (double From, double To) ZeroRamp { get; init; } = (0.4, 0.7);

    /// <summary>A probability of help from which the answer is yes.</summary>
    public double Sure { get; init; } = 0.9;

    /// <summary>How much of the blend is used.</summary>
    public double Alpha(double probability, double zeroWeight) =>
        Math.Clamp((probability - ProbabilityRamp.From) / (ProbabilityRamp.To - ProbabilityRamp.From), 0, 1)
        * Math.Clamp((ZeroRamp.To - zeroWeight) / (ZeroRamp.To - ZeroRamp.From), 0, 1);
}
