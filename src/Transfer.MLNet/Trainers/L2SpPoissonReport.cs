using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpPoissonRegressionTrainer"/> went. Immutable.</summary>
public sealed class L2SpPoissonReport : L2SpIterativeReport
{
    private readonly TaskFit _fit;

    internal L2SpPoissonReport(TaskFit fit)
        : base(fit) => _fit = fit;

    /// <summary>
    /// The mean deviance at <see cref="L2SpReport.Tau"/> of rows that were left out; null where tau was not chosen by it.
    /// </summary>
    public double? LeftOutDeviance => _fit.LeftOut;

    /// <summary>The mean deviance on the rows themselves: of a count y with mean m, 2 (y log(y / m) - y + m).</summary>
    public double Deviance => _fit.Loss!.Value;

    /// <summary>b, in double precision: exp(b) is the expected count, per unit of exposure, where all features are zero.</summary>
    public double Intercept => _fit.Scores.Intercepts[0];
}
