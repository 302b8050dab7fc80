namespace Transfer.MLNet.Solvers.Newton;

/// <summary>The diagonal of the Hessian: it makes up for features of different sizes and frequencies.</summary>
internal sealed class Jacobi : Preconditioner
{
    private readonly double[] _diagonal;

    private Jacobi(double[] diagonal) => _diagonal = diagonal;

    public static Jacobi Of(NewtonObjective objective, double[] curvatures) => new(objective.Diagonal(curvatures));

    public override void Solve(double[] from, double[] to)
    {
        for (var j = 0; j < to.Length; j++)
        {
            to[j] = from[j] / _diagonal[j];
        }
    }
}
