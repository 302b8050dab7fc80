using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpRidgeTrainer"/> went. Immutable.</summary>
public sealed class L2SpRidgeReport : L2SpReport
{
    private readonly TaskFit _fit;

    internal L2SpRidgeReport(TaskFit fit)
        : base(fit) => _fit = fit;

    /// <summary>The root of the mean squared leave-one-out error at <see cref="L2SpReport.Tau"/>, in the label's unit; null where tau was
    /// not chosen by it.</summary>
    public double? LeaveOneOutError => _fit is { ByFolds: false, LeftOut: { } error } ? Math.Sqrt(error) : null;

    /// <summary>The root of the mean squared error over the folds (of the moments, or of very wide rows) at <see cref="L2SpReport.Tau"/>,
    /// in the label's unit; null where tau was not chosen by it.</summary>
    public double? CrossValidationError => _fit is { ByFolds: true, LeftOut: { } error } ? Math.Sqrt(error) : null;

    /// <summary>b, in double precision; zero where there is none.</summary>
    public double Intercept => _fit.Scores.Intercepts[0];
}
