using Orleans.Placement;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Retraining;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>
/// A tenant in memory, always as it is in the store: what is new is written first, under the condition that nobody has written meanwhile.
/// Of two activations, which a failing cluster may have for a while, one sees its write refused, and begins again from what the other has
/// written.
/// </summary>
/// <remarks>
/// Clients deal tenants to gateways by their names, so that the silo which is asked first may as well have the tenant: a call then goes
/// through one silo and not through two.
/// </remarks>
[PreferLocalPlacement]
internal sealed class TenantGrain(ITransferStore store, TenantBases bases) : Grain, ITenantGrain
{
    private TenantBase? _model;
    private TenantState? _state;
    private long _version;

    private string Set => this.GetPrimaryKeyString()[..this.GetPrimaryKeyString().IndexOf('/', StringComparison.Ordinal)];

    private string Name => this.GetPrimaryKeyString()[(Set.Length + 1)..];

    public async Task<TenantStatus> AddRowsAsync(TenantBatch batch)
    {
        while (true)
        {
            var (model, state) = await ReadyAsync();
            if (batch.Number <= state.LastBatch)
            {
                return batch.Number < state.LastBatch || batch.Print() == state.Print ? state.Status(wasCountedBefore: true)
                    : throw new InvalidOperationException(
                        $"Batch {batch.Number} of tenant '{Name}' was counted with other rows. Give new rows the number "
                            + $"{state.LastBatch + 1}.");
            }

            if (batch.Number > state.LastBatch + 1)
            {
                throw new InvalidOperationException(
                    $"Batch {batch.Number} of tenant '{Name}' came before batch {state.LastBatch + 1}, which would then be taken for "
                        + $"counted. Send that first.");
            }

            var next = TenantLearning.With(model, state, batch);
            if (model.Options.RetuneEvery > 0 && next.Fresh >= model.Options.RetuneEvery)
            {
                next = TenantLearning.Retuned(model, next, await PriorAsync(model)).State;
            }

            if (await WriteAsync(next))
            {
                return next.Status();
            }
        }
    }

    public async Task<TenantStatus> RetuneAsync()
    {
        while (true)
        {
            var (model, state) = await ReadyAsync();
            var (next, reason) = TenantLearning.Retuned(model, state, await PriorAsync(model));
            if (reason is not null || await WriteAsync(next))
            {
                return next.Status(reasonUnchanged: reason);
            }
        }
    }

    public async Task<float> PredictAsync(float[] features)
    {
        var (model, state) = await ReadyAsync();
        return features.Length == model.FeatureCount
            ? model.Predict(state.Tuned ?? model.Weights, features)
            : throw new ArgumentException(
                $"The row has {features.Length} features, and the last layer of tenants '{Set}' takes {model.FeatureCount}. Bring rows "
                    + $"to it with "
                + "TenantRow.From.", nameof(features));
    }

    public async Task<TenantStatus> StatusAsync() => (await ReadyAsync()).State.Status();

    public async Task<byte[]> ZipAsync()
    {
        var (model, state) = await ReadyAsync();
        return await Task.Run(() => model.Zip(state.Tuned ?? model.Weights));
    }

    /// <summary>The one that was learnt last, by whomever: it is read each time.</summary>
    private async Task<TargetPrior?> PriorAsync(TenantBase model) =>
        model.LearnsPrior && await store.ReadRecordAsync(StoreNames.TenantPrior(Set)) is { } record
            ? TenantPrior.Read(record.Content, Set, model.FeatureCount).Prior
            : null;

    private ValueTask<(TenantBase Model, TenantState State)> ReadyAsync() =>
        _state is { } state ? new((_model!, state)) : new(LoadAsync());

    private async Task<(TenantBase Model, TenantState State)> LoadAsync()
    {
        var model = await bases.OfAsync(Set);
        var record = await store.ReadRecordAsync(StoreNames.Tenant(Set, Name));
        if (_state is null)
        {
            _model = model;
            _version = record?.Version ?? 0;
            _state = record is null ? TenantState.New(Name) : TenantFile.Read(record.Content, Set, Name, model.FeatureCount);
        }

        return (_model!, _state);
    }

    private async Task<bool> WriteAsync(TenantState next)
    {
        try
        {
            if (await store.TryWriteRecordAsync(StoreNames.Tenant(Set, Name), new(_version + 1, TenantFile.Write(next))))
            {
                _version++;
                _state = next;
                return true;
            }
        }
        catch
        {
            // Whether it was written is not known: what the store has is read before anything else is said.
            _state = null;
            throw;
        }

        _state = null;
        return false;
    }
}
