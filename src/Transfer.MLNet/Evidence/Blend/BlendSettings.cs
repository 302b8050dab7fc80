namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// The constants of the blend: docs/alignment.md says what each is for and how it was found. <see cref="Plain"/> is the published rule, of
/// which there are reference numbers.
/// </summary>
internal sealed record BlendSettings
{
    /// <summary>
    /// r of an intercept of which nothing is known, in units of the noise variance: proper, so that its marginal likelihood can be
    /// compared, and a thirtieth of a single row's pull.
    /// </summary>
    public const double FreeLevel = 30;

    /// <summary>What is used.</summary>
    public static BlendSettings Used { get; } = new();

    /// <summary>The published rule: free intercepts, both likelihoods alike, a model that is taken at its word, no veto.</summary>
    public static BlendSettings Plain { get; } = new()
    {
        LevelWidths = [],
        LikelihoodPower = 0.25,
        LeftOutPower = 0.25,
        HelpPower = 1,
        ProbabilityRamp = (0.5, 0.9),
        ErrorsAgainst = (double.PositiveInfinity, double.PositiveInfinity),
    };

    /// <summary>
    /// g: how much of the label's variance the part between the tasks may explain, over the noise. tau = (sum of eigenvalues) / g.
    /// </summary>
    public double[] SignalNodes { get; init; } = [.. Enumerable.Range(0, 9).Select(t => Math.Pow(10, -3 + (0.75 * t)))];

    /// <summary>
    /// Times what the groups' intercepts vary by, one node each; null is <see cref="FreeLevel"/>: the target may differ less, as much,
    /// more, or be of another kind. Empty leaves the intercept free.
    /// </summary>
    public double?[] LevelWidths { get; init; } = [0.3, 1, 3, null];

    /// <summary>Of c where the source is one task.</summary>
    public ScalePrior SingleSource { get; init; } = new(0.75, 0.75, 0.25);

    /// <summary>Of c around the mean of the source's groups.</summary>
    public ScalePrior Groups { get; init; } = new(1, 0.3, 0.2);

    /// <summary>Of c where it is reported, and for the probability of help: says little, and nothing in favour of zero.</summary>
    public ScalePrior Reported { get; init; } = new(0.75, 2, 0);

    /// <summary>How much more likely the metric of the groups is beforehand: the logarithm of the factor.</summary>
    public double GroupBonus { get; init; } = 1;

    /// <summary>Power of the marginal likelihood in a node's weight.</summary>
    public double LikelihoodPower { get; init; } = 0.1;

    /// <summary>Power of the left-out likelihood in a node's weight.</summary>
    public double LeftOutPower { get; init; } = 0.3;

    /// <summary>Power of the marginal likelihood for the probability of help: as if so large a share of the rows had been seen.</summary>
    public double HelpPower { get; init; } = 0.5;

    /// <summary>Power of the marginal likelihood where c and its interval are reported.</summary>
    public double ReportedPower { get; init; } = 0.7;

    /// <summary>Where the blend begins to count as the probability of help rises, and where it counts whole.</summary>
    public (double From, double To) ProbabilityRamp { get; init; } = (0.5, 0.75);

    /// <summary>Where the blend counts whole, and where no longer, as the weight of c = 0 rises.</summary>
    public (double From, double To) ZeroRamp { get; init; } = (0.4, 0.7);

    /// <summary>The same, by how many standard errors left-out squares are larger than those of the target alone.</summary>
    public (double From, double To) ErrorsAgainst { get; init; } = (1, 2);

    /// <summary>A probability of help from which the answer is yes.</summary>
    public double Sure { get; init; } = 0.9;

    /// <summary>How much of the blend is used.</summary>
    /// <param name="probability">Of help.</param>
    /// <param name="zeroWeight">The weight of c = 0.</param>
    /// <param name="errorsAgainst">By how many standard errors its left-out squares are larger than those of the target alone.</param>
    public double Alpha(double probability, double zeroWeight, double errorsAgainst = 0) =>
        Math.Clamp((probability - ProbabilityRamp.From) / (ProbabilityRamp.To - ProbabilityRamp.From), 0, 1)
        * Math.Clamp((ZeroRamp.To - zeroWeight) / (ZeroRamp.To - ZeroRamp.From), 0, 1)
        * (errorsAgainst <= ErrorsAgainst.From ? 1
            : Math.Clamp((ErrorsAgainst.To - errorsAgainst) / (ErrorsAgainst.To - ErrorsAgainst.From), 0, 1));
}
