using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

/// <summary>Five vectors against rows, through the design that hands them out.</summary>
public class FiveOutputsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 8)]
    [InlineData(5, 16)]
    [InlineData(64, 33)]
    [InlineData(63, 100)]
    public void Five_products_and_sums_agree_with_the_loops(int rows, int n)
    {
        var random = new Random((100 * rows) + n);
        float[] a = [.. Enumerable.Range(0, rows * n).Select(_ => (float)(random.NextDouble() - 0.5))];
        double[] x = [.. Enumerable.Range(0, 5 * n).Select(_ => random.NextDouble() - 0.5)];
        double[] f = [.. Enumerable.Range(0, 5 * rows).Select(_ => random.NextDouble() - 0.5)];
        var (y, sum) = (new double[5 * rows], new double[5 * n]);
        new DenseDesign(rows, n, a).Sweep(
            x,
            5,
            (_, first, values) =>
            {
                values.CopyTo(y.AsSpan(5 * first));
                f.AsSpan(5 * first, values.Length).CopyTo(values);
            },
            sum,
            new Workers(2));

        // Sums of at most 100 products below a quarter: 100 roundings of at most 25.
        const double Bound = 100 * 25 * 1.2e-16;
        for (var k = 0; k < 5; k++)
        {
            for (var i = 0; i < rows; i++)
            {
                var expected = Enumerable.Range(0, n).Sum(j => a[(i * n) + j] * x[(j * 5) + k]);
                Assert.Equal(expected, y[(i * 5) + k], Bound);
            }

            for (var j = 0; j < n; j++)
            {
                var expected = Enumerable.Range(0, rows).Sum(i => a[(i * n) + j] * f[(i * 5) + k]);
                Assert.Equal(expected, sum[(j * 5) + k], Bound);
            }
        }
    }
}
