using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// How a layer is fitted to each of many targets: drawn to what all of them teach, or held to the old weights by a tau that is given,
/// shared, or each target's own.
/// </summary>
internal abstract class TargetFits
{
    protected TargetFits(LearningTask task, TaskSettings settings, LayerInChain found, FineTuneManyOptions options, Workers workers,
        StockLog log)
    {
        (Task, Settings, Found, Workers, Log) = (task, settings, found, workers, log);
        Shares = options.ShareTau;
        Learns = options.LearnPrior && !Shares && settings is { Tau: null, Intercept: InterceptRule.Free };
    }

    protected LearningTask Task { get; }

    protected TaskSettings Settings { get; }

    protected LayerInChain Found { get; }

    protected Workers Workers { get; }

    protected StockLog Log { get; }

    protected bool Shares { get; }

    protected bool Learns { get; }

    /// <summary>The tau that all have; null where each has its own.</summary>
    protected double? Tau { get; private set; }

    public static TargetFits Of(
        LearningTask task, TaskSettings settings, LayerInChain found, FineTuneManyOptions options, int outputs, Workers workers,
            StockLog log) =>
        task is CurvedTask curved ? new CurvedFits(curved, outputs, settings, found, options, workers, log)
            : new RidgeFits(task, settings, found, options, workers, log);

    /// <summary>Looks at all targets, or at the first of them.</summary>
    /// <param name="counts">The rows of each that count.</param>
    /// <param name="rowsOf">Those rows, one target at a time.</param>
    public void Learn(IReadOnlyList<int> counts, Func<int, TargetRows> rowsOf)
    {
        Tau = Settings.Tau;
        if (Tau is not null)
        {
            return;
        }

        if (Learns)
        {
            int[] usable = Enough(
                [.. Enumerable.Range(0, counts.Count).Where(i => counts[i] >= Evidence.Blend.GroupPrior.FewestRows)],
                Found.Layer.FeatureCount);
            Log.Info(LearnPrior([.. usable.Select(i => (Func<TargetRows>)(() => rowsOf(i)))])
                ? $"How targets differ was learnt from {usable.Length} targets together."
                : $"{usable.Length} targets have {Evidence.Blend.GroupPrior.FewestRows} rows or more: too few to learn from all of them "
                + $"how targets differ. "
                    + "Each has a tau of its own.");
        }
        else if (Shares)
        {
            Tau = SharedTau([.. Enumerable.Range(0, counts.Count).Where(i => counts[i] >= 2)
                .Select(i => (Func<TargetRows>)(() => rowsOf(i)))]);
        }
    }

    /// <summary>
    /// Those of so many targets that tell how all differ, evenly from first to last. A variance from g targets is off by sqrt(2/g) of
    /// itself, 9 % of 256, which shifts a fit by far less than its own rows do; a target costs p^3 in each of some 60 steps.
    /// </summary>
    internal static int[] Enough(int[] targets, int features)
    {
        const int Fewest = 256;
        const double Work = 4e7;
        var most = (int)Math.Clamp(Work / Math.Pow(features + 1, 3), Fewest, int.MaxValue);
        return targets.Length <= most ? targets
            : [.. Enumerable.Range(0, most).Select(i => targets[(int)((long)i * targets.Length / most)])];
    }

    /// <summary>The fit of a target with two rows or more.</summary>
    public abstract TargetFit Fit(string key, TargetRows rows);

    /// <summary>Learns what the targets have in common; false where there are too few.</summary>
    protected abstract bool LearnPrior(Func<TargetRows>[] targets);

    /// <summary>The tau that is best for all.</summary>
    protected abstract double SharedTau(Func<TargetRows>[] targets);

    /// <summary>The layer of a fit, rounded.</summary>
    protected RoundedScores Layer(LinearScores scores, HeldRows rows, bool freeIntercept) => RoundedScores.Of(
        Task.AsLayer(Found, freeIntercept ? scores.MendedFor(CentredRows.Means(rows).Features) : scores), Settings.Columns);

    /// <summary>The mean over the targets of their features' means: what intercepts of targets are compared at.</summary>
    protected double[] CentreOf(Func<TargetRows>[] targets, int p)
    {
        var means = new double[targets.Length][];
        Workers.For(targets.Length, i => means[i] = CentredRows.Means(targets[i]().Held).Features);
        var centre = new double[p];
        foreach (var mean in means)
        {
            Product.AddScaled(1.0 / means.Length, mean, centre);
        }

        return centre;
    }
}
