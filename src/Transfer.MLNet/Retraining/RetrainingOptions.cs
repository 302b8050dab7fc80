using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>The options of a retraining as those of its task, checked.</summary>
internal static class RetrainingOptions
{
    /// <param name="options">What the user gave.</param>
    /// <param name="start">The old weights.</param>
    /// <param name="featureColumn">The layer's.</param>
    /// <param name="name">What the options are called.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static TaskSettings Of(FineTuneOptions options, StartingPoint start, string featureColumn, string name = nameof(FineTuneOptions))
    {
        var check = new OptionCheck(name);
        check.Columns(options.LabelColumnName, featureColumn, options.ExampleWeightColumnName);
        check.NameIfGiven(options.ExposureColumnName, nameof(options.ExposureColumnName));
        check.Tau(options.Tau);
        check.Scale(options.StartingPointScale);
        check.Threads(options.NumberOfThreads);
        check.Defined(options.TauSelection, nameof(options.TauSelection));
        return new(
            new TaskColumns(options.LabelColumnName, featureColumn, options.ExampleWeightColumnName),
            start,
            options.StartingPointScale,
            options.Tau,
            options.PullIntercept ? InterceptRule.TowardsStart : InterceptRule.Free,
            options.NumberOfThreads ?? Environment.ProcessorCount,
            options.CancellationToken)
        {
            Selection = options.TauSelection,
            Progress = options.Progress,
            Exposure = options.ExposureColumnName,
            Missing = MissingClasses.Keep,
            NewClasses = NewClassStart.MeanOfClasses,
            StartFirst = true,
        };
    }

    /// <summary>Exposures are for counts only.</summary>
    /// <exception cref="ArgumentException">They are given for something else.</exception>
    public static void RequireCounts(string? exposure, bool isCount, ITransformer layer)
    {
        if (exposure is not null && !isCount)
        {
            throw new ArgumentException(
                $"ExposureColumnName is '{exposure}', but the model's last predictor ({LayerInChain.Describe(layer)}) is not of counts. "
                + "Exposures are for Poisson regressions (LbfgsPoissonRegression, L2SpPoissonRegression): leave it out.",
                nameof(exposure));
        }
    }

    /// <summary>What is told of a layer that is moved in one way.</summary>
    /// <param name="measure">What errors are.</param>
    /// <param name="rows">n.</param>
    /// <param name="tau">As chosen or given.</param>
    /// <param name="leftOut">The error of left-out rows; null where none were.</param>
    /// <param name="beside">The same beside the model as it is; null where that was not looked at.</param>
    /// <param name="skipped">What was left out of the comparison.</param>
    public static FineTuneReport Report(
        string measure, long rows, double tau, double? leftOut, StartErrors? beside = null, string? skipped = null)
    {
        return new()
        {
            Way = FineTuneWay.FromModel,
            Tau = tau,
            Measure = measure,
            Rows = rows,
            RowsCompared = leftOut is null ? 0 : rows,
            Skipped = skipped,
            Candidates =
            [
                .. AsItIs(beside),
                new()
                {
                    Way = FineTuneWay.FromModel,
                    Tau = tau,
                    LeftOutError = leftOut,
                    LeftOutAccuracy = beside?.RightAfter,
                    StandardErrorOfDifference = leftOut is null ? null : 0,
                },
            ],
        };
    }

    private static FineTuneCandidate[] AsItIs(StartErrors? beside)
    {
        return beside is null ? [] : [new()
        {
            Way = FineTuneWay.AsItIs,
            LeftOutError = beside.Before,
            LeftOutAccuracy = beside.RightBefore,
            StandardErrorOfDifference = beside.StandardError,
        }];
    }
}
