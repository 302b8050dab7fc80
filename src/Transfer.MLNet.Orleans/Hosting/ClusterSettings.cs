namespace Transfer.MLNet.Cluster;

/// <summary>The options of a silo, checked and no longer changing.</summary>
/// <param name="PartitionsAtOnce">How many this silo computes side by side, each on one thread.</param>
/// <param name="CheckPeriod">How often a coordinator looks after partitions.</param>
/// <param name="ReminderPeriod">How long after its silo's death a coordinator is brought back, at most.</param>
/// <param name="Version">Of the library.</param>
internal sealed record ClusterSettings(int PartitionsAtOnce, TimeSpan CheckPeriod, TimeSpan ReminderPeriod, string Version);
