using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// tau_0* of the theory with estimates put in (theory: the objective on observed eigenvalues): m_j = v_j'Mv_j with M = tau_1^2 Q1 S Q1, of
/// the target's own resolvent Q1 and S = share0 A0 + share1 A1.
/// </summary>
internal static class PluginTau
{
    /// <returns>null where rho is not known, or no tau makes the source better than none.</returns>
    public static double? Of(
        TaskSpectrum source, TaskSpectrum target, double sourceShare, double targetTau, double? rho, double sourceOptimalTau,
            Workers workers)
    {
        if (rho is not { } known || !double.IsFinite(sourceOptimalTau))
        {
            return null;
        }

        var tau = new SampleObjective(source.Eigenvalues, sourceOptimalTau, Directions(source, target, sourceShare, targetTau, workers))
            .Best(known).Tau;
        return double.IsFinite(tau) ? tau : null;
    }

    private static double[] Directions(TaskSpectrum source, TaskSpectrum target, double sourceShare, double tau, Workers workers)
    {
        // C' (q1 x q0): the source's directions in the target's basis.
        var coupling = Product.TransposedTimes(target.Basis, source.Basis, workers);
        var kept = coupling.Clone();
        var weights = new double[source.Eigenvalues.Length];
        for (var k = 0; k < kept.Rows; k++)
        {
            var lambda = target.Eigenvalues[k];
            var (share, lost) = (lambda / (lambda + tau), tau / (lambda + tau));
            var row = kept.Row(k);
            for (var j = 0; j < row.Length; j++)
            {
                weights[j] += (1 - sourceShare) * lambda * lost * lost * row[j] * row[j];
                row[j] *= share;
            }
        }

        // I - C diag(lambda1 / (lambda1 + tau)) C'.
        var left = Product.TransposedTimes(coupling, kept, workers);
        for (var i = 0; i < left.Rows; i++)
        {
            var row = left.Row(i);
            var factor = sourceShare * source.Eigenvalues[i];
            for (var j = 0; j < row.Length; j++)
            {
                var off = (i == j ? 1 : 0) - row[j];
                weights[j] += factor * off * off;
            }
        }

        return weights;
    }
}
