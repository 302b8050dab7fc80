using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpLogisticRegressionTrainer"/> or <see cref="L2SpMaximumEntropyTrainer"/> went. Immutable.</summary>
public sealed class L2SpClassifierReport : L2SpIterativeReport
{
    private readonly TaskFit _fit;

    internal L2SpClassifierReport(TaskFit fit)
        : base(fit) => _fit = fit;

    /// <summary>
    /// The mean log-loss at <see cref="L2SpReport.Tau"/> of rows that were left out, in nats; null where tau was not chosen by it.
    /// </summary>
    public double? LeftOutLogLoss => _fit.LeftOut;

    /// <summary>The mean log-loss on the rows themselves, in nats.</summary>
    public double LogLoss => _fit.Loss!.Value;

    /// <summary>The names of the model's classes (K), in the order of the predicted label's keys; none for binary classification, and for
    /// keys that stand for no values.</summary>
    public IReadOnlyList<string> ClassNames => _fit.Scores.Names ?? [];

    /// <summary>b, one, or one a class, in double precision.</summary>
    public IReadOnlyList<double> Intercepts => Array.AsReadOnly(_fit.Scores.Intercepts);
}
