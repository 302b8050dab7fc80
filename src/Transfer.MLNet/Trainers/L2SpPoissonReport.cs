using System.Globalization;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpPoissonRegressionTrainer"/> went. Immutable.</summary>
public sealed class L2SpPoissonReport
{
    internal L2SpPoissonReport()
    {
    }

    /// <summary>The tau of the fit, per row.</summary>
    public double Tau { get; internal init; }

    /// <summary>The mean deviance at <see cref="Tau"/> of rows that were left out; null where tau was not chosen by it.</summary>
    public double? LeftOutDeviance { get; internal init; }

    /// <summary>How those rows were left out.</summary>
    public TauSelection TauSelection { get; internal init; }

    /// <summary>Whether the chosen tau is the smallest that was tried: less pull might be better still.</summary>
    public bool TauAtLowerEdge { get; internal init; }

    /// <summary>Whether the chosen tau is the largest that was tried: the rows add next to nothing to the starting point.</summary>
    public bool TauAtUpperEdge { get; internal init; }

    /// <summary>n, the rows that counted.</summary>
    public long Rows { get; internal init; }

    /// <summary>p.</summary>
    public int Features { get; internal init; }

    /// <summary>The mean deviance on the rows themselves: of a count y with mean m, 2 (y log(y / m) - y + m).</summary>
    public double Deviance { get; internal init; }

    /// <summary>Whether the minimum was found to the tolerance that the options ask for.</summary>
    public bool Converged { get; internal init; }

    /// <summary>How the fit was computed, and in which coordinates tau was chosen.</summary>
    public string Solver { get; internal init; } = "";

    /// <summary>Newton steps of the last fit.</summary>
    public int Iterations { get; internal init; }

    /// <summary>The norm of the gradient at the end, against the sum of the norms of what the rows have in it.</summary>
    public double GradientNorm { get; internal init; }

    /// <summary>w (p), in double precision: a feature that is larger by 1 multiplies the expected count by exp(w_j).</summary>
    public IReadOnlyList<double> Weights { get; internal init; } = [];

    /// <summary>b, in double precision: exp(b) is the expected count, per unit of exposure, where all features are zero.</summary>
    public double Intercept { get; internal init; }

    /// <summary>One line for a log.</summary>
    public override string ToString()
    {
        var how = LeftOutDeviance is { } left
            ? Invariant($"chosen by {(TauSelection == TauSelection.CrossValidation ? "cross-validation" : "approximate leave-one-out")} (deviance {left:G6})")
            : "as given";
        var edge = TauAtLowerEdge ? "; the smallest that was tried: less pull might do better"
            : TauAtUpperEdge ? "; the largest that was tried: the rows add next to nothing to the starting point"
            : string.Empty;
        var end = Converged ? string.Empty
            : Invariant($" Not converged: the gradient's norm is {GradientNorm:G3} after {Iterations} Newton steps; allow more (MaximumIterations) or a larger tau.");
        return Invariant($"{Rows} rows, {Features} features, tau = {Tau:G6} {how}{edge}; deviance {Deviance:G6} on the rows themselves.{end}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
