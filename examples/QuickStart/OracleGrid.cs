using System.Numerics.Tensors;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace QuickStart;

/// <summary>
/// The best that any choice of the two taus could have done on the held-out rows: every pair of a 50 x 50 grid is fitted and scored on
/// them. Nobody can do this in earnest, since it needs the answers; it is the yardstick for those who choose without them.
/// </summary>
internal sealed class OracleGrid
{
    private readonly Matrix<double> _starts;

    private OracleGrid(Matrix<double> starts) => _starts = starts;

    /// <summary>The values tried for either tau.</summary>
    public static double[] Taus { get; } = Generate.LogSpaced(50, -4, 4);

    /// <param name="startAt">The weights of the source model trained with a given tau.</param>
    public static OracleGrid Over(Func<double, IReadOnlyList<float>> startAt) =>
        new(Matrix<double>.Build.DenseOfColumns(Taus.Select(tau => startAt(tau).Select(w => (double)w))));

    /// <summary>The least mean squared error on the held-out rows over all pairs, and the pair.</summary>
    public (double MeanSquaredError, double SourceTau, double TargetTau) Best(TargetSample sample)
    {
        (Matrix<double> x, Vector<double> y) = Table(sample.TrainingRows);
        (Matrix<double> xTest, Vector<double> yTest) = Table(sample.HeldOutRows);
        Vector<double> means = x.ColumnSums() / x.RowCount;
        double yMean = y.Average();
        Centre(x, means);
        Centre(xTest, means);

        // The fit for a start w and a tau is w + X'(K + tau)^-1 (y - Xw)/n with K = XX'/n = U diag(d) U', so that after one
        // factorisation a pair costs a division for each eigenvalue and a product with each held-out row.
        var eigen = (x.TransposeAndMultiply(x) / x.RowCount).Evd(Symmetricity.Symmetric);
        double[] eigenvalues = [.. eigen.EigenValues.Select(d => Math.Max(d.Real, 0))];
        double[][] step = (xTest.TransposeAndMultiply(x) * eigen.EigenVectors / x.RowCount).ToRowArrays();

        var best = (MeanSquaredError: double.PositiveInfinity, SourceTau: 0.0, TargetTau: 0.0);
        double[] move = new double[eigenvalues.Length];
        for (int j = 0; j < Taus.Length; j++)
        {
            Vector<double> start = _starts.Column(j);
            double[] residual = eigen.EigenVectors.TransposeThisAndMultiply(y - yMean - x * start).ToArray();
            double[] heldOut = (yTest - yMean - xTest * start).ToArray();
            foreach (double targetTau in Taus)
            {
                TensorPrimitives.Add(eigenvalues, targetTau, move);
                TensorPrimitives.Divide(residual, move, move);
                double sum = 0;
                for (int i = 0; i < heldOut.Length; i++)
                {
                    double error = heldOut[i] - TensorPrimitives.Dot<double>(step[i], move);
                    sum += error * error;
                }

                if (sum / heldOut.Length < best.MeanSquaredError)
                {
                    best = (sum / heldOut.Length, Taus[j], targetTau);
                }
            }
        }

        return best;
    }

    private static (Matrix<double> X, Vector<double> Y) Table(IReadOnlyList<FeaturisedSale> rows) =>
        (Matrix<double>.Build.Dense(rows.Count, rows[0].Features.Length, (i, j) => rows[i].Features[j]),
         Vector<double>.Build.Dense(rows.Count, i => rows[i].Label));

    private static void Centre(Matrix<double> x, Vector<double> means) => x.MapIndexedInplace((_, j, value) => value - means[j]);
}
