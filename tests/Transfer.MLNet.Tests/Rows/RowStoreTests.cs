using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

/// <summary>Rows that are gathered before it is known how many come: nothing is lost at the ends of chunks.</summary>
public class RowStoreTests
{
    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(256, 3)]
    [InlineData(257, 3)]
    [InlineData(600, 3)]
    [InlineData(5, 70_000)]
    public void Rows_come_out_as_they_came_in(int n, int p)
    {
        var store = Filled(n, p);
        Assert.Equal(n, store.Count);
        int[] some = [n - 1, 0, n / 2];
        var taken = store.Take(some, weighted: true);
        Assert.Equal([.. some.Select(i => (double)i)], taken.Labels);
        Assert.Equal([.. some.Select(i => i + 0.5)], taken.Weights);
        Assert.False(store.Take(some, weighted: false).IsWeighted);
        for (var k = 0; k < some.Length; k++)
        {
            Assert.Equal((Value(some[k], 0), Value(some[k], p - 1)), (taken.Features[k, 0], taken.Features[k, p - 1]));
        }

        var held = store.ToHeldRows(weighted: true, []);
        Assert.Equal(0, store.Count);
        Assert.Equal([.. Enumerable.Range(0, n).Select(i => (double)i)], held.Labels);
        Assert.Equal([.. Enumerable.Range(0, n).Select(i => i + 0.5)], held.Weights);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal((Value(i, 0), Value(i, p - 1)), (held.Features[i, 0], held.Features[i, p - 1]));
        }

        var (at, row) = (0, new double[p]);
        var drained = Filled(n, p);
        drained.Drain((label, weight, position) =>
        {
            Assert.True(at == 0 || row[p - 1] == Value(at - 1, p - 1));
            Assert.Equal((at, at + 0.5, 3L * at), (label, weight, position));
            at++;
            return row;
        });
        Assert.Equal((n, 0), (at, drained.Count));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.6)]
    [InlineData(1.0)]
    public void Rows_of_classes_are_the_same_dense_or_sparse_or_of_both_kinds(double dense)
    {
        // A chunk of dense rows of 30 features holds 8,704: the 9,000 are in two.
        foreach (var (n, p, density) in new[] { (150, 6, 0.9), (150, 6, 0.1), (9_000, 30, 0.5), (3, 7, 0.0) })
        {
            var random = new Random(7);
            var store = new ClassRowsStore(p, "Features");
            var rows = new double[n][];
            for (var i = 0; i < n; i++)
            {
                rows[i] = [.. Enumerable.Range(0, p).Select(_ => random.NextDouble() < density ? random.Next(1, 9) : 0.0)];
                store.Add(random.NextDouble() < dense ? Full(rows[i]) : Sparse(rows[i]));
            }

            var design = store.ToDesign();
            var share = rows.Sum(r => r.Count(v => v != 0)) / ((double)n * p);
            // What is not zero takes twice as much memory in a sparse row, and more time.
            Assert.Equal(share >= 0.25, design is DenseDesign);
            Assert.Equal((n, p), (design.Rows, design.FeatureCount));
            var row = new double[p];
            for (var i = 0; i < n; i += 1 + (n / 200))
            {
                Array.Fill(row, 77);
                design.WriteRow(i, row);
                Assert.Equal(rows[i], row);
            }

            design.WriteRow(n - 1, row);
            Assert.Equal(rows[n - 1], row);
            Close.To([.. rows.Select(r => r.Sum())], design.Scores([.. Enumerable.Repeat(1.0, p)], 1, Two), 1e-12);
        }
    }

    [Fact]
    public void A_quarter_of_values_that_are_not_zero_is_enough_to_be_dense()
    {
        ClassRowsStore Of(int filled)
        {
            var store = new ClassRowsStore(4, "Features");
            for (var i = 0; i < 4; i++)
            {
                store.Add(Sparse([i < filled ? 1 : 0, 0, 0, 0]));
            }

            return store;
        }

        Assert.IsType<DenseDesign>(Of(4).ToDesign());
        Assert.IsType<SparseDesign>(Of(3).ToDesign());
    }

    private static RowStore Filled(int n, int p)
    {
        var store = new RowStore(p);
        for (var i = 0; i < n; i++)
        {
            store.Add(new VBuffer<float>(p, [.. Enumerable.Range(0, p).Select(j => (float)Value(i, j))]), i, i + 0.5, 3L * i);
        }

        return store;
    }

    private static double Value(int i, int j) => (i * 31 % 1024) + (j % 512 / 512.0);

    private static VBuffer<float> Full(double[] row) => new(row.Length, [.. row.Select(v => (float)v)]);

    private static VBuffer<float> Sparse(double[] row)
    {
        int[] at = [.. Enumerable.Range(0, row.Length).Where(j => row[j] != 0)];
        return new(row.Length, at.Length, [.. at.Select(j => (float)row[j])], at);
    }
}
