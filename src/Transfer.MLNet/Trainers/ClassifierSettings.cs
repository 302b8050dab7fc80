using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Trainers;

/// <summary>The options of a classifier's trainer, checked and no longer changing.</summary>
internal sealed record ClassifierSettings(
    TaskColumns Columns,
    StartingPoint? StartingPoint,
    double StartingPointScale,
    PullMetric? Metric,
    double? Tau,
    TauSelection Selection,
    int Folds,
    int Seed,
    InterceptRule Intercept,
    double Tolerance,
    int MaximumIterations,
    int Threads,
    CancellationToken Cancellation)
{
    public static ClassifierSettings Of(L2SpClassifierOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName, nameof(options.LabelColumnName));
        ArgumentException.ThrowIfNullOrEmpty(options.FeatureColumnName, nameof(options.FeatureColumnName));
        if (options.Tau is { } tau)
        {
            Require(
                options,
                tau >= 0 && double.IsFinite(tau),
                tau,
                "Tau must be a finite number, zero or above. "
                + (double.IsPositiveInfinity(tau)
                    ? "An infinite tau is the starting point itself (zero, where there is none): nothing is learnt from the rows."
                    : "Leave it out to have it chosen by rows that are left out."));
        }

        Require(options, double.IsFinite(options.StartingPointScale), options.StartingPointScale, "StartingPointScale must be a finite number; 1 leaves it as it is.");
        Require(options, Enum.IsDefined(options.TauSelection), options.TauSelection, "TauSelection must be CrossValidation or ApproximateLeaveOneOut.");
        Require(options, options.Folds >= 2, options.Folds, "Folds must be at least 2. Set Tau where there is nothing to cross-validate with.");
        Require(options, options.Tolerance > 0 && double.IsFinite(options.Tolerance), options.Tolerance, "Tolerance must be above zero; 1e-8 is the default.");
        Require(options, options.MaximumIterations >= 1, options.MaximumIterations, "MaximumIterations must be at least 1.");
        Require(options, options.NumberOfThreads is null or >= 1, options.NumberOfThreads, "NumberOfThreads must be at least 1. Leave it out to use one for each processor.");
        if (options.Metric is { Metric.Roots: null })
        {
            throw new ArgumentException(
                $"Metric is a {options.Metric}, and this trainer takes a diagonal one only: its rows stay as they are in memory, dense or sparse. Use PullMetric.Diagonal.",
                nameof(options));
        }

        if (options.PullIntercept && !options.FitIntercept)
        {
            throw new ArgumentException("PullIntercept pulls an intercept that FitIntercept = false leaves out. Set one of the two the other way.", nameof(options));
        }

        if (options.PullIntercept && options.StartingPoint is null)
        {
            throw new ArgumentException("PullIntercept pulls the intercept to that of the starting point, and there is none. Set StartingPoint.", nameof(options));
        }

        return new(
            new TaskColumns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName),
            options.StartingPoint,
            options.StartingPointScale,
            options.Metric,
            options.Tau,
            options.TauSelection,
            options.Folds,
            options.Seed,
            !options.FitIntercept ? InterceptRule.None : options.PullIntercept ? InterceptRule.TowardsStart : InterceptRule.Free,
            options.Tolerance,
            options.MaximumIterations,
            options.NumberOfThreads ?? Environment.ProcessorCount,
            options.CancellationToken);
    }

    /// <summary>What the solver is told.</summary>
    public NewtonSettings With(double tau) => new(tau, Intercept, Tolerance, MaximumIterations);

    /// <summary>c w_sp and b_sp of a task with one output, for rows with this many features; what is odd about them is told.</summary>
    public Start StartFor(int featureCount, ScoreUnit unit, StockLog log)
    {
        if (StartingPoint is not { } start)
        {
            return Start.Zero(featureCount, 1);
        }

        start.RequireFeatures(featureCount, Columns.Features);
        StartUnit.Tell(start, unit, log);
        var weights = new double[featureCount];
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = StartingPointScale * start.WeightSpan[j];
        }

        return new(weights, [start.Bias]);
    }

    private static void Require(L2SpClassifierOptions options, bool holds, object? value, string message)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(nameof(options), value, message);
        }
    }
}
