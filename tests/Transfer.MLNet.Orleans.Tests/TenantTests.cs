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
    public async Task Two_classes_are_what_FineTuneMany_makes_of_each_tenant_s_own_rows()
    {
        var ml = SampleTenants.Ml;
        var model = ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: 0.01).Fit(Classes("all", 200));
        var set = await _cluster.Client.CreateTenantsAsync(ml, "classes", model, Classes("all", 1).Schema);
        Class[] both = [.. Of("a", 60), .. Of("b", 80)];
        var peers = ml.Model.FineTuneMany(model, ml.Data.LoadFromEnumerable(both), "Shop", new() { LearnPrior = false });
        foreach (var name in new[] { "a", "b" })
        {
            var tenant = set.Tenant(name);
            var own = ml.Data.LoadFromEnumerable(both.Where(r => r.Shop == name));
            var rows = TenantRow.From(ml, model, own);
            Assert.Equal(both.Where(r => r.Shop == name).Select(r => r.Label ? 1f : 0f), rows.Select(r => r.Label));
            var before = model.Transform(own).GetColumn<float>("Probability").ToArray();
            Assert.Equal(before[0], await tenant.PredictAsync(rows[0].Features), 1e-6);
            await tenant.AddRowsAsync(1, [.. rows[..30], new(float.NaN, rows[0].Features)]);
            await tenant.AddRowsAsync(2, rows[30..]);
            var status = await tenant.RetuneAsync();
            Assert.Equal((rows.Length, 1L, true), ((int)status.RowsTuned, status.RowsLeftOut, status.KeepsRows));
            Assert.Equal((peers.Target(name).Tau, peers.Target(name).LeaveOneOutError), (status.Tau, status.LeftOutError));
            var expected = peers[name].Transform(own).GetColumn<float>("Probability").ToArray();
            Assert.NotEqual(before[0], expected[0], 1e-3);
            Assert.Equal(expected, await Task.WhenAll(rows.Select(r => tenant.PredictAsync(r.Features))), (x, y) => Math.Abs(x - y) < 1e-6);

            var path = Path.Combine(_folder, name + ".zip");
            await tenant.SaveModelAsync(path);
            Assert.Equal(expected, ml.Model.Load(path, out _).Transform(own).GetColumn<float>("Probability").ToArray());
        }

        // What has no fit, and what is no class.
        TenantRow[] ones = [.. Enumerable.Range(0, 4).Select(i => new TenantRow(1, [i, 1, 2, 3]))];
        await set.Tenant("ones").AddRowsAsync(1, ones);
        Assert.Contains("of one class", (await set.Tenant("ones").RetuneAsync()).ReasonUnchanged!, StringComparison.Ordinal);
        var half = await Assert.ThrowsAsync<ArgumentException>(
            () => set.Tenant("ones").AddRowsAsync(2, [ones[0], new(0.5f, [1, 2, 3, 4])]));
        Assert.Contains("Row 1 of batch 2 of tenant 'ones' has the label 0.5", half.Message, StringComparison.Ordinal);
        var most = (1 << 18) / 5;
        await set.Tenant("many").AddRowsAsync(1, [.. Enumerable.Repeat(ones[0], most)]);
        var full = await Assert.ThrowsAsync<InvalidOperationException>(() => set.Tenant("many").AddRowsAsync(2, ones));
        Assert.Contains($"has {most} rows", full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenants_with_classes_teach_each_other_as_targets_of_FineTuneMany_do()
    {
        var ml = SampleTenants.Ml;
        var model = ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: 0.01).Fit(Classes("all", 200));
        var set = await _cluster.Client.CreateTenantsAsync(ml, "classes", model, Classes("all", 1).Schema);
        Class[] all = [.. Of("a", 20), .. Of("bb", 30), .. Of("ccc", 25), .. Of("dddd", 12),
            .. Of("ones", 40).Where(r => r.Label).Take(5)];
        var peers = ml.Model.FineTuneMany(model, ml.Data.LoadFromEnumerable(all), "Shop");
        var shops = all.GroupBy(r => r.Shop).ToArray();
        foreach (var shop in shops)
        {
            await set.Tenant(shop.Key).AddRowsAsync(1, [.. shop.Select(r => new TenantRow(r.Label ? 1 : 0, r.Features))]);
        }

        Assert.Equal(5, await set.LearnPriorAsync(shops.Select(s => s.Key)));
        foreach (var shop in shops)
        {
            var (status, peer) = (await set.Tenant(shop.Key).RetuneAsync(), peers.Target(shop.Key));
            Assert.True(status.LearntPrior && peer.LearntPrior);
            Assert.Equal(peer.LeaveOneOutError, status.LeftOutError);
            Assert.Equal(
                peers[shop.Key].Transform(ml.Data.LoadFromEnumerable(shop)).GetColumn<float>("Probability"),
                await Task.WhenAll(shop.Select(r => set.Tenant(shop.Key).PredictAsync(r.Features))), (x, y) => Math.Abs(x - y) < 1e-6);
        }
    }

    [Fact]
    public async Task Models_that_tenants_cannot_begin_with_are_refused_with_what_to_do()
    {
        var ml = SampleTenants.Ml;
        var rows = Classes("all", 60);
        foreach (var model in new ITransformer[]
        {
            ml.BinaryClassification.Trainers.LinearSvm().Fit(rows),
            ml.BinaryClassification.Trainers.LinearSvm().Append(ml.BinaryClassification.Calibrators.Platt()).Fit(rows),
            ml.Transforms.Conversion.MapValueToKey("Key", "Label").Append(ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(
                "Key", tau: 0.1)).Fit(rows),
        })
        {
            var error = await Assert.ThrowsAsync<NotSupportedException>(
                () => _cluster.Client.CreateTenantsAsync(ml, "others", model, rows.Schema));
            Assert.Contains("FineTuneMany", error.Message, StringComparison.Ordinal);
        }
    }

    private static IDataView Classes(string name, int count) => SampleTenants.Ml.Data.LoadFromEnumerable(Of(name, count));

    private static IEnumerable<Class> Of(string name, int count) => SampleTenants.Rows(name, 1, count)
        .Select((r, i) => new Class
        {
            Label = r.Label + (0.8 * r.Features[name.Length % 4]) > 0.3 + (i % 5 / 10.0),
            Features = r.Features,
            Shop = name,
        });

    private static float[] Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float>("Score")];

    private sealed class Class
    {
        public string Shop { get; set; } = "";

        public bool Label { get; set; }

        [VectorType(SampleTenants.Features)]
        public float[] Features { get; set; } = [];
    }
}
