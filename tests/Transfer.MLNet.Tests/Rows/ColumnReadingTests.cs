using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

/// <summary>Labels, keys and counts as they stand in columns of every type.</summary>
public class ColumnReadingTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void Keys_of_every_width_are_classes_from_0_and_the_missing_key_is_no_class()
    {
        // Numbers in memory are keys from 0; beyond the five that there are the key is missing.
        Same<byte>([0, 9, 2]);
        Same<uint>([0, 9, 2]);

        static void Same<T>(T[] keys)
            where T : struct
        {
            var view = Keys(keys);
            Assert.Equal([0, double.NaN, 2], Labels(view, LabelReader.Key, "Key"));

            // As owners of rows they are numbered as they come, and the missing one is nobody.
            var owners = new RowKeys(view.Schema, "Key");
            Assert.Equal([0, RowKeys.None, 1], Numbers(view, owners));
            Assert.Equal(["1", "3"], owners.Names);
            Assert.Equal((1L, 1L, 1L), (owners.Missing, owners.RowsOf(0), owners.RowsOf(1)));
            Assert.Contains("1 rows have no key in column 'Key'", owners.MissingWarning, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Owners_are_told_apart_by_text_truth_keys_and_whole_numbers_of_every_width()
    {
        Wide[] rows = [new(), new() { Truth = true, Text = "b", I8 = -2, U8 = 200, I16 = -3, U16 = 60_000, I32 = -4, U32 = 4_000_000_000,
            I64 = long.MinValue, U64 = ulong.MaxValue }, new()];
        var view = Ml.Data.LoadFromEnumerable(rows);
        foreach (var (column, first, second) in new[]
        {
            ("Truth", "false", "true"), ("Text", "a", "b"), ("I8", "1", "-2"), ("U8", "1", "200"), ("I16", "1", "-3"),
                ("U16", "1", "60000"),
            ("I32", "1", "-4"), ("U32", "1", "4000000000"), ("I64", "1", "-9223372036854775808"), ("U64", "1", "18446744073709551615"),
        })
        {
            var keys = new RowKeys(view.Schema, column);
            Assert.Equal([0, 1, 0], Numbers(view, keys));
            Assert.Equal([first, second], keys.Names);
            Assert.Equal((2L, 1L), (keys.RowsOf(0), keys.RowsOf(1)));
            Assert.Null(keys.MissingWarning);
            Assert.Equal([first, second], RowKeys.NamesIn(view, column, default)!.Order(StringComparer.Ordinal).OrderBy(n => n == second));
        }

        Assert.Null(RowKeys.NamesIn(view, "Number", default));
        Assert.Null(RowKeys.NamesIn(view, "Elsewhere", default));
        foreach (var (column, remedy) in new[] { ("Number", "ConvertType(\"Number\""), ("Vector", "CopyColumns") })
        {
            var error = Assert.Throws<ArgumentException>(() => new RowKeys(view.Schema, column));
            Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keys_of_words_are_named_by_the_words()
    {
        var plain = Ml.Data.LoadFromEnumerable(new[] { new Wide { Text = "x" }, new Wide { Text = "y" }, new Wide { Text = "x" } });
        var view = Ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(plain).Transform(plain);
        var keys = new RowKeys(view.Schema, "Key");
        Assert.Equal([0, 1, 0], Numbers(view, keys));
        Assert.Equal(["x", "y"], keys.Names);
    }

    [Fact]
    public void True_is_1_and_false_0() => Assert.Equal(
        [0.0, 1], Labels(Ml.Data.LoadFromEnumerable(new[] { new Wide(), new Wide { Truth = true } }), LabelReader.Boolean, "Truth"));

    [Fact]
    public void Counts_come_with_their_exposure()
    {
        var view = Ml.Data.LoadFromEnumerable(new[] { new Wide { Number = 3, Hours = 2 }, new Wide { Number = float.NaN, Hours = 0.5f } });
        var label = new CountLabel(c => c < 0 ? "is negative" : null, "Hours");
        using var cursor = view.GetRowCursor(view.Schema);
        var next = label.Open(cursor, view.Schema["Number"]);
        Assert.True(cursor.MoveNext());
        Assert.Equal((3.0, 2.0), (next(), label.Exposure));
        Assert.True(cursor.MoveNext());
        Assert.Equal((double.NaN, 0.5), (next(), label.Exposure));

        var alone = new CountLabel(_ => null, exposure: null);
        Assert.Equal([3, double.NaN], Labels(view, alone, "Number"));
        Assert.Equal(1, alone.Exposure);
    }

    [Theory]
    [InlineData(1, 0, "exposure column 'Hours' has the value 0 in row 1")]
    [InlineData(1, -1, "exposure column 'Hours' has the value -1 in row 1")]
    [InlineData(1, float.NaN, "exposure column 'Hours' has the value NaN in row 1")]
    [InlineData(1, float.PositiveInfinity, "exposure column 'Hours'")]
    [InlineData(-1, 1, "label column 'Number' has the value -1 in row 1, which is negative")]
    public void Counts_and_exposures_that_are_none_are_named_with_their_row(float count, float hours, string problem)
    {
        var view = Ml.Data.LoadFromEnumerable(new[] { new Wide { Number = 1, Hours = 1 }, new Wide { Number = count, Hours = hours } });
        var error = Assert.Throws<InvalidOperationException>(() =>
            Labels(view, new CountLabel(c => c < 0 ? "is negative" : null, "Hours"), "Number"));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, "'c11'.")]
    [InlineData(13, "'c11' and 1 more.")]
    [InlineData(20, "'c11' and 8 more.")]
    public void Of_the_columns_that_are_there_twelve_are_named(int count, string end)
    {
        var builder = new DataViewSchema.Builder();
        for (var i = 0; i < count; i++)
        {
            builder.AddColumn($"c{i}", NumberDataViewType.Single);
        }

        var error = Assert.Throws<ArgumentException>(() => ColumnTypes.Find(builder.ToSchema(), "x", "label"));
        Assert.Contains(end, error.Message, StringComparison.Ordinal);
        Assert.Contains("no columns", Assert.Throws<ArgumentException>(() =>
            ColumnTypes.Find(new DataViewSchema.Builder().ToSchema(), "x", "label")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_are_the_same_where_as_many_have_the_same_names_as_far_as_both_have_some()
    {
        void Require(string[] names, string[] others, int count = 2, int otherCount = 2) =>
            FeatureMatch.Require("Rows", count, names, "a model", otherCount, others, "Do this.");
        Require(["a", "b"], ["a", "b"]);
        Require([], ["a", "b"]);
        Require(["a", "b"], []);
        Assert.Contains("has 3 features, but a model 2. Do this.",
            Assert.Throws<ArgumentException>(() => Require([], [], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("has 'b' as feature 1, but a model 'c'",
            Assert.Throws<ArgumentException>(() => Require(["a", "b"], ["a", "c"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_share_of_values_is_of_the_first_rows()
    {
        var view = View.Of(4, [
            new() { Features = new(4, [1, 0, 2, 3]) }, new() { Features = new(4, 1, [5], [2]) },
                new() { Features = new(4, [1, 1, 1, 1]) }]);
        Assert.Equal(3 / 4.0, SparseRowsReader.Density(view, "Features", 1));
        Assert.Equal(4 / 8.0, SparseRowsReader.Density(view, "Features", 2));
        Assert.Equal(8 / 12.0, SparseRowsReader.Density(view, "Features", 9));
        Assert.Equal(0, SparseRowsReader.Density(View.Of(4, []), "Features", 9));
    }

    [Fact]
    public void Sparse_rows_hold_what_is_not_zero()
    {
        var view = View.Of(4, [
            new() { Features = new(4, [1, 0, 2, 3]), Label = 7, Weight = 2 }, new() { Features = new(4, 1, [5], [2]), Label = 8 }]);
        var rows = SparseRowsReader.Read(new(view, View.Weighted), new(1 << 20), new Workers(1), warn: null);
        Assert.Equal(4, rows.Design.NonZeros);
        Assert.Equal([7.0, 8], rows.Labels);
        Assert.Equal([2.0, 1], rows.Weights!);
        Assert.Equal([1.0 + 200 + 3000, 500], rows.Design.Scores([1, 10, 100, 1000], 1, Workers.All));
        Assert.Null(SparseRowsReader.Read(new(view, new()), new(1 << 20), new Workers(1), warn: null).Weights);

        // Four values of 32 bytes each.
        SparseRowsReader.Read(new(view, new()), new(128), new Workers(1), warn: null);
        Assert.Contains("More than 1 rows", Assert.Throws<InvalidOperationException>(() =>
            SparseRowsReader.Read(new(view, new()), new(127), new Workers(1), warn: null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_class_are_told_with_why_the_others_do_not_count()
    {
        string Said(string? weight, params float[] labels) => OneClassOnly.Complaint(
            View.Of(1, labels.Select(y => new View.Row { Features = new(1, [1f]), Label = y })), new("Label", "Features", weight),
            LabelReader.Number, k => $"<{k}>", 1).Message;
        Assert.Contains("All rows have the label <1>", Said(null, 1, 1, float.NaN), StringComparison.Ordinal);
        Assert.Contains("Only rows of the label <1>", Said(null, 1, 0, 2), StringComparison.Ordinal);
        Assert.Contains("Those of <0>, <2> have a NaN or an infinity in column 'Features'", Said(null, 1, 0, 2), StringComparison.Ordinal);
        Assert.Contains("have weight zero in column 'Weight'", Said("Weight", 1, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_cluster_are_a_cluster_each_and_one_cluster_is_refused()
    {
        IDataView Of(params string[] owners) => Ml.Data.LoadFromEnumerable(
            owners.Select((o, i) => new Wide { Text = o, Number = i, Vector = [i, 1] }).ToArray());
        TaskColumns columns = new("Number", "Vector");
        var (rows, clusters) = ClusteredRowsReader.Read(Of("a", "", "b", "a", ""), columns, "Text", new Workers(1));
        Assert.Equal(5, rows.Rows);
        Assert.Equal(clusters![0], clusters[3]);
        Assert.Equal(4, clusters.Distinct().Count());
        Assert.Null(ClusteredRowsReader.Read(Of("a", "a"), columns, null, new Workers(1)).Clusters);

        // Three rows of two numbers of 8 bytes.
        Assert.Equal(3, ClusteredRowsReader.Read(Of("a", "b", "a"), columns, "Text", new Workers(1), budget: new(48)).Rows.Rows);
        Assert.Contains("More than 2 rows", Assert.Throws<InvalidOperationException>(() => ClusteredRowsReader.Read(
            Of("a", "b", "a"), columns, "Text", new Workers(1), budget: new(47))).Message, StringComparison.Ordinal);
        Assert.Single(ClusteredRowsReader.Read(Of("a"), columns, "Text", new Workers(1)).Clusters!);
        Assert.Contains("All 3 rows have 'a' in the cluster column 'Text'", Assert.Throws<InvalidOperationException>(() =>
            ClusteredRowsReader.Read(Of("a", "a", "a"), columns, "Text", new Workers(1))).Message, StringComparison.Ordinal);
    }

    private static double[] Labels(IDataView view, LabelReader reader, string column)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var (next, read) = (reader.Open(cursor, view.Schema[column]), new List<double>());
        while (cursor.MoveNext())
        {
            read.Add(next());
        }

        return [.. read];
    }

    private static int[] Numbers(IDataView view, RowKeys keys)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var (stand, read) = (keys.Open(cursor), new List<int>());
        while (cursor.MoveNext())
        {
            stand();
            read.Add(keys.Current);
        }

        return [.. read];
    }

    private static IDataView Keys<T>(T[] keys)
        where T : struct
    {
        var schema = SchemaDefinition.Create(typeof(Keyed<T>));
        schema["Key"].ColumnType = new KeyDataViewType(typeof(T), 5);
        return Ml.Data.LoadFromEnumerable(keys.Select(k => new Keyed<T> { Key = k }).ToArray(), schema);
    }

    private sealed class Keyed<T>
    {
        public T? Key { get; set; }
    }

    private sealed class Wide
    {
        public bool Truth { get; set; }

        public string Text { get; set; } = "a";

        public sbyte I8 { get; set; } = 1;

        public byte U8 { get; set; } = 1;

        public short I16 { get; set; } = 1;

        public ushort U16 { get; set; } = 1;

        public int I32 { get; set; } = 1;

        public uint U32 { get; set; } = 1;

        public long I64 { get; set; } = 1;

        public ulong U64 { get; set; } = 1;

        public float Number { get; set; } = 1;

        public float Hours { get; set; } = 1;

        [VectorType(2)]
        public float[] Vector { get; set; } = [1, 2];
    }
}
