using MathNet.Numerics.LinearAlgebra.Double;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Matrix = Transfer.MLNet.Kernels.Matrix;

namespace Transfer.MLNet.Tests.Solvers;

/// <summary>
/// L2-SP as a textbook would write it: one tall least-squares problem with the intercept as a column and the penalty as rows, solved
/// by QR. Shares nothing with the solvers under test, neither centring nor Gram matrices nor eigenvectors.
/// </summary>
internal static class Dense
{
    /// <param name="x">n x p.</param>
    /// <param name="y">n.</param>
    /// <param name="weights">n.</param>
    /// <param name="penalty">Of the summed loss: the sum of the weights times tau.</param>
    /// <param name="start">What w is pulled to.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="metric">M of penalty (w - start)'M (w - start); null: the identity.</param>
    public static LinearFit Fit(Matrix x, double[] y, double[] weights, double penalty, Start start, InterceptRule rule,
        double[,]? metric = null)
    {
        var (n, p) = (x.Rows, x.Columns);
        var intercept = rule == InterceptRule.None ? 0 : 1;
        var pulled = rule == InterceptRule.TowardsStart ? 1 : 0;
        var left = new DenseMatrix(n + p + pulled, p + intercept);
        var right = new DenseVector(n + p + pulled);
        for (var i = 0; i < n; i++)
        {
            var root = Math.Sqrt(weights[i]);
            for (var j = 0; j < p; j++)
            {
                left[i, j] = root * x[i, j];
            }

            if (intercept == 1)
            {
                left[i, p] = root;
            }

            right[i] = root * y[i];
        }

        // The symmetric root of M, by MathNet's eigenvectors: any root of it gives the same sum of squares.
        var metricRoot = metric is null ? DenseMatrix.CreateIdentity(p) : Root(DenseMatrix.OfArray(metric));
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < p; k++)
            {
                left[n + j, k] = Math.Sqrt(penalty) * metricRoot[j, k];
                right[n + j] += Math.Sqrt(penalty) * metricRoot[j, k] * start.Weights[k];
            }
        }

        if (pulled == 1)
        {
            left[n + p, p] = Math.Sqrt(penalty);
            right[n + p] = Math.Sqrt(penalty) * start.Intercept;
        }

        var solution = left.QR().Solve(right).ToArray();
        return new LinearFit(solution[..p], intercept == 1 ? solution[p] : 0);
    }

    public static LinearFit Fit(HeldRows rows, double tau, Start start, InterceptRule rule, double[,]? metric = null) =>
        Fit(rows.Features, rows.Labels, rows.Weights, rows.TotalWeight * tau, start, rule, metric);

    /// <summary>The residual of each row under the fit without it; the summed penalty stays that of all rows.</summary>
    public static double[] LeaveOneOut(HeldRows rows, double tau, Start start, InterceptRule rule, double[,]? metric = null)
    {
        var residuals = new double[rows.Rows];
        for (var i = 0; i < residuals.Length; i++)
        {
            var others = Except(rows, k => k == i);
            var fit = Fit(others.Features, others.Labels, others.Weights, rows.TotalWeight * tau, start, rule, metric);
            residuals[i] = rows.Labels[i] - fit.Intercept - Product.Dot(fit.Weights, rows.Features.Row(i));
        }

        return residuals;
    }

    private static MathNet.Numerics.LinearAlgebra.Matrix<double> Root(DenseMatrix m)
    {
        var eigen = m.Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        return eigen.EigenVectors * DenseMatrix.OfDiagonalVector(
            eigen.EigenValues.Map(v => Math.Sqrt(v.Real))) * eigen.EigenVectors.Transpose();
    }

    public static HeldRows Except(HeldRows rows, Func<int, bool> out_)
    {
        var kept = Enumerable.Range(0, rows.Rows).Where(i => !out_(i)).ToArray();
        var x = new Matrix(kept.Length, rows.FeatureCount);
        for (var i = 0; i < kept.Length; i++)
        {
            rows.Features.Row(kept[i]).CopyTo(x.Row(i));
        }

        return new HeldRows(x, [.. kept.Select(i => rows.Labels[i])], [.. kept.Select(i => rows.Weights[i])]);
    }
}
