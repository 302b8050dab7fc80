namespace Transfer.MLNet;

/// <summary>How tenants are retuned.</summary>
public sealed class TenantOptions
{
    /// <summary>
    /// A retuning comes by itself with the batch that brings the rows since the last one to this many; 0: by
    /// <see cref="Tenant.RetuneAsync"/> only.
    /// </summary>
    public int RetuneEvery { get; set; }

    /// <summary>The pull to the model's weights, per row; null: chosen by each tenant's left-out rows.</summary>
    public double? Tau { get; set; }

    /// <summary>Whether the intercept is pulled to the model's as well.</summary>
    public bool PullIntercept { get; set; }

    /// <summary>Folds of the moments of tenants with Folds x p rows or more, by which their tau is chosen; below that their rows are kept,
    /// and tau is chosen by exact leave-one-out. With two classes rows are kept, and tau is chosen by cross-validation of its own
    /// folds.</summary>
    public int Folds { get; set; } = 10;

    /// <summary>What rows are dealt to folds by.</summary>
    public int Seed { get; set; }
}
