using Transfer.MLNet.Models;

namespace Transfer.MLNet.Retraining;

/// <summary>The options of a retraining as those of a classifier's trainer.</summary>
internal static class RetrainingOptions
{
    public static T To<T>(T trainer, LayerInChain found, FineTuneOptions options)
        where T : L2SpClassifierOptions
    {
        trainer.StartingPoint = StartingPoint.From(found);
        trainer.StartingPointScale = options.StartingPointScale;
        trainer.Tau = options.Tau;
        trainer.TauSelection = options.TauSelection;
        trainer.PullIntercept = options.PullIntercept;
        trainer.LabelColumnName = options.LabelColumnName;
        trainer.FeatureColumnName = found.Layer.FeatureColumn;
        trainer.ExampleWeightColumnName = options.ExampleWeightColumnName;
        trainer.NumberOfThreads = options.NumberOfThreads;
        trainer.CancellationToken = options.CancellationToken;
        return trainer;
    }

    /// <summary>What is told of a linear layer, which is moved in one way.</summary>
    public static FineTuneReport Report(string measure, long rows, double tau, double? leftOut, string? skipped = null) => new()
    {
        Way = FineTuneWay.FromModel,
        Tau = tau,
        Measure = measure,
        Rows = rows,
        RowsCompared = leftOut is null ? 0 : rows,
        Skipped = skipped,
        Candidates = [new() { Way = FineTuneWay.FromModel, Tau = tau, LeftOutError = leftOut, StandardErrorOfDifference = leftOut is null ? null : 0 }],
    };
}
