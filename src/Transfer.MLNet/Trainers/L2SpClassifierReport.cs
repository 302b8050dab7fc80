using System.Globalization;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpLogisticRegressionTrainer"/> or <see cref="L2SpMaximumEntropyTrainer"/> went. Immutable.</summary>
public sealed class L2SpClassifierReport
{
    internal L2SpClassifierReport()
    {
    }

    /// <summary>The tau of the fit, per row.</summary>
    public double Tau { get; internal init; }

    /// <summary>The mean log-loss at <see cref="Tau"/> of rows that were left out, in nats; null where tau was not chosen by it.</summary>
    public double? LeftOutLogLoss { get; internal init; }

    /// <summary>How those rows were left out.</summary>
    public TauSelection TauSelection { get; internal init; }

    /// <summary>Whether the chosen tau is the smallest that was tried: less pull might be better still.</summary>
    public bool TauAtLowerEdge { get; internal init; }

    /// <summary>Whether the chosen tau is the largest that was tried: the rows add next to nothing to the starting point.</summary>
    public bool TauAtUpperEdge { get; internal init; }

    /// <summary>Whether no feature varies in the rows, so that every tau gives the starting point.</summary>
    public bool TauHasNoEffect { get; internal init; }

    /// <summary>n, the rows that counted.</summary>
    public long Rows { get; internal init; }

    /// <summary>p.</summary>
    public int Features { get; internal init; }

    /// <summary>The mean log-loss on the rows themselves, in nats.</summary>
    public double LogLoss { get; internal init; }

    /// <summary>Whether the minimum was found to the tolerance that the options ask for.</summary>
    public bool Converged { get; internal init; }

    /// <summary>How the fit was computed, and in which coordinates tau was chosen.</summary>
    public string Solver { get; internal init; } = "";

    /// <summary>Newton steps, from the starting point or, where tau was chosen, from the fit with the tau before.</summary>
    public int Iterations { get; internal init; }

    /// <summary>The norm of the gradient at the end, against the sum of the norms of what the rows have in it.</summary>
    public double GradientNorm { get; internal init; }

    /// <summary>The names of the model's classes (K), in the order of the predicted label's keys; none for binary classification, and for
    /// keys that stand for no values.</summary>
    public IReadOnlyList<string> ClassNames { get; internal init; } = [];

    /// <summary>Of two classes w (p), the weights of the log odds of true; of several K p, one class after the other. In double
    /// precision; the model has them rounded to single precision.</summary>
    public IReadOnlyList<double> Weights { get; internal init; } = [];

    /// <summary>b, one, or one a class, in double precision.</summary>
    public IReadOnlyList<double> Intercepts { get; internal init; } = [];

    /// <summary>One line for a log.</summary>
    public override string ToString()
    {
        var how = TauHasNoEffect ? "has no effect, since no feature varies in the rows: the weights are those of the starting point"
            : LeftOutLogLoss is { } loss
                ? Invariant($"chosen by {(TauSelection == TauSelection.CrossValidation ? "cross-validation" : "approximate leave-one-out")} (log-loss {loss:G6})")
            : "as given";
        var edge = TauAtLowerEdge ? "; the smallest that was tried: less pull might do better"
            : TauAtUpperEdge ? "; the largest that was tried: the rows add next to nothing to the starting point"
            : string.Empty;
        var classes = Intercepts.Count > 1 ? Invariant($"{Intercepts.Count} classes, ") : string.Empty;
        var end = Converged ? string.Empty
            : Invariant($" Not converged: the gradient's norm is {GradientNorm:G3} after {Iterations} Newton steps; allow more (MaximumIterations) or a larger tau, or bring the features to one scale.");
        return Invariant($"{Rows} rows, {Features} features, {classes}tau = {Tau:G6} {how}{edge}; log-loss {LogLoss:G6} on the rows themselves.{end}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
