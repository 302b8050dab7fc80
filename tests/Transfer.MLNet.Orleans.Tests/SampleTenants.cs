using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Tenants that differ from a model of four features, and their rows, the same each time.</summary>
internal static class SampleTenants
{
    public const int Features = 4;

    public static MLContext Ml { get; } = new(1);

    public static (ITransformer Model, DataViewSchema Schema) Model()
    {
        var rows = Ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 200).Select(i => Rows("all", i, 1)[0]).Select(r => new Row { Label = r.Label, Features = r.Features }));
        return (Ml.Regression.Trainers.L2SpRidge(tau: 0.01).Fit(rows), rows.Schema);
    }

    public static Task<TenantSet> CreateAsync(IClusterClient client, TenantOptions? options = null)
    {
        var (model, schema) = Model();
        return client.CreateTenantsAsync(Ml, "prices", model, schema, options);
    }

    public static TenantRow[] Rows(string tenant, long batch, int count)
    {
        var random = new Random(string.Create(CultureInfo.InvariantCulture, $"{tenant}/{batch}")
            .Aggregate(17, (h, c) => unchecked((h * 31) + c)));
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, Features).Select(_ => (float)random.NextDouble())];
            return new TenantRow(x[0] - x[1] + (0.1f * (float)random.NextDouble()), x);
        })];
    }

    /// <summary>Every batch, and every third one twice.</summary>
    public static Task SendAsync(TenantSet set, int tenants, int batches) => Task.WhenAll(Enumerable.Range(0, tenants).Select(async t =>
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"tenant {t}");
        for (var b = 1; b <= batches; b++)
        {
            await set.Tenant(name).AddRowsAsync(b, Rows(name, b, 3));
            if (b % 3 == 0)
            {
                await set.Tenant(name).AddRowsAsync(b, Rows(name, b, 3));
            }
        }
    }));

    public sealed class Row
    {
        public float Label { get; set; }

        [VectorType(SampleTenants.Features)]
        public float[] Features { get; set; } = [];
    }
}
