using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>The target as it is at hand: its rows, for exact leave-one-out, or moments in folds.</summary>
internal sealed class TargetData
{
    private readonly Moments? _moments;
    private readonly bool _intercept;

    private TargetData(TaskSpectrum spectrum, HeldRows? rows, Moments? moments, bool intercept, IReadOnlyList<int>? clusters = null)
    {
        (Spectrum, Rows, _moments, _intercept) = (spectrum, rows, moments, intercept);
        // A cluster for each row says that rows are independent.
        if (clusters is not null && clusters.Distinct().Count() < clusters.Count)
        {
            Clusters = clusters;
            ClusterRows = [.. Enumerable.Range(0, clusters.Count).GroupBy(i => clusters[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        }
    }

    public TaskSpectrum Spectrum { get; }

    /// <summary>The rows; null where only their moments are known.</summary>
    public HeldRows? Rows { get; }

    /// <summary>A number for the cluster of each row; null where rows are independent.</summary>
    public IReadOnlyList<int>? Clusters { get; }

    /// <summary>The places of the rows of each cluster; null where rows are independent.</summary>
    public int[][]? ClusterRows { get; }

    public bool HasRows => _moments is null;

    public static TargetData Of(HeldRows rows, bool intercept, Workers workers, IReadOnlyList<int>? clusters = null)
    {
        Enough(rows.Rows);
        return new(TaskSpectrum.Of(rows, intercept, workers), rows, null, intercept, clusters);
    }

    public static TargetData Of(Moments moments, bool intercept, Workers workers)
    {
        Enough(moments.Count);
        if (moments.Blocks.Count(b => b.Count > 0) < 2)
        {
            throw new InvalidOperationException(
                "The moments of the target are in one fold, and cannot be cross-validated. Compute them with "
                    + "ml.Regression.ComputeMoments(target, folds: 10), "
                + "or give the target's rows.");
        }

        return new(TaskSpectrum.Of(moments, intercept, workers), null, moments, intercept);
    }

    public LeftOutErrors LeftOut(Matrix starts, double[] taus, Workers workers) => _moments is null
        ? LeftOutErrors.ByRows(Spectrum, starts, taus, workers, ClusterRows)
        : LeftOutErrors.ByFolds(_moments, _intercept, starts, taus, workers);

    /// <summary>The blend of these rows, or of their moments, with a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="scratchTau">The tau of the target alone.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public (BlendResult Result, TargetBlend Blend) Blend(BlendSource source, double scratchTau, Workers workers)
    {
        if (_moments is null)
        {
            var ofRows = BlendRule.Apply(source, Rows!, _intercept, scratchTau, workers, Clusters);
            return (ofRows, TargetBlend.Of(ofRows) with { Clusters = ClusterRows });
        }

        var result = BlendRule.Apply(source, Spectrum, scratchTau, workers);
        return (result, TargetBlend.ByFolds(result, source, _moments, _intercept, scratchTau, workers));
    }

    /// <summary>The rows as the blend has them; null where only moments are known.</summary>
    public BlendTarget? ToBlend(Workers workers) => Rows is null ? null : BlendTarget.Of(Rows, _intercept, Clusters, workers);

    /// <summary>a + c times the scores of some weights (p).</summary>
    public TwoNumbers Rescaled(double[] weights) => _moments is null
        ? TwoNumbers.OfRows(Rows!, weights, _intercept, Clusters) : TwoNumbers.OfFolds(_moments, weights, _intercept);

    private static void Enough(long rows)
    {
        if (rows < 3)
        {
            throw new InvalidOperationException(
                $"The target has {rows} {(rows == 1 ? "row" : "rows")}; at least 3 are needed to say anything. Give more target rows.");
        }
    }
}
