using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Trainers;

/// <summary>The options of a trainer, checked and no longer changing.</summary>
internal sealed record RidgeSettings(
    TaskColumns Columns,
    StartingPoint? StartingPoint,
    double StartingPointScale,
    PullMetric? Metric,
    double? Tau,
    InterceptRule Intercept,
    int Threads,
    CancellationToken Cancellation)
{
    public static RidgeSettings Of(L2SpRidgeTrainer.Options options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName, nameof(options.LabelColumnName));
        ArgumentException.ThrowIfNullOrEmpty(options.FeatureColumnName, nameof(options.FeatureColumnName));
        if (options.Tau is { } tau && !(tau >= 0 && double.IsFinite(tau)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                tau,
                "Tau must be a finite number, zero or above. "
                + (double.IsPositiveInfinity(tau)
                    ? "An infinite tau is the starting point itself (zero, where there is none): nothing is learnt from the rows."
                    : "Leave it out to have it chosen by leave-one-out."));
        }

        if (!double.IsFinite(options.StartingPointScale))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.StartingPointScale, "StartingPointScale must be a finite number; 1 leaves it as it is.");
        }

        if (options.PullIntercept && !options.FitIntercept)
        {
            throw new ArgumentException("PullIntercept pulls an intercept that FitIntercept = false leaves out. Set one of the two the other way.", nameof(options));
        }

        if (options.PullIntercept && options.StartingPoint is null)
        {
            throw new ArgumentException("PullIntercept pulls the intercept to that of the starting point, and there is none. Set StartingPoint.", nameof(options));
        }

        if (options.NumberOfThreads is < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.NumberOfThreads, "NumberOfThreads must be at least 1. Leave it out to use one for each processor.");
        }

        return new(
            new TaskColumns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName),
            options.StartingPoint,
            options.StartingPointScale,
            options.Metric,
            options.Tau,
            !options.FitIntercept ? InterceptRule.None : options.PullIntercept ? InterceptRule.TowardsStart : InterceptRule.Free,
            options.NumberOfThreads ?? Environment.ProcessorCount,
            options.CancellationToken);
    }

    /// <summary>c w_sp and b_sp, for rows with this many features.</summary>
    public Start StartFor(int featureCount, string featureColumn)
    {
        if (StartingPoint is null)
        {
            return Start.Zero(featureCount);
        }

        StartingPoint.RequireFeatures(featureCount, featureColumn);
        return new([.. StartingPoint.Weights.Select(w => StartingPointScale * w)], StartingPoint.Bias);
    }
}
