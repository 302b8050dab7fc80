using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>The target as the blend has it: centred rows, and which of them belong together.</summary>
internal sealed class BlendTarget
{
    private BlendTarget(CentredRows rows, bool intercept, int[][]? clusters, long? count = null)
    {
        Centred = rows;
        (Count, HasRows) = (count ?? rows.Features.Rows, count is null);
        HasIntercept = intercept;
        Clusters = clusters;
        Power = Product.Dot(rows.Labels, rows.Labels);
    }

    public CentredRows Centred { get; }

    public bool HasIntercept { get; }

    /// <summary>The places of the rows of each cluster; null where every row is independent of the others.</summary>
    public int[][]? Clusters { get; }

    /// <summary>Rows at hand: n, or as many as have the same moments.</summary>
    public int Rows => Centred.Features.Rows;

    /// <summary>n.</summary>
    public long Count { get; }

    /// <summary>Whether the rows are the target's own, which can be left out.</summary>
    public bool HasRows { get; }

    /// <summary>n - 1, or n without an intercept.</summary>
    public double Degrees => Count - (HasIntercept ? 1.0 : 0);

    /// <summary>yc'yc, of labels times the roots of their weights.</summary>
    public double Power { get; }

    /// <summary>Whether rows share clusters at all: with as many clusters as rows none does.</summary>
    public bool IsClustered => Clusters is { } clusters && clusters.Length < Rows;

    /// <summary>Whether the labels say anything: three rows at least, and not all the same.</summary>
    public bool SaysAnything => Count >= 3 && Power > 1e-20 * Rows * Math.Max(Centred.LabelMean * Centred.LabelMean, 1e-280);

    /// <param name="rows">The target's rows.</param>
    /// <param name="intercept">Whether the target has an intercept of its own.</param>
    /// <param name="clusterOf">A number for each row's cluster, or null.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static BlendTarget Of(HeldRows rows, bool intercept, IReadOnlyList<int>? clusterOf, Workers workers)
    {
        if (clusterOf is not null && clusterOf.Count != rows.Rows)
        {
            throw new ArgumentException($"{rows.Rows} rows have {clusterOf.Count} clusters.", nameof(clusterOf));
        }

        var clusters = clusterOf is null ? null
            : Enumerable.Range(0, rows.Rows).GroupBy(i => clusterOf[i]).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        return new(CentredRows.Of(rows, intercept, workers), intercept, clusters);
    }

    /// <summary>
    /// Few rows that have the moments of the target, as likelihoods and weights need them; none of them can be left out. Sums of squares
    /// are those of the target times <see cref="Rows"/> over <see cref="Count"/>, means are its own.
    /// </summary>
    public static BlendTarget Of(TaskSpectrum task)
    {
        var (q, p) = (task.Eigenvalues.Length, task.FeatureCount);
        var (rows, labels, roots, explained) = (new Matrix(q + 1, p), new double[q + 1], new double[q + 1], 0.0);
        Array.Fill(roots, 1);
        for (var k = 0; k < q; k++)
        {
            var root = Math.Sqrt((q + 1) * task.Eigenvalues[k]);
            for (var j = 0; j < p; j++)
            {
                rows[k, j] = root * task.Basis[j, k];
            }

            labels[k] = (q + 1) * task.Coefficients[k] / root;
            explained += labels[k] * labels[k] / (q + 1);
        }

        // What no direction explains is a row of its own.
        labels[q] = Math.Sqrt((q + 1) * Math.Max(0, task.LabelPower - explained));
        return new(new CentredRows(rows, labels, roots, task.FeatureMeans, task.LabelMean), task.Centred, null, task.Rows);
    }

    /// <summary>Xc'r (p).</summary>
    public double[] ToFeatures(ReadOnlySpan<double> r) => Product.TransposedTimes(Centred.Features, r);

    /// <summary>Xc w (n).</summary>
    public double[] ToRows(ReadOnlySpan<double> w) => Product.Times(Centred.Features, w);
}
