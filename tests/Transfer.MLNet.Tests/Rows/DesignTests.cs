using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Solvers;
using Transfer.MLNet.Tests.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

public class DesignTests
{
    private static readonly Workers Two = new(2);

    public static MatrixTheoryData<int, int, int, bool> Sizes => new([1, 3, 130], [1, 7, 33], [1, 2, 3, 4, 9, 23], [false, true]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Products_are_those_of_the_table(int n, int p, int outputs, bool sparse)
    {
        var rows = ClassSample.Features(n, p, 1, sparse ? 0.4 : 1);
        var design = Designs.Of(rows, sparse);
        var random = new Random(2);
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => Sample.Normal(random))];
        var (weights, residuals) = (Numbers(p * outputs), Numbers(n * outputs));

        var scores = design.Scores(weights, outputs, Two);
        var sums = design.Gradient(residuals, outputs, Two);

        for (var k = 0; k < outputs; k++)
        {
            for (var i = 0; i < n; i++)
            {
                Close.To(Enumerable.Range(0, p).Sum(j => rows[i][j] * weights[(j * outputs) + k]), scores[(i * outputs) + k], 1e-12);
            }

            for (var j = 0; j < p; j++)
            {
                Close.To(Enumerable.Range(0, n).Sum(i => rows[i][j] * residuals[(i * outputs) + k]), sums[(j * outputs) + k], 1e-12);
            }
        }

        var squares = new double[design.Width * outputs];
        design.Squares(residuals, outputs, squares, Two);
        for (var j = 0; j < design.Width; j++)
        {
            var feature = design.Features?[j] ?? j;
            for (var k = 0; k < outputs; k++)
            {
                Close.To(Enumerable.Range(0, n).Sum(i => rows[i][feature] * rows[i][feature] * residuals[(i * outputs) + k]),
                    squares[(j * outputs) + k], 1e-12);
            }
        }

        Close.To([.. rows.Select(r => r.Sum(v => v * v))], design.SquaredNorms(Two), 1e-12);
        var products = design.RowProducts(null, Two);
        for (var i = 0; i < n; i++)
        {
            Close.To([.. rows.Select(r => r.Zip(rows[i], (a, b) => a * b).Sum())], products.Row(i), 1e-12);
        }
    }

    /// <summary>Factors are powers of two, so that the table that is multiplied out is exact in single precision.</summary>
    [Theory]
    [InlineData(130, 7, 1, false)]
    [InlineData(130, 33, 4, false)]
    [InlineData(130, 33, 12, false)]
    [InlineData(40, 33, 1, true)]
    [InlineData(40, 33, 3, true)]
    public void A_scaled_design_is_the_design_of_the_rows_multiplied_out(int n, int p, int outputs, bool sparse)
    {
        var rows = ClassSample.Features(n, p, 1, sparse ? 0.2 : 1);
        double[] factors = [.. Enumerable.Range(0, p).Select(j => Math.Pow(2, (j % 7) - 3))];
        Design scaled = new ScaledDesign(Designs.Of(rows, sparse), factors);
        var expected = Designs.Of([.. rows.Select(r => r.Zip(factors, (v, f) => v * f).ToArray())], sparse);
        var random = new Random(2);
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => Sample.Normal(random))];
        var (weights, residuals) = (Numbers(p * outputs), Numbers(n * outputs));

        void Same(Design a, Design b)
        {
            Assert.Equal(a.Features, b.Features);
            Assert.Equal((a.Rows, a.FeatureCount, a.NonZeros, a.Width), (b.Rows, b.FeatureCount, b.NonZeros, b.Width));
            Close.To(a.Scores(weights, outputs, Two), b.Scores(weights, outputs, Two), 1e-13);
            var some = residuals[..(a.Rows * outputs)];
            Close.To(a.Gradient(some, outputs, Two), b.Gradient(some, outputs, Two), 1e-13);
            var (left, right) = (new double[a.Width * outputs], new double[a.Width * outputs]);
            a.Squares(some, outputs, left, Two);
            b.Squares(some, outputs, right, Two);
            Close.To(left, right, 1e-13);
            var weighted = Numbers(a.Width);
            Close.To(a.SquaredNorms(Two), b.SquaredNorms(Two), 1e-13);
            Close.To(a.SquaredNorms(weighted, Two), b.SquaredNorms(weighted, Two), 1e-13);
            Close.To(a.RowProducts(null, Two).Values, b.RowProducts(null, Two).Values, 1e-13);
            Close.To(a.RowProducts(weighted, Two).Values, b.RowProducts(weighted, Two).Values, 1e-13);
            var (written, again) = (new double[3 * (a.Width + 2)], new double[3 * (a.Width + 2)]);
            a.Write(1, 3, written, a.Width + 2);
            b.Write(1, 3, again, a.Width + 2);
            Assert.Equal(written, again);
        }

        Same(expected, scaled);
        if (!sparse)
        {
            int[] which = [7, 0, 0, 3];
            Same(expected.Take(which), scaled.Take(which));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_that_are_taken_come_in_the_order_asked_for_and_as_often(bool sparse)
    {
        var rows = ClassSample.Features(9, 12, 1, sparse ? 0.3 : 1);
        double[] weights = [.. Enumerable.Range(1, 12).Select(j => 1.0 / j)];
        int[] which = [7, 0, 0, 3];

        var taken = Designs.Of(rows, sparse).Take(which);

        Assert.Equal(4, taken.Rows);
        Assert.Equal(12, taken.FeatureCount);
        Close.To([.. which.Select(i => rows[i].Zip(weights, (a, b) => a * b).Sum())], taken.Scores(weights, 1, Two), 1e-12);
    }

    [Fact]
    public void Features_that_no_row_has_are_not_seen_and_frequent_ones_come_first()
    {
        var design = new SparseDesign(1_000_000, [0, 2, 3, 5], [70, 999_999, 70, 5, 70], [1, 2, 3, 4, 5]);

        Assert.Equal([70, 5, 999_999], design.Features);
        Assert.Equal(5, design.NonZeros);
        var row = new double[3];
        design.Write(2, 1, row, 3);
        Assert.Equal([5, 4, 0], row);
    }
}
