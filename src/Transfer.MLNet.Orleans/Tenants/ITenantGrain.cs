using Orleans.Concurrency;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>A tenant, by 'set/name'. Every call may be made again.</summary>
[Alias("Transfer.MLNet.Tenant")]
internal interface ITenantGrain : IGrainWithStringKey
{
    [Alias("AddRows")]
    [ResponseTimeout("00:00:10")]
    Task<TenantStatus> AddRowsAsync(TenantBatch batch);

    [Alias("Retune")]
    [ResponseTimeout("00:00:20")]
    Task<TenantStatus> RetuneAsync();

    [Alias("Predict")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<float> PredictAsync([Immutable] float[] features);

    [Alias("Status")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<TenantStatus> StatusAsync();

    [Alias("Zip")]
    [ResponseTimeout("00:00:20")]
    Task<byte[]> ZipAsync();
}
