using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// The covariance S of the target's features, as weighted sums of the tasks' own: A1 alone, or pooled with A0 where the two are alike,
/// which says more of S when target rows are few. Never formed (p x p): S = sum_k share_k V_k diag(lambda_k) V_k'.
/// </summary>
internal sealed class FeatureCovariance
{
    private readonly (TaskSpectrum Task, double Share)[] _parts;

    private FeatureCovariance((TaskSpectrum Task, double Share)[] parts) => _parts = parts;

    public static FeatureCovariance OfTarget(TaskSpectrum target) => new([(target, 1)]);

    /// <summary>The source's A0 with a share of its own, and the target's A1 with the rest.</summary>
    public static FeatureCovariance Shared(TaskSpectrum source, TaskSpectrum target, double sourceShare) =>
        new([(source, sourceShare), (target, 1 - sourceShare)]);

    /// <summary>x'Sx of X + B Y for one X (p x k) and one B (p x q) and many Y (q x k), each product with p done once.</summary>
    public Offsets InBases(Matrix x, Matrix b, Workers workers) => new(
        [.. _parts.Select(part => (
            InBasis(part.Task, x, part.Share, workers),
            ReferenceEquals(part.Task.Basis, b) ? null : InBasis(part.Task, b, part.Share, workers),
            part.Task.Eigenvalues.Select(v => Math.Sqrt(part.Share * v)).ToArray()))]);

    /// <summary>S_k^1/2 X in the task's basis.</summary>
    private static Matrix InBasis(TaskSpectrum task, Matrix x, double share, Workers workers)
    {
        var inBasis = Product.TransposedTimes(task.Basis, x, workers);
        for (var k = 0; k < inBasis.Rows; k++)
        {
            var factor = Math.Sqrt(share * task.Eigenvalues[k]);
            foreach (ref var v in inBasis.Row(k))
            {
                v *= factor;
            }
        }

        return inBasis;
    }

    /// <summary>
    /// For each part: S_k^1/2 X in its basis, S_k^1/2 B in its basis (null where B is that basis), and S_k^1/2's eigenvalues.
    /// </summary>
    internal sealed class Offsets((Matrix Fixed, Matrix? Directions, double[] Roots)[] parts)
    {
        /// <summary>sums += x'Sx for each column of X + B Y.</summary>
        public void AddQuadratic(Matrix y, Span<double> sums, Workers workers)
        {
            foreach (var (start, directions, roots) in parts)
            {
                var total = start.Clone();
                if (directions is not null)
                {
                    BlockedProduct.Add(1, MatrixView.Of(directions), MatrixView.Of(y), MatrixView.Of(total), workers);
                }

                for (var k = 0; k < total.Rows; k++)
                {
                    var row = total.Row(k);
                    if (directions is null)
                    {
                        Product.AddScaled(roots[k], y.Row(k), row);
                    }

                    for (var j = 0; j < row.Length; j++)
                    {
                        sums[j] += row[j] * row[j];
                    }
                }
            }
        }
    }
}
