using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>Residuals of rows that are left out together with all of their cluster: (I - H_CC) e_C = r_C.</summary>
internal static class LeftOutClusters
{
    /// <param name="roots">The roots of the rows' weights (n).</param>
    /// <param name="ownShare">What the intercept takes from a row of weight 1.</param>
    /// <param name="clusters">The places of the rows of each cluster.</param>
    /// <param name="basis">U (n x q).</param>
    /// <param name="shares">f for each tau (T x q).</param>
    /// <param name="residuals">r for each tau, of the labels, then of the scores (2T x n).</param>
    /// <param name="ridge">Added to the diagonal of I - H_CC.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <returns>e (2T x n).</returns>
    public static Matrix Residuals(
        double[] roots, double ownShare, int[][] clusters, Matrix basis, Matrix shares, Matrix residuals, double ridge, Workers workers)
    {
        var result = new Matrix(residuals.Rows, residuals.Columns);
        workers.For(clusters.Length, c =>
        {
            var rows = clusters[c];
            var (u, shrunk) = (new Matrix(rows.Length, basis.Columns), new Matrix(rows.Length, basis.Columns));
            for (var i = 0; i < rows.Length; i++)
            {
                basis.Row(rows[i]).CopyTo(u.Row(i));
            }

            for (var t = 0; t < shares.Rows; t++)
            {
                var f = shares.Row(t);
                for (var i = 0; i < rows.Length; i++)
                {
                    var from = u.Row(i);
                    var to = shrunk.Row(i);
                    for (var k = 0; k < f.Length; k++)
                    {
                        to[k] = f[k] * from[k];
                    }
                }

                var left = Product.TimesTransposed(shrunk, u, workers.Single);
                for (var i = 0; i < rows.Length; i++)
                {
                    var row = left.Row(i);
                    for (var j = 0; j < row.Length; j++)
                    {
                        row[j] = -row[j] - (roots[rows[i]] * roots[rows[j]] * ownShare);
                    }

                    row[i] += 1 + ridge;
                }

                var both = new Matrix(rows.Length, 2);
                for (var i = 0; i < rows.Length; i++)
                {
                    (both[i, 0], both[i, 1]) = (residuals[t, rows[i]], residuals[shares.Rows + t, rows[i]]);
                }

                // All rows in one cluster with an intercept leave nothing to fit: I - H_CC is then singular but for the ridge.
                var solved = Cholesky.TryFactor(left, workers.Single)?.Solve(both, workers.Single) ?? both;
                for (var i = 0; i < rows.Length; i++)
                {
                    (result[t, rows[i]], result[shares.Rows + t, rows[i]]) = (solved[i, 0], solved[i, 1]);
                }
            }
        });
        return result;
    }
}
