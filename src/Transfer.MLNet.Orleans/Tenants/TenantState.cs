namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>All that is known of a tenant. Never changed: a new one takes its place once it is in the store.</summary>
/// <param name="Name">Whose.</param>
/// <param name="LastBatch">Counted last.</param>
/// <param name="Print">Of its rows: the same number with other rows is told.</param>
/// <param name="Position">Rows that came, those that were left out too.</param>
/// <param name="LeftOut">Rows with a NaN or an infinity.</param>
/// <param name="Fresh">Rows since the last retuning.</param>
/// <param name="Held">Label and features of each row, one after the other; empty once there are moments.</param>
/// <param name="Moments">In folds; null while rows are kept.</param>
/// <param name="Tuned">The weights; null: those that all begin with.</param>
internal sealed record TenantState(
    string Name, long LastBatch, ulong Print, long Position, long LeftOut, long Fresh, float[] Held, Moments? Moments, TenantWeights? Tuned)
{
    public static TenantState New(string name) => new(name, 0, 0, 0, 0, 0, [], null, null);

    /// <summary>Rows that count.</summary>
    public long Rows => Position - LeftOut;

    public TenantStatus Status(bool wasCountedBefore = false, string? reasonUnchanged = null) => new()
    {
        LastBatch = LastBatch,
        WasCountedBefore = wasCountedBefore,
        Rows = Rows,
        RowsLeftOut = LeftOut,
        RowsTuned = Tuned?.Rows ?? 0,
        Tau = Tuned?.Tau,
        LeftOutError = Tuned?.LeftOutError,
        LearntPrior = Tuned is { Tau: null },
        KeepsRows = Moments is null,
        ReasonUnchanged = reasonUnchanged,
    };
}
