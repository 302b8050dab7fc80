using Microsoft.ML;
using Microsoft.ML.Data;
using Orleans.TestingHost;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Tenants that teach each other.</summary>
public sealed class TenantPriorTests : IAsyncLifetime
{
    private const int Tenants = 12;

    private readonly MemoryStore _store = new();
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await Silos.StartAsync(_store, 1);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_tenant_with_rows_or_with_moments_is_what_FineTuneMany_makes_of_it_among_all()
    {
        var ml = SampleTenants.Ml;
        var set = await SampleTenants.CreateAsync(_cluster.Client, new() { Folds = 5, RetuneEvery = 40 });
        // 10 rows are kept, 25 and 50 have become moments.
        var rows = Enumerable.Range(0, Tenants).ToDictionary(Name, t => Rows(t, t % 3 == 0 ? 10 : t % 3 == 1 ? 25 : 50));
        foreach (var (name, own) in rows)
        {
            await set.Tenant(name).AddRowsAsync(1, own);
        }

        Assert.False((await set.Tenant(Name(0)).RetuneAsync()).LearntPrior);
        Assert.Equal(Tenants, await set.LearnPriorAsync([.. rows.Keys, "nobody", Name(0)]));

        var (model, _) = SampleTenants.Model();
        var all = ml.Data.LoadFromEnumerable(rows.SelectMany(r => r.Value, (r, row) =>
            new Keyed { Shop = r.Key, Label = row.Label, Features = row.Features }));
        var peers = ml.Model.FineTuneMany(model, all, "Shop");
        foreach (var (name, own) in rows)
        {
            var status = await set.Tenant(name).RetuneAsync();
            Assert.Equal((true, null, own.Length), (status.LearntPrior, status.Tau, (int)status.RowsTuned));
            var peer = peers.Target(name);
            Assert.True(peer.LearntPrior);
            var expected = peers[name].Transform(ml.Data.LoadFromEnumerable(own.Select(
                r => new SampleTenants.Row { Label = r.Label, Features = r.Features }))).GetColumn<float>("Score").ToArray();
            // Single precision, and sums of moments in another order.
            Assert.Equal(expected, await Task.WhenAll(own.Select(r => set.Tenant(name).PredictAsync(r.Features))), (a, b) =>
                Math.Abs(a - b) < 1e-5);
            Assert.Equal(own.Length < 20, status.KeepsRows);
            if (status.KeepsRows)
            {
                Assert.Equal(peer.LeaveOneOutError!.Value, status.LeftOutError!.Value, 1e-6);
            }
        }

        // By itself, with the batch that brings enough.
        var more = await set.Tenant(Name(0)).AddRowsAsync(2, Rows(100, 40));
        Assert.Equal((true, 50L), (more.LearntPrior, more.RowsTuned));
        Assert.Contains("drawn to what all tenants have in common", more.ToString(), StringComparison.Ordinal);

        // Learnt again, by another client: nothing is lost, and damage is told by name.
        Assert.Equal(Tenants, await _cluster.Client.GetTenants("prices").LearnPriorAsync(rows.Keys));
        var record = _store.Records[StoreNames.TenantPrior("prices")];
        Assert.Equal(2, record.Version);
        _store.Records[StoreNames.TenantPrior("prices")] = record with { Content = record.Content[..40] };
        var damaged = await Assert.ThrowsAsync<FormatException>(() => set.Tenant(Name(1)).RetuneAsync());
        Assert.Contains(StoreNames.TenantPrior("prices"), damaged.Message, StringComparison.Ordinal);
        await set.LearnPriorAsync(rows.Keys);
        Assert.True((await set.Tenant(Name(1)).RetuneAsync()).LearntPrior);
    }

    [Fact]
    public async Task What_nobody_can_teach_is_told()
    {
        var set = await SampleTenants.CreateAsync(_cluster.Client);
        await set.Tenant("a").AddRowsAsync(1, Rows(1, 8));
        await set.Tenant("b").AddRowsAsync(1, Rows(2, 8));
        await set.Tenant("c").AddRowsAsync(1, Rows(3, 2));
        var few = await Assert.ThrowsAsync<InvalidOperationException>(() => set.LearnPriorAsync(["a", "b", "c"]));
        Assert.Contains("2 of the tenants of 'prices'", few.Message, StringComparison.Ordinal);
        Assert.False((await set.Tenant("a").RetuneAsync()).LearntPrior);

        var (model, schema) = SampleTenants.Model();
        var given = await _cluster.Client.CreateTenantsAsync(SampleTenants.Ml, "given", model, schema, new() { Tau = 0.1 });
        Assert.Contains("a tau that was given", (await Assert.ThrowsAsync<InvalidOperationException>(
            () => given.LearnPriorAsync(["a"]))).Message, StringComparison.Ordinal);
        Assert.Contains("no tenants 'nowhere'", (await Assert.ThrowsAsync<InvalidOperationException>(
            () => _cluster.Client.GetTenants("nowhere").LearnPriorAsync(["a"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_of_moments_left_out_are_what_fits_of_the_other_rows_say_of_them()
    {
        var prior = new TargetPrior([0.5, 0.4, 0.5, 0.6], [1, -1, 0.1, 0, 0.2], [0.3, 0.2, 0.1, 0.05, 1], 0.02);
        var all = Rows(5, 37);
        var folds = Enumerable.Range(0, 4).Select(k => all.Where((_, i) => i % 4 == k).ToArray()).ToArray();
        var (fit, error) = prior.FitOf([.. folds.Select(Block), MomentBlock.Empty(4)]);

        var whole = prior.FitOf(Held(all), new Workers(1)).Fit;
        Assert.Equal(whole.Weights.Append(whole.Intercept), fit.Weights.Append(fit.Intercept), (a, b) => Math.Abs(a - b) < 1e-10);
        var left = folds.SelectMany((fold, k) =>
        {
            var (other, _) = prior.FitOf(Held([.. folds.Where((_, i) => i != k).SelectMany(f => f)]), new Workers(1));
            return fold.Select(r => r.Label - other.Intercept - other.Weights.Zip(r.Features, (w, x) => w * x).Sum());
        });
        Assert.Equal(left.Average(e => e * e), error, 1e-10);
    }

    private static string Name(int tenant) => $"shop {tenant}";

    private static TenantRow[] Rows(int tenant, int count)
    {
        var random = new Random(tenant);
        double[] weights = [1 + Around(0.4), -1 + Around(0.4), Around(0.1), Around(0.4)];
        var level = Around(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [.. weights.Select(_ => (float)random.NextDouble())];
            return new TenantRow((float)(level + weights.Zip(x, (w, v) => w * v).Sum() + Around(0.3)), x);
        })];

        double Around(double width) => width * (random.NextDouble() - 0.5);
    }

    private static HeldRows Held(TenantRow[] rows)
    {
        var features = new Matrix(rows.Length, 4);
        for (var i = 0; i < rows.Length; i++)
        {
            DenseRow.Widen(rows[i].Features, features.Row(i));
        }

        return new(features, [.. rows.Select(r => (double)r.Label)]);
    }

    private static MomentBlock Block(TenantRow[] rows)
    {
        var sums = new GroupAccumulator(4);
        var wide = new double[4];
        foreach (var row in rows)
        {
            DenseRow.Widen(row.Features, wide);
            sums.Add(wide, row.Label, 1);
        }

        return sums.ToBlock(new Workers(1));
    }

    private sealed class Keyed
    {
        public string Shop { get; set; } = "";

        public float Label { get; set; }

        [VectorType(SampleTenants.Features)]
        public float[] Features { get; set; } = [];
    }
}
