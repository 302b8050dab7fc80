using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Transfer.MLNet.Cluster;
using Transfer.MLNet.Cluster.Jobs;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Cluster.Tenants;

namespace Transfer.MLNet;

/// <summary>Transfer.MLNet in the silos and clients of a cluster.</summary>
public static class TransferLearningHosting
{
    /// <summary>Jobs and tenants on this silo. Membership is the user's (Redis, a database); reminders are kept in the store unless the
    /// user sets up a table of his own.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no store.</exception>
    public static ISiloBuilder AddTransferLearning(this ISiloBuilder silo, Action<TransferLearningOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var options = Checked(configure);
        silo.AddReminders();
        silo.Services.AddSingleton(options.Store!);
        silo.Services.AddSingleton(new ClusterSettings(
            options.PartitionsAtOnce, options.CheckPeriod, options.ReminderPeriod, options.Version));
        silo.Services.AddSingleton<PartitionGate>();
        silo.Services.AddSingleton<TenantBases>();
        silo.Services.TryAddSingleton<IReminderTable, StoreReminders>();
        silo.Services.Configure<Orleans.Hosting.ReminderOptions>(reminders =>
            reminders.MinimumReminderPeriod = Shorter(reminders.MinimumReminderPeriod, options.ReminderPeriod));
        return silo;
    }

    /// <summary>A client that reads moments and makes tenants, for which it needs the silos' store.</summary>
    /// <param name="client">The client.</param>
    /// <param name="configure">Sets the store.</param>
    /// <exception cref="ArgumentException">There is no store.</exception>
    public static IClientBuilder AddTransferLearning(this IClientBuilder client, Action<TransferLearningOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.Services.AddSingleton(Checked(configure).Store!);
        return client;
    }

    private static TransferLearningOptions Checked(Action<TransferLearningOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TransferLearningOptions();
        configure(options);
        if (options.Store is null)
        {
            throw new ArgumentException("Store is null. Give one that all silos share: o.Store = new FolderStore(path).",
                nameof(configure));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.PartitionsAtOnce, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CheckPeriod, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReminderPeriod, TimeSpan.FromMilliseconds(100));
        return options;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
