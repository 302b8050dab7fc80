using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class ManyCholeskyTests
{
    private static readonly Workers Two = new(2);

    /// <summary>Each against the factor of one matrix.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(4, 67)]
    [InlineData(21, 130)]
    public void Each_system_is_solved_as_by_itself(int size, int count)
    {
        var random = new Random(size);
        var triangles = new Matrix(count, ManyCholesky.At(size, 0));
        var (b, x) = (new double[size * count], new double[size * count]);
        var each = new Matrix[count];
        for (var k = 0; k < count; k++)
        {
            var half = new Matrix(size + 2, size, [.. Enumerable.Range(0, (size + 2) * size).Select(_ => random.NextDouble() - 0.5)]);
            each[k] = Product.TransposedTimes(half, half, Two);
            for (var i = 0; i < size; i++)
            {
                b[(i * count) + k] = random.NextDouble();
                for (var j = 0; j <= i; j++)
                {
                    triangles[k, ManyCholesky.At(i, j)] = each[k][i, j];
                }
            }
        }

        var factor = ManyCholesky.TryFactor(triangles, size, Two)!;
        Assert.Equal((size, count), (factor.Size, factor.Count));
        factor.Solve(b, x);
        for (var k = 0; k < count; k++)
        {
            // What is solved comes back: residuals need no condition number.
            double[] own = [.. Enumerable.Range(0, size).Select(i => x[(i * count) + k])];
            var back = Product.Times(each[k], own);
            for (var i = 0; i < size; i++)
            {
                Assert.Equal(b[(i * count) + k], back[i], 1e-12 * (1 + own.Max(Math.Abs)));
            }
        }
    }

    [Fact]
    public void One_that_is_not_positive_definite_is_noticed()
    {
        var triangles = new Matrix(3, 3, [1, 0, 1, 1, 2, 1, 1, 0, 1]);
        Assert.Null(ManyCholesky.TryFactor(triangles, 2, Two));
        Assert.Throws<ArgumentException>(() => ManyCholesky.TryFactor(triangles, 3, Two));
    }
}
