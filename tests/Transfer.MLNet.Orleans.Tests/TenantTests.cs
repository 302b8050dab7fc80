using Microsoft.ML;
using Microsoft.ML.Data;
using Orleans.TestingHost;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Tenants on one silo, and on two clusters that do not know of each other.</summary>
public sealed class TenantTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tenants").FullName;
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await Silos.StartAsync(new FolderStore(_folder, flushToDisk: false), 1);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_tenant_is_what_FineTune_makes_of_its_rows_and_its_zip_is_stock()
    {
        var (model, schema) = SampleTenants.Model();
        var ml = SampleTenants.Ml;
        var set = await _cluster.Client.CreateTenantsAsync(ml, "prices", model, schema);
        var name = new string('ü', 1000);
        var berlin = set.Tenant(name);
        TenantRow[] rows = [.. SampleTenants.Rows(name, 1, 12), .. SampleTenants.Rows(name, 2, 9)];
        var before = await berlin.PredictAsync(rows[0].Features);
        await berlin.AddRowsAsync(1, rows[..12]);
        await berlin.AddRowsAsync(2, [.. rows[12..], new(float.NaN, rows[0].Features), new(1, [1, 2, float.PositiveInfinity, 4])]);
        Assert.Equal(before, await berlin.PredictAsync(rows[0].Features));
        var status = await berlin.RetuneAsync();
        Assert.Equal((2L, 21L, 2L, 21L, true), (status.LastBatch, status.Rows, status.RowsLeftOut, status.RowsTuned, status.KeepsRows));

        var own = ml.Data.LoadFromEnumerable(rows.Select(r => new SampleTenants.Row { Label = r.Label, Features = r.Features }));
        var expected = ml.Model.FineTune(model, own, new FineTuneOptions { CompareWays = false });
        Assert.Equal(Scores(expected, own), await Task.WhenAll(rows.Select(r => berlin.PredictAsync(r.Features))), (a, b) =>
            Math.Abs(a - b) < 1e-6);

        var path = Path.Combine(_folder, "berlin.zip");
        await berlin.SaveModelAsync(path);
        Assert.Equal(Scores(expected, own), Scores(ml.Model.Load(path, out var columns), own));
        Assert.Equal(schema.Count, columns.Count);
        Assert.Equal(rows.Select(r => r.Label), TenantRow.From(ml, model, own).Select(r => r.Label));
    }

    [Fact]
    public async Task From_folds_times_features_on_moments_take_the_place_of_rows()
    {
        var set = await SampleTenants.CreateAsync(_cluster.Client, new() { Folds = 5 });
        var (one, other) = (set.Tenant("one"), set.Tenant("other"));
        TenantRow[] rows = [.. Enumerable.Range(1, 8).SelectMany(b => SampleTenants.Rows("one", b, 5))];
        Assert.True((await one.AddRowsAsync(1, rows[..19])).KeepsRows);
        Assert.False((await one.AddRowsAsync(2, rows[19..25])).KeepsRows);
        await one.AddRowsAsync(3, rows[25..]);
        Assert.False((await other.AddRowsAsync(1, rows)).KeepsRows);

        // The same rows, whether they came at once or were kept for a while: tau by folds, drawn by each tenant's name, so given here.
        var (a, b) = (await one.RetuneAsync(), await other.RetuneAsync());
        Assert.Equal((40L, 40L), (a.RowsTuned, b.RowsTuned));
        Assert.True(a.LeftOutError > 0);
        var ml = SampleTenants.Ml;
        var own = ml.Data.LoadFromEnumerable(rows.Select(r => new SampleTenants.Row { Label = r.Label, Features = r.Features }));
        var expected = Scores(
            ml.Model.FineTune(SampleTenants.Model().Model, own, new FineTuneOptions { CompareWays = false, Tau = a.Tau }), own);
        Assert.Equal(expected, await Task.WhenAll(rows.Select(r => one.PredictAsync(r.Features))), (x, y) => Math.Abs(x - y) < 1e-5);
    }

    [Fact]
    public async Task Batches_are_numbered_and_counted_once_also_by_two_clusters_at_a_time()
    {
        await using var second = await Silos.StartAsync(new FolderStore(_folder, flushToDisk: false), 1);
        var set = await SampleTenants.CreateAsync(_cluster.Client);
        var twins = new[] { set.Tenant("twin"), second.Client.GetTenants("prices").Tenant("twin") };
        for (var b = 1; b <= 12; b++)
        {
            var rows = SampleTenants.Rows("twin", b, 4);
            var both = await Task.WhenAll(twins.Select(t => t.AddRowsAsync(b, rows)));
            Assert.Equal(1, both.Count(s => s.WasCountedBefore));
            Assert.All(both, s => Assert.Equal((b, 4L * b), (s.LastBatch, s.Rows)));
        }

        var other = await Assert.ThrowsAsync<InvalidOperationException>(() => twins[0].AddRowsAsync(12, SampleTenants.Rows("x", 1, 4)));
        Assert.Contains("the number 13", other.Message, StringComparison.Ordinal);
        var gap = await Assert.ThrowsAsync<InvalidOperationException>(() => twins[1].AddRowsAsync(14, SampleTenants.Rows("x", 1, 4)));
        Assert.Contains("before batch 13", gap.Message, StringComparison.Ordinal);
        Assert.Equal("it has no rows", (await set.Tenant("nobody").RetuneAsync()).ReasonUnchanged);
        Assert.Contains("takes 4", (await Assert.ThrowsAsync<ArgumentException>(() => twins[0].PredictAsync([1]))).Message,
            StringComparison.Ordinal);
        Assert.Contains("takes 4", (await Assert.ThrowsAsync<ArgumentException>(() => twins[0].AddRowsAsync(13, [new(1, [1, 2])]))).Message,
            StringComparison.Ordinal);
        Assert.Contains("no rows", (await Assert.ThrowsAsync<ArgumentException>(() => twins[0].AddRowsAsync(13, []))).Message,
            StringComparison.Ordinal);
        Assert.Contains("'nowhere'", (await Assert.ThrowsAsync<InvalidOperationException>(
            () => _cluster.Client.GetTenants("nowhere").Tenant("a").GetStatusAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("other options", (await Assert.ThrowsAsync<InvalidOperationException>(
            () => SampleTenants.CreateAsync(_cluster.Client, new() { Folds = 7 }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_that_have_no_moments_are_refused_with_what_to_do()
    {
        var ml = SampleTenants.Ml;
        var rows = ml.Data.LoadFromEnumerable(SampleTenants.Rows("classes", 1, 40)
            .Select(r => new Class { Label = r.Label > 0, Features = r.Features }));
        var model = ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: 0.01).Fit(rows);
        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => _cluster.Client.CreateTenantsAsync(ml, "classes", model, rows.Schema));
        Assert.Contains("FineTuneMany", error.Message, StringComparison.Ordinal);
    }

    private static float[] Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float>("Score")];

    private sealed class Class
    {
        public bool Label { get; set; }

        [VectorType(SampleTenants.Features)]
        public float[] Features { get; set; } = [];
    }
}
