using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class SymmetricEigenTests
{
    [Fact]
    public void Values_come_from_the_largest_to_the_smallest_and_rebuild_the_matrix()
    {
        var a = new Matrix(2, 2, [2, 1, 1, 3]);

        var eigen = SymmetricEigen.Of(a, Workers.All);

        Assert.True(eigen.Values[0] > eigen.Values[1]);
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 2; j++)
            {
                var rebuilt = Enumerable.Range(0, 2).Sum(k => eigen.Values[k] * eigen.Vectors[i, k] * eigen.Vectors[j, k]);
                Assert.Equal(a[i, j], rebuilt, 1e-12);
            }
        }
    }
}
