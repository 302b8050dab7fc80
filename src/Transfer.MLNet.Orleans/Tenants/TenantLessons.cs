using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Retraining;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>What the tenants in the store teach of each other.</summary>
internal static class TenantLessons
{
    /// <exception cref="InvalidOperationException">There are too few, or the set's options leave nothing to learn.</exception>
    public static async Task<TenantPrior> LearnAsync(
        ITransferStore store, string set, TenantBase model, string[] tenants, CancellationToken cancellation)
    {
        if (model.Classes is not null)
        {
            throw new NotSupportedException(
                $"Tenants '{set}' have classes, and what tenants teach of each other is learnt of regressions only: FineTuneMany learns "
                    + $"it of "
                + "classes too, on one machine.");
        }

        if (!model.LearnsPrior)
        {
            throw new InvalidOperationException(
                $"Tenants '{set}' have a tau that was given, or a pulled intercept: they are drawn to their model alone. Make a set "
                    + $"without "
                + "TenantOptions.Tau and PullIntercept.");
        }

        var lessons = new List<(double[] Means, Func<double[], GroupTask> Task)>();
        foreach (var at in TargetFits.Enough([.. Enumerable.Range(0, tenants.Length)], model.FeatureCount))
        {
            if (await store.ReadRecordAsync(StoreNames.Tenant(set, tenants[at]), cancellation).ConfigureAwait(false) is { } record
                && TenantLearning.Lesson(model, TenantFile.Read(record.Content, set, tenants[at], model.FeatureCount)) is { } lesson)
            {
                lessons.Add(lesson);
            }
        }

        return await Task.Run(() => Learn(set, model, lessons, new Workers(Environment.ProcessorCount, cancellation)), cancellation)
            .ConfigureAwait(false);
    }

    private static TenantPrior Learn(
        string set, TenantBase model, List<(double[] Means, Func<double[], GroupTask> Task)> lessons, Workers workers)
    {
        // The mean over the tenants of their features' means: what intercepts of tenants are compared at.
        var centre = new double[model.FeatureCount];
        foreach (var (means, _) in lessons)
        {
            Product.AddScaled(1.0 / lessons.Count, means, centre);
        }

        var tasks = new GroupTask[lessons.Count];
        workers.For(tasks.Length, i => tasks[i] = lessons[i].Task(centre));
        return RidgePrior.TryOf(tasks, centre, model.Start, workers) is { } prior ? new(prior, tasks.Length)
            : throw new InvalidOperationException(
                $"{tasks.Length} of the tenants of '{set}' that were named have {GroupPrior.FewestRows} rows or more: what tenants "
                    + $"teach of "
                + $"each other takes {GroupPrior.FewestGroups}, and rows that vary. Learn it once more have rows.");
    }
}
