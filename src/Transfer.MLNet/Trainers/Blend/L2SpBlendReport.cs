using System.Globalization;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpBlendTrainer"/> went. Immutable.</summary>
public sealed class L2SpBlendReport
{
    internal L2SpBlendReport()
    {
    }

    /// <summary>n, the rows that counted.</summary>
    public long Rows { get; internal init; }

    /// <summary>n, or fewer where rows of a cluster are alike.</summary>
    public double EffectiveRows { get; internal init; }

    /// <summary>Probability that the average has a smaller expected error than the target's rows alone. Above 0.95 it is not known to be
    /// right: print "over 95 %".</summary>
    public double ProbabilityOfHelp { get; internal init; }

    /// <summary>How much of the average is in the model: 0 is the target's rows alone, 1 the average.</summary>
    public double Alpha { get; internal init; }

    /// <summary>c, what the source's weights are multiplied by: an estimate of rho.</summary>
    public double Scale { get; internal init; }

    /// <summary>Lower end of the 95 % interval of c; -1 is open.</summary>
    public double ScaleLower { get; internal init; }

    /// <summary>Upper end of the 95 % interval of c; 3 is open.</summary>
    public double ScaleUpper { get; internal init; }

    /// <summary>
    /// The weight of each metric in the average: <c>Identity</c> (L2-SP), <c>Gram</c> (pooling), <c>Relative</c>, <c>Group</c>.
    /// </summary>
    public IReadOnlyDictionary<string, double> MetricWeights { get; internal init; } = new Dictionary<string, double>();

    /// <summary>
    /// Root of the mean squared error of rows that were left out, in the label's unit, the shares of the fits held; by clusters where there
    /// are some.
    /// </summary>
    public double LeftOutError { get; internal init; }

    /// <summary>The same of the target's rows alone, by ridge with the tau of least leave-one-out error.</summary>
    public double ScratchLeftOutError { get; internal init; }

    /// <summary>w (p), in double precision; the model has them rounded to single precision.</summary>
    public IReadOnlyList<double> Weights { get; internal init; } = [];

    /// <summary>b, in double precision; zero where there is none.</summary>
    public double Intercept { get; internal init; }

    /// <summary>One line for a log.</summary>
    public override string ToString()
    {
        var probability = ProbabilityOfHelp > 0.95 ? "over 95 %"
            : string.Create(CultureInfo.InvariantCulture, $"{100 * ProbabilityOfHelp:0} %");
        var metrics = string.Join(", ", MetricWeights.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.00}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Rows} rows, {Weights.Count} features; the source helps with probability {probability} and counts by {Alpha:0.00}; c = "
                + $"{Scale:0.00} [{ScaleLower:0.00}, {ScaleUpper:0.00}]; {metrics}; left-out error {LeftOutError:G6}, of the rows alone "
                + $"{ScratchLeftOutError:G6}.");
    }
}
