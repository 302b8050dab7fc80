using System.Globalization;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpLogisticBlendTrainer"/>, <see cref="L2SpMaximumEntropyBlendTrainer"/> or
/// <see cref="L2SpPoissonBlendTrainer"/> went. Immutable.</summary>
public sealed class L2SpLossBlendReport
{
    internal L2SpLossBlendReport()
    {
    }

    /// <summary>n, the rows that counted.</summary>
    public long Rows { get; internal init; }

    /// <summary>p.</summary>
    public int Features { get; internal init; }

    /// <summary>tau_S, per row, with which the source was fitted; null where a model was given.</summary>
    public double? SourceTau { get; internal init; }

    /// <summary>The tau, per row, of the target's rows alone.</summary>
    public double ScratchTau { get; internal init; }

    /// <summary>Probability that the average has a smaller expected loss than the target's rows alone. Above 0.95 it is not known to be
    /// right: print "over 95 %".</summary>
    public double ProbabilityOfHelp { get; internal init; }

    /// <summary>How much of the average is in the model: 0 is the target's rows alone, 1 the average.</summary>
    public double Alpha { get; internal init; }

    /// <summary>c, what the source's weights are multiplied by; of several classes the mean of theirs.</summary>
    public double Scale { get; internal init; }

    /// <summary>Lower end of the 95 % interval of c; -1 is open.</summary>
    public double ScaleLower { get; internal init; }

    /// <summary>Upper end of the 95 % interval of c; 3 is open.</summary>
    public double ScaleUpper { get; internal init; }

    /// <summary>The weight of each metric in the average: <c>Identity</c> (L2-SP), <c>Gram</c> (pooling), <c>Relative</c>.</summary>
    public IReadOnlyDictionary<string, double> MetricWeights { get; internal init; } = new Dictionary<string, double>();

    /// <summary>The mean loss of rows that were left out, the shares of the fits held: log-loss in nats for classes, deviance for
    /// counts.</summary>
    public double LeftOutLoss { get; internal init; }

    /// <summary>The same of the target's rows alone, its tau held.</summary>
    public double ScratchLeftOutLoss { get; internal init; }

    /// <summary>The classes, where there are several and their keys stand for distinct values; else empty.</summary>
    public IReadOnlyList<string> ClassNames { get; internal init; } = [];

    /// <summary>w in double precision: p, or class after class p each; the model has them rounded to single precision.</summary>
    public IReadOnlyList<double> Weights { get; internal init; } = [];

    /// <summary>b in double precision: one, or one a class.</summary>
    public IReadOnlyList<double> Intercepts { get; internal init; } = [];

    /// <summary>One line for a log.</summary>
    public override string ToString()
    {
        var probability = ProbabilityOfHelp > 0.95 ? "over 95 %"
            : string.Create(CultureInfo.InvariantCulture, $"{100 * ProbabilityOfHelp:0} %");
        var metrics = string.Join(", ", MetricWeights.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.00}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Rows} rows, {Features} features; the source helps with probability {probability} and counts by {Alpha:0.00}; c = "
            + $"{Scale:0.00} [{ScaleLower:0.00}, {ScaleUpper:0.00}]; {metrics}; left-out loss {LeftOutLoss:G6}, of the rows alone "
            + $"{ScratchLeftOutLoss:G6}.");
    }
}
