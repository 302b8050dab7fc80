using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// What the blend expects of other fits: E (w - w1)'S(w - w1) = (w - a)'S(w - a) + a constant that no fit escapes, with a the average of
/// all fits, the posterior mean of w1. The constant is the left-out error of that average, noise included.
/// </summary>
internal static class ExpectedRisks
{
    /// <summary>Of the target's L2-SP fits for every tau and every start (T x J), without forming p x T J weights.</summary>
    /// <param name="target">The target.</param>
    /// <param name="starts">Starting points in columns (p x J).</param>
    /// <param name="taus">T.</param>
    /// <param name="average">a (p).</param>
    /// <param name="ofAverage">The left-out error of the average.</param>
    /// <param name="covariance">S.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static Matrix Of(
        TaskSpectrum target, Matrix starts, IReadOnlyList<double> taus, double[] average, double ofAverage, FeatureCovariance covariance,
            Workers workers)
    {
        // w - a = start - a + V1 (beta - lambda V1'start) / (lambda + tau).
        var off = starts.Clone();
        for (var j = 0; j < off.Rows; j++)
        {
            foreach (ref var v in off.Row(j))
            {
                v -= average[j];
            }
        }

        var wanting = Product.TransposedTimes(target.Basis, starts, workers);
        for (var k = 0; k < wanting.Rows; k++)
        {
            foreach (ref var v in wanting.Row(k))
            {
                v = target.Coefficients[k] - (target.Eigenvalues[k] * v);
            }
        }

        var risks = new Matrix(taus.Count, starts.Columns);
        var bases = covariance.InBases(off, target.Basis, workers);
        workers.For(taus.Count, t =>
        {
            var moves = wanting.Clone();
            for (var k = 0; k < moves.Rows; k++)
            {
                var share = 1 / (target.Eigenvalues[k] + taus[t]);
                foreach (ref var v in moves.Row(k))
                {
                    v *= share;
                }
            }

            var row = risks.Row(t);
            row.Fill(ofAverage);
            bases.AddQuadratic(moves, row, workers.Single);
        });
        return risks;
    }
}
