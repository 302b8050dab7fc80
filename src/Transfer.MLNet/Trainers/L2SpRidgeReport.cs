using System.Globalization;

namespace Transfer.MLNet;

/// <summary>How a fit of <see cref="L2SpRidgeTrainer"/> went. Immutable.</summary>
public sealed class L2SpRidgeReport
{
    internal L2SpRidgeReport()
    {
    }

    /// <summary>The tau of the fit, per row.</summary>
    public double Tau { get; internal init; }

    /// <summary>The root of the mean squared leave-one-out error at <see cref="Tau"/>, in the label's unit; null where tau was not
    /// chosen by it.</summary>
    public double? LeaveOneOutError { get; internal init; }

    /// <summary>The root of the mean squared error over the folds (of the moments, or of very wide rows) at <see cref="Tau"/>, in the label's unit; null where
    /// tau was not chosen by it.</summary>
    public double? CrossValidationError { get; internal init; }

    /// <summary>Whether the chosen tau is the smallest that was tried: less pull might be better still.</summary>
    public bool TauAtLowerEdge { get; internal init; }

    /// <summary>Whether the chosen tau is the largest that was tried: the rows add next to nothing to the starting point.</summary>
    public bool TauAtUpperEdge { get; internal init; }

    /// <summary>Whether no feature varies in the rows, so that every tau gives the starting point and none was compared.</summary>
    public bool TauHasNoEffect { get; internal init; }

    /// <summary>How the fit was computed: through a Cholesky factor (a given tau) or eigenvectors (a search for tau) of the products of the
    /// features (p x p) or of the rows (n x n), or by conjugate gradients.</summary>
    public string Solver { get; internal init; } = "";

    /// <summary>n, the rows that counted.</summary>
    public long Rows { get; internal init; }

    /// <summary>w (p), in double precision; the model has them rounded to single precision.</summary>
    public IReadOnlyList<double> Weights { get; internal init; } = [];

    /// <summary>b, in double precision; zero where there is none.</summary>
    public double Intercept { get; internal init; }

    /// <summary>One line for a log.</summary>
    public override string ToString()
    {
        var how = LeaveOneOutError is { } one ? Invariant($"chosen by leave-one-out (root mean squared error {one:G6})")
            : CrossValidationError is { } folds ? Invariant($"chosen by cross-validation over the folds (root mean squared error {folds:G6})")
            : TauHasNoEffect ? "has no effect, since no feature varies in the rows: the weights are those of the starting point"
            : "as given";
        var edge = TauAtLowerEdge ? "; the smallest that was tried: less pull might do better"
            : TauAtUpperEdge ? "; the largest that was tried: the rows add next to nothing to the starting point"
            : string.Empty;
        return Invariant($"{Rows} rows, {Weights.Count} features, tau = {Tau:G6} {how}{edge}; solved by {Solver}.");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
