using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Transfer.MLNet.Kernels;

/// <summary>A = V diag(lambda) V' of a symmetric matrix.</summary>
internal sealed class SymmetricEigen
{
    private SymmetricEigen(double[] values, Matrix vectors)
    {
        Values = values;
        Vectors = vectors;
    }

    /// <summary>lambda, from the largest to the smallest.</summary>
    public double[] Values { get; }

    /// <summary>V (p x p): column j belongs to <c>Values[j]</c>.</summary>
    public Matrix Vectors { get; }

    /// <summary>Decomposes a copy of <paramref name="a"/> (p x p, symmetric).</summary>
    public static SymmetricEigen Of(Matrix a, Workers workers)
    {
        _ = workers;
        var n = a.Rows;
        var evd = DenseMatrix.OfColumnMajor(n, n, a.Values).Evd(Symmetricity.Symmetric);
        var values = new double[n];
        var vectors = new Matrix(n, n);
        for (var j = 0; j < n; j++)
        {
            values[j] = evd.EigenValues[n - 1 - j].Real;
            for (var i = 0; i < n; i++)
            {
                vectors[i, j] = evd.EigenVectors[i, n - 1 - j];
            }
        }

        return new SymmetricEigen(values, vectors);
    }
}
