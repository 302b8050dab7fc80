using Transfer.MLNet.Choosing;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>How a fit went: what the reports of all trainers that choose one tau have in common. Immutable.</summary>
public abstract class L2SpReport
{
    private readonly TaskFit _fit;

    private protected L2SpReport(TaskFit fit) => _fit = fit;

    /// <summary>The tau of the fit, per row.</summary>
    public double Tau => _fit.Tau;

    /// <summary>Whether the chosen tau is the smallest that was tried: less pull might be better still.</summary>
    public bool TauAtLowerEdge => _fit.Edge == TauEdge.Smallest;

    /// <summary>Whether the chosen tau is the largest that was tried: the rows add next to nothing to the starting point.</summary>
    public bool TauAtUpperEdge => _fit.Edge == TauEdge.Largest;

    /// <summary>Whether no feature varies in the rows, so that every tau gives the starting point and none was compared.</summary>
    public bool TauHasNoEffect => _fit.Edge == TauEdge.NoEffect;

    /// <summary>How the fit was computed, and in which coordinates tau was chosen: a regression through a Cholesky factor (a given tau) or
    /// eigenvectors (a search for tau) of the products of the features (p x p) or of the rows (n x n), or by conjugate gradients; others by
    /// Newton's method.</summary>
    public string Solver => _fit.Solver;

    /// <summary>n, the rows that counted.</summary>
    public long Rows => _fit.Rows;

    /// <summary>p.</summary>
    public int Features => _fit.Scores.Weights[0].Length;

    /// <summary>w in double precision; the model has them rounded to single precision. One output has p: of a regression, of the log odds
    /// of true, of the logarithm of a rate (a feature that is larger by 1 multiplies the expected count by exp(w_j)). Several classes have
    /// K p, one class after the other.</summary>
    public IReadOnlyList<double> Weights => _fit.Weights;

    /// <summary>One line for a log.</summary>
    public override string ToString() => _fit.ToString();
}
