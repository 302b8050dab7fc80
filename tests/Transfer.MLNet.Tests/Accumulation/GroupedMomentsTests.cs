using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Accumulation;

public class GroupedMomentsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_moments_of_a_group_are_those_of_its_rows_alone(bool weighted)
    {
        var rows = Rows(60, 5, offset: 1e5f);
        var grouped = _ml.Data.ComputeGroupedMoments(View(rows), "Shop", exampleWeightColumnName: weighted ? "Weight" : null);

        Assert.Equal(rows.Select(r => r.Shop).Distinct(), grouped.GroupNames);
        foreach (var shop in grouped.GroupNames)
        {
            var alone = _ml.Regression.ComputeMoments(
                View([.. rows.Where(r => r.Shop == shop)]), exampleWeightColumnName: weighted ? "Weight" : null, folds: 1).Total;
            var ours = grouped.ToMoments(shop).Total;
            Assert.Equal(alone.Count, ours.Count);
            // One row at a time about a moving mean against a batch about its own: means of 1e5 against deviations of 1 cost five digits.
            Close.To(alone.FeatureMeans, ours.FeatureMeans, 1e-14);
            Close.To(alone.Scatter.Values, ours.Scatter.Values, 1e-10);
            Close.To(alone.Cross, ours.Cross, 1e-10);
            Close.To(alone.LabelScatter, ours.LabelScatter, 1e-12);
        }

        Close.To(
            _ml.Regression.ComputeMoments(View(rows), exampleWeightColumnName: weighted ? "Weight" : null, folds: 1).Total.Scatter.Values,
            grouped.ToMoments().Total.Scatter.Values, 1e-10);
    }

    [Fact]
    public void Halves_that_are_merged_are_the_whole_and_a_group_of_both_is_put_together()
    {
        var rows = Rows(90, 7);
        var whole = _ml.Data.ComputeGroupedMoments(View(rows), "Shop");
        var merged = _ml.Data.ComputeGroupedMoments(View([.. rows.Take(31)]), "Shop")
            .Merge(_ml.Data.ComputeGroupedMoments(View([.. rows.Skip(31)]), "Shop"));

        Assert.Equal(whole.GroupNames.Order(), merged.GroupNames.Order());
        foreach (var shop in whole.GroupNames)
        {
            Close.To(whole.ToMoments(shop).Total.Scatter.Values, merged.ToMoments(shop).Total.Scatter.Values, 1e-12);
            Assert.Equal(whole.ToMoments(shop).Count, merged.ToMoments(shop).Count);
        }

        Assert.Equal(whole.Count - whole.ToMoments("shop 2").Count, whole.Without("shop 2").Count);
        Assert.DoesNotContain("shop 2", whole.Without("shop 2").GroupNames);
    }

    /// <summary>Each with right checksums.</summary>
    [Theory]
    [InlineData(-1, 1, 0, "-1 features")]
    [InlineData(int.MaxValue, 1, 0, "features")]
    [InlineData(1, 0, 0, "0 groups")]
    [InlineData(1, -3, 0, "-3 groups")]
    [InlineData(1, int.MaxValue, 0, "groups")]
    [InlineData(1, 2, 0, "one name")]
    [InlineData(1, 1, 7, "7 names")]
    [InlineData(1, 3, 1, "ends before its fields")]
    [InlineData(40_000, 1, 0, "do not fit")]
    public void A_head_without_sense_is_refused_before_anything_is_allocated_for_it(int p, int groups, int names, string named)
    {
        var head = new MemoryStream();
        using var writer = new BinaryWriter(head);
        writer.Write(p);
        writer.Write(groups);
        foreach (var name in new[] { "Shop", "Features", "Label" })
        {
            writer.Write(name);
        }

        writer.Write(names);
        writer.Write("a");
        writer.Write("a");
        writer.Flush();
        byte[] first = [.. "TLGROUPS"u8, 1, 0, 0, 0, .. BitConverter.GetBytes((int)head.Length), .. head.ToArray()];
        byte[] whole = [.. first, .. System.Security.Cryptography.SHA256.HashData(first)];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<FormatException>(() => GroupedMoments.Load(new MemoryStream(whole)));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void What_is_saved_is_loaded_to_the_last_bit_and_a_damaged_file_is_refused()
    {
        var grouped = _ml.Data.ComputeGroupedMoments(View(Rows(40, 6)), "Shop");
        using var stream = new MemoryStream();
        grouped.Save(stream);
        var bytes = stream.ToArray();
        var loaded = GroupedMoments.Load(new MemoryStream(bytes));

        Assert.Equal(grouped.GroupNames, loaded.GroupNames);
        Assert.Equal(grouped.GroupCounts, loaded.GroupCounts);
        Assert.Equal("Shop", loaded.GroupColumnName);
        for (var g = 0; g < grouped.Groups.Count; g++)
        {
            Assert.Equal(grouped.Groups[g].Scatter.Values, loaded.Groups[g].Scatter.Values);
            Assert.Equal(grouped.Groups[g].Cross, loaded.Groups[g].Cross);
        }

        foreach (var at in new[] { 3, 14, 40, bytes.Length / 2, bytes.Length - 1 })
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 1;
            Assert.Throws<FormatException>(() => GroupedMoments.Load(new MemoryStream(damaged)));
        }

        Assert.Throws<FormatException>(() => GroupedMoments.Load(new MemoryStream(bytes[..^5])));
        Assert.Contains("does not hold moments", Assert.Throws<FormatException>(() => Moments.Load(new MemoryStream(bytes))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_column_with_another_role_or_with_too_many_groups_is_refused_in_words()
    {
        var view = View(Rows(50, 5));
        Assert.Contains("as the label column", Assert.Throws<ArgumentException>(() => _ml.Data.ComputeGroupedMoments(view, "Label"))
            .Message, StringComparison.Ordinal);
        Assert.Contains("'Nowhere'", Assert.Throws<ArgumentException>(() => _ml.Data.ComputeGroupedMoments(view, "Nowhere")).Message,
            StringComparison.Ordinal);

        // 4 features: 128 bytes a group, of which three fit; a key column is refused before a row is read.
        var budget = new MemoryBudget(400);
        var error = Assert.Throws<InvalidOperationException>(
            () => GroupedMomentsReader.Read(view, new TaskColumns(), "Shop", Workers.All, budget: budget));
        Assert.Contains("3 groups", error.Message, StringComparison.Ordinal);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Shop").Fit(view).Transform(view);
        Assert.Contains("The moments of 5 groups", Assert.Throws<InvalidOperationException>(
            () => GroupedMomentsReader.Read(keyed, new TaskColumns(), "Shop", Workers.All,
                budget: budget)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_group_are_left_out_and_told()
    {
        var rows = Rows(30, 3);
        rows[4].Shop = rows[9].Shop = string.Empty;
        var told = new List<string>();
        var grouped = GroupedMomentsReader.Read(View(rows), new TaskColumns(), "Shop", Workers.All, told.Add);

        Assert.Equal(28, grouped.Count);
        Assert.Contains(told, t => t.StartsWith("2 rows have no group in column 'Shop'", StringComparison.Ordinal));
    }

    [Fact]
    public void Groups_of_one_row_have_no_scatter_and_count()
    {
        var grouped = _ml.Data.ComputeGroupedMoments(View(Rows(6, 6)), "Shop");

        Assert.Equal([1, 1, 1, 1, 1, 1], grouped.GroupCounts);
        Assert.All(grouped.Groups, g => Assert.All(g.Scatter.Values, v => Assert.Equal(0, v)));
        Assert.True(grouped.ToMoments().Total.LabelScatter > 0);
    }

    internal static Row[] Rows(int count, int shops, float offset = 0, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] x = [.. Enumerable.Range(0, 4).Select(_ => offset + (float)(random.NextDouble() + random.NextDouble() - 1))];
            var shop = i % shops;
            return new Row { Shop = $"shop {shop}", Features = x, Label = (x[0] * (1 + (0.3f * shop))) - x[1] + (float)random.NextDouble(),
                Weight = 0.5f + (i % 3) };
        })];
    }

    internal IDataView View(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    internal sealed class Row
    {
        public string Shop { get; set; } = string.Empty;

        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Weight { get; set; } = 1;
    }
}
