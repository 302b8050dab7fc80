using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>The target as the blend has it: centred rows, and which of them belong together.</summary>
internal sealed class BlendTarget
{
    private BlendTarget(CentredRows rows, bool intercept, int[][]? clusters)
    {
        Centred = rows;
        HasIntercept = intercept;
        Clusters = clusters;
        Power = Product.Dot(rows.Labels, rows.Labels);
    }

    public CentredRows Centred { get; }

    public bool HasIntercept { get; }

    /// <summary>The places of the rows of each cluster; null where every row is independent of the others.</summary>
    public int[][]? Clusters { get; }

    /// <summary>n.</summary>
    public int Rows => Centred.Features.Rows;

    /// <summary>n - 1, or n without an intercept.</summary>
    public double Degrees => Rows - (HasIntercept ? 1.0 : 0);

    /// <summary>yc'yc, of labels times the roots of their weights.</summary>
    public double Power { get; }

    /// <summary>Whether rows share clusters at all: with as many clusters as rows none does.</summary>
    public bool IsClustered => Clusters is { } clusters && clusters.Length < Rows;

    /// <summary>Whether the labels say anything: three rows at least, and not all the same.</summary>
    public bool SaysAnything => Rows >= 3 && Power > 1e-20 * Rows * Math.Max(Centred.LabelMean * Centred.LabelMean, 1e-280);

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

    /// <summary>Xc'r (p).</summary>
    public double[] ToFeatures(ReadOnlySpan<double> r) => Product.TransposedTimes(Centred.Features, r);

    /// <summary>Xc w (n).</summary>
    public double[] ToRows(ReadOnlySpan<double> w) => Product.Times(Centred.Features, w);
}
