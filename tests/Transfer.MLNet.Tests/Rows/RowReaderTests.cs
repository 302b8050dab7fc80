using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

public class RowReaderTests
{
    private static readonly Workers One = new(1);

    private static readonly MLContext Ml = new(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_come_as_they_are_dense_or_sparse(bool sparse)
    {
        var rows = View.Rounded(Sample.Rows(700, 11, 1, weighted: true));
        for (var i = 0; i < rows.Features.Values.Length; i += 3)
        {
            rows.Features.Values[i] = 0;
        }

        var read = HeldRowsReader.Read(View.Of(rows, sparse), View.Weighted, One);

        Assert.Equal(rows.Features.Values, read.Features.Values);
        Assert.Equal(rows.Labels, read.Labels);
        Assert.Equal(rows.Weights, read.Weights);
    }

    [Fact]
    public void Sparse_rows_after_fuller_ones_leave_nothing_behind()
    {
        VBuffer<float>[] buffers = [new(3, [1, 2, 3]), new(3, 1, [5], [1]), new(3, 0, [], [])];
        var view = View.Of(3, buffers.Select(b => new View.Row { Features = b }));

        Assert.Equal([1.0, 2, 3, 0, 5, 0, 0, 0, 0], HeldRowsReader.Read(view, new TaskColumns(), One).Features.Values);
    }

    [Fact]
    public void Without_a_weight_column_every_row_weighs_one()
    {
        var read = HeldRowsReader.Read(View.Spoilt(0, weight: 7), new TaskColumns(), One);

        Assert.False(read.IsWeighted);
        Assert.Equal([1.0, 1, 1, 1], read.Weights);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Rows_with_a_NaN_or_an_infinity_are_left_out_counted_and_warned_of_once(float bad)
    {
        foreach (var (view, column) in new[]
        {
            (View.Spoilt(2, feature: bad), "Features"),
            (View.Spoilt(2, label: bad), "Label"),
            (View.Spoilt(2, weight: Math.Abs(bad)), "Weight"),
        })
        {
            var warnings = new List<string>();

            var read = HeldRowsReader.Read(view, View.Weighted, One, warnings.Add);

            Assert.Equal([1.0, 2, 4], read.Labels);
            var warning = Assert.Single(warnings);
            Assert.Contains("1 of 4 rows", warning, StringComparison.Ordinal);
            Assert.Contains($"'{column}'", warning, StringComparison.Ordinal);
            Assert.Contains("row 2", warning, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_NaN_is_found_in_every_slot()
    {
        for (var p = 1; p < 40; p++)
        {
            for (var j = 0; j < p; j++)
            {
                var values = new float[p];
                Array.Fill(values, float.MaxValue);
                values[j] = j % 2 == 0 ? float.NaN : float.NegativeInfinity;
                View.Row[] rows = [new() { Features = new VBuffer<float>(p, values) },
                    new() { Features = new VBuffer<float>(p, new float[p]) }];

                Assert.Equal(1, HeldRowsReader.Read(View.Of(p, rows), new TaskColumns(), One).Rows);
            }
        }
    }

    [Fact]
    public void What_an_earlier_row_has_left_in_the_buffer_is_not_looked_at()
    {
        // The values of a sparse row lie where those of the row before have been.
        const int P = 80;
        var bad = new float[P];
        Array.Fill(bad, float.NaN);
        for (var count = 1; count < 40; count++)
        {
            View.Row[] rows = [
                new() { Features = new VBuffer<float>(P, bad) },
                new() { Features = new VBuffer<float>(P, count, [.. Enumerable.Repeat(3f, count)], [.. Enumerable.Range(7, count)]) }];
            var read = HeldRowsReader.Read(View.Of(P, rows), new TaskColumns(), One);
            Assert.Equal(1, read.Rows);
            Assert.Equal(3.0 * count, read.Features.Values.Sum());
        }
    }

    [Fact]
    public void Whole_data_without_bad_values_gives_no_warning() =>
        HeldRowsReader.Read(View.Spoilt(0), View.Weighted, One, w => Assert.Fail(w));

    [Fact]
    public void Rows_of_weight_zero_do_not_count_and_are_not_warned_of()
    {
        var read = HeldRowsReader.Read(View.Spoilt(1, feature: float.NaN, weight: 0), View.Weighted, One, w => Assert.Fail(w));

        Assert.Equal([1.0, 3, 4], read.Labels);
    }

    [Fact]
    public void No_row_left_is_an_error_that_names_the_column()
    {
        var view = View.Of(1, [new() { Features = new(1, [1f]), Label = float.NaN }, new() { Features = new(1, [1f]), Label = float.NaN }]);

        var error = Assert.Throws<InvalidOperationException>(() => HeldRowsReader.Read(view, new TaskColumns(), One));

        Assert.Contains("None of the 2 rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Label'", error.Message, StringComparison.Ordinal);
        Assert.Contains("ReplaceMissingValues", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_without_rows_is_an_error_that_names_the_column()
    {
        var error = Assert.Throws<InvalidOperationException>(() => MomentsReader.Read(View.Of(2, []), new TaskColumns(), 1, 0, One));

        Assert.Contains("no rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Features'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_weight_is_an_error_that_names_column_row_and_value()
    {
        var error = Assert.Throws<InvalidOperationException>(() => HeldRowsReader.Read(View.Spoilt(3, weight: -0.5f), View.Weighted, One));

        Assert.Contains("'Weight'", error.Message, StringComparison.Ordinal);
        Assert.Contains("-0.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("row 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_all_zero_are_an_error_that_names_the_column()
    {
        var view = View.Of(1, [new() { Features = new(1, [1f]), Weight = 0 }, new() { Features = new(1, [2f]), Weight = 0 }]);

        var error = Assert.Throws<InvalidOperationException>(() => HeldRowsReader.Read(view, View.Weighted, One));

        Assert.Contains("All 2 weights in column 'Weight' are zero", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Lable", "Features", null, "no column 'Lable' for the label", "'Label'")]
    [InlineData("Label", "Featurs", null, "no column 'Featurs' for the feature", "'Features'")]
    [InlineData("Label", "Features", "W", "no column 'W' for the weight", "'Weight'")]
    public void A_missing_column_is_named_with_those_that_are_there(
        string label, string features, string? weight, string problem, string remedy)
    {
        var error = Assert.Throws<ArgumentException>(() => new RowReader(View.Spoilt(0), new TaskColumns(label, features, weight)));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Truth", "Vector", null, "label column 'Truth' is of type Boolean", "ConvertType(\"Truth\"")]
    [InlineData("Word", "Vector", null, "label column 'Word' is of type String", "DataKind.Single")]
    [InlineData("Key", "Vector", null, "label column 'Key' is of type Key", "MapKeyToValue")]
    [InlineData("Vector", "Vector", null, "label column 'Vector' is of type Vector<Single, 2>", "one of its slots")]
    [InlineData("Number", "Number", null, "feature column 'Number' is of type Single", "Concatenate")]
    [InlineData("Number", "Doubles", null, "feature column 'Doubles' is of type Vector<Double, 2>", "ConvertType(\"Doubles\"")]
    [InlineData("Number", "Unsized", null, "feature column 'Unsized' is of type Vector<Single>", "known number of features")]
    [InlineData("Number", "Vector", "Double", "weight column 'Double' is of type Double", "ConvertType(\"Double\"")]
    public void A_column_of_the_wrong_type_is_named_with_its_type_and_the_remedy(
        string label, string features, string? weight, string problem, string remedy)
    {
        var plain = Ml.Data.LoadFromEnumerable(new[] { new Mixed(), new Mixed() });
        var view = Ml.Transforms.Conversion.MapValueToKey("Key", "Word").Fit(plain).Transform(plain);

        var error = Assert.Throws<ArgumentException>(() => new RowReader(view, new TaskColumns(label, features, weight)));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_features_are_kept()
    {
        var rows = Sample.Rows(3, 2, 1);

        Assert.Equal(["size", "age"], HeldRowsReader.Read(View.Of(rows, names: ["size", "age"]), new TaskColumns(), One).FeatureNames);
        Assert.Empty(HeldRowsReader.Read(View.Of(rows), new TaskColumns(), One).FeatureNames);
    }

    [Fact]
    public void Cancellation_stops_the_pass()
    {
        using var source = new CancellationTokenSource();
        var reader = new RowReader(View.Of(Sample.Rows(2000, 2, 1)), new TaskColumns());
        var taken = 0;

        Assert.Throws<OperationCanceledException>(() => reader.Read(
            (in _, _, _, _) =>
            {
                if (++taken == 300)
                {
                    source.Cancel();
                }
            },
            null,
            source.Token));
        Assert.InRange(taken, 300, 600);
    }

    [Fact]
    public void A_pass_allocates_nothing_for_a_row()
    {
        long Allocated(int n)
        {
            var reader = new RowReader(View.Of(Sample.Rows(n, 50, 1)), new TaskColumns());
            var sum = 0.0;
            reader.Read((in features, label, _, _) => sum += label, null, CancellationToken.None);
            var before = GC.GetAllocatedBytesForCurrentThread();
            reader.Read((in features, label, _, _) => sum += label, null, CancellationToken.None);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The smallest object has 24 bytes, and 3,000 more rows are read; the runtime takes a few thousand of its own now and then.
        Assert.InRange(Allocated(4000) - Allocated(1000), -20_000, 20_000);
    }

    private sealed class Mixed
    {
        public bool Truth { get; set; }

        public string Word { get; set; } = "a";

        public float Number { get; set; }

        public double Double { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [1, 2];

        [VectorType(2)]
        public double[] Doubles { get; set; } = [1, 2];

        public float[] Unsized { get; set; } = [1, 2];
    }
}
