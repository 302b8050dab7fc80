using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>How a fit by Newton's method went. Immutable.</summary>
public abstract class L2SpIterativeReport : L2SpReport
{
    private readonly TaskFit _fit;

    private protected L2SpIterativeReport(TaskFit fit)
        : base(fit) => _fit = fit;

    /// <summary>How rows were left out.</summary>
    public TauSelection TauSelection => _fit.ByFolds ? TauSelection.CrossValidation : TauSelection.ApproximateLeaveOneOut;

    /// <summary>Whether the minimum was found to the tolerance that the options ask for.</summary>
    public bool Converged => _fit.Converged;

    /// <summary>Newton steps, from the starting point or, where tau was chosen, from the fit with the tau before.</summary>
    public int Iterations => _fit.Iterations;

    /// <summary>The norm of the gradient at the end, against the sum of the norms of what the rows have in it.</summary>
    public double GradientNorm => _fit.GradientNorm;
}
