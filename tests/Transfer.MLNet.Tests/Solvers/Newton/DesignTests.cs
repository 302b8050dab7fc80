using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers.Newton;

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
                Close.To(Enumerable.Range(0, n).Sum(i => rows[i][feature] * rows[i][feature] * residuals[(i * outputs) + k]), squares[(j * outputs) + k], 1e-12);
            }
        }

        Close.To([.. rows.Select(r => r.Sum(v => v * v))], design.SquaredNorms(Two), 1e-12);
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
