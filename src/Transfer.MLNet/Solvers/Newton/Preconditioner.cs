namespace Transfer.MLNet.Solvers.Newton;

/// <summary>A matrix that is like the Hessian and easily solved.</summary>
internal abstract class Preconditioner
{
    /// <summary>to = M^-1 from.</summary>
    public abstract void Solve(double[] from, double[] to);
}
