using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>What the tenants in the store teach of each other.</summary>
internal static class TenantLessons
{
    /// <exception cref="InvalidOperationException">There are too few, or the set's options leave nothing to learn.</exception>
    public static async Task<TenantPrior> LearnAsync(
        ITransferStore store, string set, TenantBase model, string[] tenants, CancellationToken cancellation)
    {
        if (!model.LearnsPrior)
        {
            throw new InvalidOperationException(
                $"Tenants '{set}' have a tau that was given, or a pulled intercept: they are drawn to their model alone. Make a set "
                    + $"without "
                + "TenantOptions.Tau and PullIntercept.");
        }

        var states = new List<TenantState>();
        foreach (var at in TargetFits.Enough([.. Enumerable.Range(0, tenants.Length)], model.FeatureCount))
        {
            if (await store.ReadRecordAsync(StoreNames.Tenant(set, tenants[at]), cancellation).ConfigureAwait(false) is { } record
                && TenantFile.Read(record.Content, set, tenants[at], model.FeatureCount) is { Rows: >= GroupPrior.FewestRows } state)
            {
                states.Add(state);
            }
        }

        var workers = new Workers(Environment.ProcessorCount, cancellation);
        var prior = await Task.Run(() => model.Classes is { } classes ? OfClasses(model, classes, states, workers)
            : OfRegressions(model, states, workers), cancellation).ConfigureAwait(false);
        return prior is not null ? new(prior, states.Count) : throw new InvalidOperationException(
            $"{states.Count} of the tenants of '{set}' that were named have {GroupPrior.FewestRows} rows or more: what tenants teach of "
            + $"each other takes {GroupPrior.FewestGroups}, and rows that vary. Learn it once more have rows.");
    }

    private static TargetPrior? OfClasses(TenantBase model, CurvedFits classes, List<TenantState> states, Workers workers) =>
        classes.PriorOf(
            [.. states.Select(s => new Func<TargetRows>(() => new(TenantLearning.Held(s.Held, model.FeatureCount), Offsets: null)))],
            workers);

    private static TargetPrior? OfRegressions(TenantBase model, List<TenantState> states, Workers workers)
    {
        var rows = new HeldRows?[states.Count];
        var means = new double[states.Count][];
        workers.For(means.Length, i =>
        {
            rows[i] = states[i].Moments is null ? TenantLearning.Held(states[i].Held, model.FeatureCount) : null;
            means[i] = rows[i] is { } held ? CentredRows.Means(held).Features : states[i].Moments!.Total.FeatureMeans;
        });

        // The mean over the tenants of their features' means: what intercepts of tenants are compared at.
        var centre = new double[model.FeatureCount];
        foreach (var own in means)
        {
            Product.AddScaled(1.0 / means.Length, own, centre);
        }

        var tasks = new GroupTask[states.Count];
        workers.For(tasks.Length, i => tasks[i] = rows[i] is { } held ? GroupTask.WithIntercept(held, centre, workers.Single)
            : GroupTask.WithIntercept(states[i].Moments!.Total, centre, labelCentre: 0));
        return TargetPrior.TryOf(tasks, centre, model.Start, workers);
    }
}
