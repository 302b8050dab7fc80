namespace Transfer.MLNet;

/// <summary>What an advice is about.</summary>
public enum AdvisedTask
{
    /// <summary>Numbers, by squared errors: <c>ml.Regression.AdviseTransfer</c>.</summary>
    Regression,

    /// <summary>Two classes, by log-loss: <c>ml.BinaryClassification.AdviseTransfer</c>.</summary>
    Binary,

    /// <summary>Several classes, by log-loss: <c>ml.MulticlassClassification.AdviseTransfer</c>.</summary>
    Multiclass,

    /// <summary>
    /// Counts, by Poisson deviance: <c>ml.Regression.AdviseTransfer</c> with <c>Task = AdvisedTask.Count</c>.
    /// </summary>
    Count,
}
