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

    public static FeatureCovariance Pooled(TaskSpectrum source, TaskSpectrum target)
    {
        double rows = source.Rows + target.Rows;
        return new([(source, source.Rows / rows), (target, target.Rows / rows)]);
    }

    /// <summary>The source's A0 with a share of its own, and the target's A1 with the rest.</summary>
    public static FeatureCovariance Shared(TaskSpectrum source, TaskSpectrum target, double sourceShare) =>
        new([(source, sourceShare), (target, 1 - sourceShare)]);

    /// <summary>S X (p x k).</summary>
    public Matrix Times(Matrix x, Workers workers)
    {
        var result = new Matrix(x.Rows, x.Columns);
        foreach (var (task, share) in _parts)
        {
            var inBasis = InBasis(task, x, share, root: false, workers);
            BlockedProduct.Add(1, MatrixView.Of(task.Basis), MatrixView.Of(inBasis), MatrixView.Of(result), workers);
        }

        return result;
    }

    /// <summary>x'Sx for each column (k).</summary>
    public double[] Quadratic(Matrix x, Workers workers)
    {
        var result = new double[x.Columns];
        foreach (var (task, share) in _parts)
        {
            var inBasis = InBasis(task, x, share, root: true, workers);
            for (var k = 0; k < inBasis.Rows; k++)
            {
                var row = inBasis.Row(k);
                for (var j = 0; j < row.Length; j++)
                {
                    result[j] += row[j] * row[j];
                }
            }
        }

        return result;
    }

    /// <summary>x'Sx of X + B Y for one X (p x k) and one B (p x q) and many Y (q x k), each product with p done once.</summary>
    public Offsets InBases(Matrix x, Matrix b, Workers workers) => new(
        [.. _parts.Select(part => (
            InBasis(part.Task, x, part.Share, root: true, workers),
            ReferenceEquals(part.Task.Basis, b) ? null : InBasis(part.Task, b, part.Share, root: true, workers),
            part.Task.Eigenvalues.Select(v => Math.Sqrt(part.Share * v)).ToArray()))]);

    /// <summary>Columns R with RR' = S (p x the sum of the parts' ranks).</summary>
    public Matrix Root()
    {
        var columns = _parts.Sum(p => p.Task.Eigenvalues.Length);
        var root = new Matrix(_parts[0].Task.FeatureCount, columns);
        var first = 0;
        foreach (var (task, share) in _parts)
        {
            for (var i = 0; i < root.Rows; i++)
            {
                var from = task.Basis.Row(i);
                var to = root.Row(i).Slice(first, from.Length);
                for (var k = 0; k < to.Length; k++)
                {
                    to[k] = from[k] * Math.Sqrt(share * task.Eigenvalues[k]);
                }
            }

            first += task.Eigenvalues.Length;
        }

        return root;
    }

    private static Matrix InBasis(TaskSpectrum task, Matrix x, double share, bool root, Workers workers)
    {
        var inBasis = Product.TransposedTimes(task.Basis, x, workers);
        for (var k = 0; k < inBasis.Rows; k++)
        {
            var factor = share * task.Eigenvalues[k];
            factor = root ? Math.Sqrt(factor) : factor;
            foreach (ref var v in inBasis.Row(k))
            {
                v *= factor;
            }
        }

        return inBasis;
    }

    /// <summary>For each part: S_k^1/2 X in its basis, S_k^1/2 B in its basis (null where B is that basis), and S_k^1/2's eigenvalues.</summary>
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
