using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Accumulation;

public class ClassRowsReaderTests
{
    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData("dense", 0.9, false)]
    [InlineData("dense", 0.1, true)]
    [InlineData("sparse", 0.9, false)]
    [InlineData("sparse", 0.1, true)]
    [InlineData("mixed", 0.9, false)]
    [InlineData("mixed", 0.1, true)]
    public void Rows_are_held_as_suits_the_values_they_have_however_they_come(string form, double density, bool sparse)
    {
        var (n, p) = (300, 40);
        var random = new Random(1);
        float[][] features = [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, p)
            .Select(_ => random.NextDouble() < density ? (float)random.NextDouble() : 0).ToArray())];
        View.Row[] view = [.. features.Select((x, i) => new View.Row
        {
            Features = form == "dense" || (form == "mixed" && i % 3 == 0) ? new VBuffer<float>(p, x) : Sparse(x),
            Label = i % 3,
            Weight = 1 + (i % 2),
        })];

        var rows = ClassRowsReader.Read(new RowReader(View.Of(p, view), View.Weighted), 4, Two);

        Assert.Equal(sparse, rows.Design is SparseDesign);
        Assert.Equal(p, rows.FeatureCount);
        Assert.Equal([.. Enumerable.Range(0, n).Select(i => i % 3)], rows.Classes);
        Assert.Equal([100, 100, 100, 0], rows.RowCounts);
        Assert.Equal([.. Enumerable.Range(0, n).Select(i => 1.0 + (i % 2))], rows.Weights!);
        Assert.Equal(4, rows.Outputs);
        var row = new double[rows.Design.Width];
        for (var i = 0; i < n; i++)
        {
            rows.Design.Write(i, 1, row, row.Length);
            var all = new double[p];
            for (var j = 0; j < row.Length; j++)
            {
                all[rows.Design.Features?[j] ?? j] = row[j];
            }

            Assert.Equal([.. features[i].Select(v => (double)v)], all);
        }

        if (sparse)
        {
            Assert.Equal(features.Sum(x => x.Count(v => v != 0)), rows.Design.NonZeros);
        }
    }

    [Fact]
    public void Dense_rows_beyond_a_piece_of_the_store_are_where_they_belong()
    {
        var (n, p) = (700, 3000);
        IEnumerable<View.Row> Make() => Enumerable.Range(0, n).Select(i =>
        {
            var x = new float[p];
            Array.Fill(x, 1 + (i % 7));
            x[i] = -i;
            return new View.Row { Features = new VBuffer<float>(p, x), Label = i % 2 };
        });

        var rows = ClassRowsReader.Read(new RowReader(View.Lazy(p, Make()), new TaskColumns()), 2, Two);

        Assert.Null(rows.Weights);
        Assert.Equal(1, rows.Outputs);
        var ones = Enumerable.Repeat(1.0, p).ToArray();
        Close.To([.. Enumerable.Range(0, n).Select(i => ((p - 1.0) * (1 + (i % 7))) - i)], rows.Design.Scores(ones, 1, Two), 1e-12);
        var some = rows.Take([699, 64, 0]);
        Close.To([((p - 1.0) * 7) - 699, ((p - 1.0) * 2) - 64, p - 1], some.Design.Scores(ones, 1, Two), 1e-12);
    }

    private static VBuffer<float> Sparse(float[] x)
    {
        var indices = Enumerable.Range(0, x.Length).Where(j => x[j] != 0).ToArray();
        return new VBuffer<float>(x.Length, indices.Length, [.. indices.Select(j => x[j])], indices);
    }
}
