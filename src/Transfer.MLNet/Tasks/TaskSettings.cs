using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Tasks;

/// <summary>The options of a trainer, checked and no longer changing.</summary>
internal sealed record TaskSettings(
    TaskColumns Columns,
    StartingPoint? StartingPoint,
    double StartingPointScale,
    double? Tau,
    InterceptRule Intercept,
    int Threads,
    CancellationToken Cancellation)
{
    /// <summary>null: the identity.</summary>
    public PullMetric? Metric { get; init; }

    /// <summary>Of losses that are not a square.</summary>
    public TauSelection Selection { get; init; }

    public int Folds { get; init; } = 5;

    public int Seed { get; init; }

    public double Tolerance { get; init; } = 1e-8;

    public int MaximumIterations { get; init; } = 100;

    /// <summary>null: nobody is told.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Of counts.</summary>
    public string? Exposure { get; init; }

    /// <summary>Of several classes.</summary>
    public MissingClasses Missing { get; init; }

    public NewClassStart NewClasses { get; init; }

    /// <summary>Whether the model's classes keep their keys, those of the label that it does not have coming after them.</summary>
    public bool StartFirst { get; init; }

    /// <summary>What all trainers have: columns, intercept, threads; no start.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static TaskSettings Common(L2SpOptions options)
    {
        var check = OptionCheck.Of(options);
        check.Columns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName);
        check.Threads(options.NumberOfThreads);
        return new(
            new TaskColumns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName),
            StartingPoint: null,
            StartingPointScale: 1,
            Tau: null,
            options.FitIntercept ? InterceptRule.Free : InterceptRule.None,
            options.NumberOfThreads ?? Environment.ProcessorCount,
            options.CancellationToken)
        { Progress = options.Progress };
    }

    /// <summary>What trainers with a starting point have.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static TaskSettings Of(L2SpTrainerOptions options)
    {
        var common = Common(options);
        var check = OptionCheck.Of(options);
        check.Tau(options.Tau);
        check.Scale(options.StartingPointScale);
        check.PullOfIntercept(options.PullIntercept, options.FitIntercept, options.StartingPoint is not null,
            nameof(options.PullIntercept));
        var settings = common with
        {
            StartingPoint = options.StartingPoint,
            StartingPointScale = options.StartingPointScale,
            Tau = options.Tau,
            Intercept = options.PullIntercept ? InterceptRule.TowardsStart : common.Intercept,
            Metric = options.Metric,
        };
        if (options is not L2SpIterativeOptions curved)
        {
            return settings;
        }

        if (curved.Metric is { Metric.Roots: null } full)
        {
            throw new ArgumentException(
                $"Metric is a {full}, and this trainer takes a diagonal one only: its rows stay as they are in memory, dense or sparse. "
                + "Use PullMetric.Diagonal.",
                nameof(options));
        }

        check.Defined(curved.TauSelection, nameof(curved.TauSelection));
        check.Range(curved.Folds, 2, long.MaxValue, nameof(curved.Folds));
        check.Require(
            curved.Tolerance > 0 && double.IsFinite(curved.Tolerance), curved.Tolerance, nameof(curved.Tolerance),
                "must be above zero; 1e-8 is the default.");
        check.Range(curved.MaximumIterations, 1, long.MaxValue, nameof(curved.MaximumIterations));
        return settings with
        {
            Selection = curved.TauSelection,
            Folds = curved.Folds,
            Seed = curved.Seed,
            Tolerance = curved.Tolerance,
            MaximumIterations = curved.MaximumIterations,
        };
    }

    /// <summary>What the solver is told.</summary>
    public NewtonSettings With(double tau) => new(tau, Intercept, Tolerance, MaximumIterations);

    /// <summary>c w_sp and b_sp of a task with one output, for rows with this many features; what is odd about them is told.</summary>
    /// <param name="featureCount">p.</param>
    /// <param name="unit">Of the task's scores.</param>
    /// <param name="log">null: nothing is told.</param>
    /// <exception cref="ArgumentException">It has another number of weights.</exception>
    public Start StartFor(int featureCount, ScoreUnit unit, StockLog? log)
    {
        if (StartingPoint is not { } start)
        {
            return Start.Zero(featureCount);
        }

        start.RequireFeatures(featureCount, Columns.Features);
        if (log is not null)
        {
            StartUnit.Tell(start, unit, log);
        }

        var weights = new double[featureCount];
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = StartingPointScale * start.WeightSpan[j];
        }

        return new(weights, start.Bias);
    }
}
