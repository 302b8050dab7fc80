using System.Runtime.Intrinsics;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class TileTests
{
    [Fact]
    public void The_widest_tile_of_the_processor_is_used()
    {
        var expected = Environment.GetEnvironmentVariable(VectorWidthTests.ExpectedTile)
            ?? (Vector512.IsHardwareAccelerated ? nameof(Tile512)
                : Vector256.IsHardwareAccelerated ? nameof(Tile256)
                : Vector128.IsHardwareAccelerated ? nameof(Tile128)
                : nameof(TileScalar));

        Assert.Equal(expected, Tile.Widest.GetType().Name);
    }
}
