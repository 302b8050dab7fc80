using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>4 x 4 without vectors, for processors and settings that have none.</summary>
internal sealed class TileScalar : Tile
{
    public override int Rows => 4;

    public override int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Add(int depth, double* a, int aStride, double* b, double scale, double* c, nint cStride)
    {
        for (var i = 0; i < 4; i++)
        {
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (var k = 0; k < depth; k++)
            {
                var f = a[((nint)k * aStride) + i];
                var row = b + ((nint)k * 4);
                s0 += f * row[0];
                s1 += f * row[1];
                s2 += f * row[2];
                s3 += f * row[3];
            }

            var target = c + (i * cStride);
            target[0] += scale * s0;
            target[1] += scale * s1;
            target[2] += scale * s2;
            target[3] += scale * s3;
        }
    }
}
