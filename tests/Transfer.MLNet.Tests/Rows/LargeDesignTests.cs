using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Solvers;
using Transfer.MLNet.Tests.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

/// <summary>Products of tables that are more than one block, piece, chunk and run of features.</summary>
public class LargeDesignTests
{
    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData(1.0, 1)]
    [InlineData(1.0, 5)]
    [InlineData(1.0, 9)]
    [InlineData(0.1, 1)]
    [InlineData(0.1, 3)]
    public void Products_are_those_of_the_table(double density, int outputs)
    {
        const int N = 2300;
        const int P = 150;
        var random = new Random(1);
        var store = new ClassRowsStore(P, "Features");
        var x = new double[N][];
        for (var i = 0; i < N; i++)
        {
            x[i] = [.. Enumerable.Range(0, P).Select(_ => random.NextDouble() < density ? random.Next(-8, 9) / 4.0 : 0)];
            store.Add(new VBuffer<float>(P, [.. x[i].Select(v => (float)v)]));
        }

        var design = store.ToDesign();
        Assert.Equal(density == 1, design is DenseDesign);
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => Sample.Normal(random))];
        var (weights, residuals) = (Numbers(P * outputs), Numbers(N * outputs));
        var (scores, sums, squares, norms) = (new double[N * outputs], new double[P * outputs], new double[P * outputs], new double[N]);
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < P; j++)
            {
                norms[i] += x[i][j] * x[i][j];
                for (var k = 0; k < outputs; k++)
                {
                    scores[(i * outputs) + k] += x[i][j] * weights[(j * outputs) + k];
                    sums[(j * outputs) + k] += x[i][j] * residuals[(i * outputs) + k];
                    squares[(j * outputs) + k] += x[i][j] * x[i][j] * residuals[(i * outputs) + k];
                }
            }
        }

        Close.To(scores, design.Scores(weights, outputs, Two), 1e-11);
        Close.To(sums, design.Gradient(residuals, outputs, Two), 1e-11);
        Close.To(norms, design.SquaredNorms(Two), 1e-12);

        // Of sparse rows in the solver's order; what follows is left alone.
        var found = new double[(design.Width * outputs) + 1];
        found[^1] = 77;
        design.Squares(residuals, outputs, found, Two);
        for (var j = 0; j < design.Width; j++)
        {
            var feature = design.Features?[j] ?? j;
            Close.To(squares.AsSpan(feature * outputs, outputs), found.AsSpan(j * outputs, outputs), 1e-10);
        }

        Assert.Equal(77, found[^1]);
        int[] some = [0, 63, 64, 1727, 1728, 2299];
        var taken = design.Take(some);
        var row = new double[P];
        for (var i = 0; i < some.Length; i++)
        {
            taken.WriteRow(i, row);
            Assert.Equal(x[some[i]], row);
            design.WriteRow(some[i], row);
            Assert.Equal(x[some[i]], row);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    public void Rows_are_written_in_the_solvers_order_at_a_stride(double density)
    {
        var x = ClassSample.Features(20, 9, 4, density);
        var design = Designs.Of(x, density < 1);
        var stride = design.Width + 2;
        var written = new double[5 * stride];
        Array.Fill(written, 77);
        design.Write(3, 5, written, stride);
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < stride; j++)
            {
                Assert.Equal(j < design.Width ? x[3 + i][design.Features?[j] ?? j] : 77, written[(i * stride) + j]);
            }
        }
    }

    [Fact]
    public void Chunks_hold_all_rows_and_whole_blocks()
    {
        // 100 rows of two features: 64 of them in the first chunk, 36 in the second.
        Assert.Equal(100, new DenseDesign(100, 2, [new float[128], new float[72]], 64).Rows);
        foreach (var rows in new[] { 63, 64, 65, 127, 128 })
        {
            float[][] chunks = rows <= 64 ? [new float[128]] : [new float[128], new float[128]];
            Assert.Equal(rows, new DenseDesign(rows, 2, chunks, 64).Rows);
            Assert.Throws<ArgumentException>(() => new DenseDesign(rows, 2, [.. chunks, new float[128]], 64));
            Assert.Throws<ArgumentException>(() => new DenseDesign(rows, 2, chunks[1..], 64));
        }

        Assert.Throws<ArgumentException>(() => new DenseDesign(100, 2, [new float[128], new float[71]], 64));
        Assert.Throws<ArgumentException>(() => new DenseDesign(100, 2, [new float[127], new float[72]], 64));
        Assert.Throws<ArgumentException>(() => new DenseDesign(100, 2, [new float[200]], 64));
        Assert.Throws<ArgumentException>(() => new DenseDesign(100, 2, [new float[200], new float[200]], 63));
        Assert.Throws<ArgumentException>(() => new SparseDesign(3, [0, 2], [1], [1]));
        Assert.Throws<ArgumentException>(() => new SparseDesign(3, [0, 1], [1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new SparseDesign(3, [], [], []));
        Assert.Throws<ArgumentException>(() => new ScaledDesign(new DenseDesign(1, 2, [1, 2]), [1]));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.2)]
    public void Products_of_rows_with_each_other_are_those_of_the_table(double density)
    {
        var x = ClassSample.Features(97, 40, 3, density);
        var design = Designs.Of(x, density < 1);
        double[] factors = [.. Enumerable.Range(0, design.Width).Select(j => 1.0 / (j + 1))];
        var products = design.RowProducts(factors, Two);
        for (var i = 0; i < 97; i++)
        {
            for (var j = 0; j < 97; j++)
            {
                var expected = Enumerable.Range(0, design.Width)
                    .Sum(k => x[i][design.Features?[k] ?? k] * x[j][design.Features?[k] ?? k] / (k + 1));
                Close.To(expected, products[i, j], 1e-11);
            }
        }
    }
}
