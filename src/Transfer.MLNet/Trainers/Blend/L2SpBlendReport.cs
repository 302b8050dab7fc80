using System.Globalization;
using Transfer.MLNet.Evidence.Blend;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpBlendTrainer"/>, <see cref="L2SpLogisticBlendTrainer"/>,
/// <see cref="L2SpMaximumEntropyBlendTrainer"/> or <see cref="L2SpPoissonBlendTrainer"/> went. Immutable.</summary>
public sealed class L2SpBlendReport
{
    internal L2SpBlendReport(IEnumerable<(BlendMetric Metric, double Weight)> metrics) =>
        MetricWeights = metrics.ToDictionary(m => m.Metric.ToString(), m => m.Weight).AsReadOnly();

    /// <summary>n, the rows that counted.</summary>
    public long Rows { get; internal init; }

    /// <summary>n, or fewer where rows of a cluster are alike.</summary>
    public double EffectiveRows { get; internal init; }

    /// <summary>p.</summary>
    public int Features { get; internal init; }

    /// <summary>tau_S, per row, with which the source was fitted first; null where a model was given, and for a regression, which averages
    /// over taus of the source instead.</summary>
    public double? SourceTau { get; internal init; }

    /// <summary>The tau, per row, of the target's rows alone, chosen by left-out errors.</summary>
    public double ScratchTau { get; internal init; }

    /// <summary>Probability that the average has a smaller expected error than the target's rows alone. Above 0.95 it is not known to be
    /// right: print "over 95 %".</summary>
    public double ProbabilityOfHelp { get; internal init; }

    /// <summary>How much of the average is in the model: 0 is the target's rows alone, 1 the average.</summary>
    public double Alpha { get; internal init; }

    /// <summary>c, what the source's weights are multiplied by: an estimate of rho. Of several classes the mean of theirs.</summary>
    public double Scale { get; internal init; }

    /// <summary>Lower end of the 95 % interval of c; -1 is open.</summary>
    public double ScaleLower { get; internal init; }

    /// <summary>Upper end of the 95 % interval of c; 3 is open.</summary>
    public double ScaleUpper { get; internal init; }

    /// <summary>
    /// The weight of each metric in the average: <c>Identity</c> (L2-SP), <c>Gram</c> (pooling), <c>Relative</c>, <c>Group</c>.
    /// </summary>
    public IReadOnlyDictionary<string, double> MetricWeights { get; }

    /// <summary>What the errors are: 'root mean squared error' in the label's unit, 'log-loss' in nats, or 'Poisson deviance'.</summary>
    public string Measure { get; internal init; } = string.Empty;

    /// <summary>The error of rows that were left out, in <see cref="Measure"/>, the shares of the fits held; by clusters where there are
    /// some.</summary>
    public double LeftOutError { get; internal init; }

    /// <summary>The same of the target's rows alone, at <see cref="ScratchTau"/>, which is held.</summary>
    public double ScratchLeftOutError { get; internal init; }

    /// <summary>The classes (K), where there are several and their keys stand for distinct values; else empty.</summary>
    public IReadOnlyList<string> ClassNames { get; internal init; } = [];

    /// <summary>w in double precision: p, or of several classes K p, one class after the other. The model has them rounded to single
    /// precision.</summary>
    public IReadOnlyList<double> Weights { get; internal init; } = [];

    /// <summary>b in double precision: one, or one a class; zero where there is none.</summary>
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
            + $"{Scale:0.00} [{ScaleLower:0.00}, {ScaleUpper:0.00}]; {metrics}; left-out {Measure} {LeftOutError:G6}, of the rows alone "
            + $"{ScratchLeftOutError:G6}.");
    }
}
