using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Transfer.MLNet.Kernels;

/// <summary>4 x 4 in eight 128-bit sums, for SSE2 and for Arm's AdvSimd.</summary>
internal sealed class Tile128 : Tile
{
    public override int Rows => 4;

    public override int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Add(int depth, double* a, int aStride, double* b, double scale, double* c, nint cStride)
    {
        Vector128<double> s00 = Vector128<double>.Zero, s01 = Vector128<double>.Zero;
        Vector128<double> s10 = Vector128<double>.Zero, s11 = Vector128<double>.Zero;
        Vector128<double> s20 = Vector128<double>.Zero, s21 = Vector128<double>.Zero;
        Vector128<double> s30 = Vector128<double>.Zero, s31 = Vector128<double>.Zero;

        for (var k = 0; k < depth; k++, a += aStride, b += 4)
        {
            var b0 = Vector128.Load(b);
            var b1 = Vector128.Load(b + 2);

            var a0 = Vector128.Create(a[0]);
            s00 = Vector128.MultiplyAddEstimate(a0, b0, s00);
            s01 = Vector128.MultiplyAddEstimate(a0, b1, s01);

            var a1 = Vector128.Create(a[1]);
            s10 = Vector128.MultiplyAddEstimate(a1, b0, s10);
            s11 = Vector128.MultiplyAddEstimate(a1, b1, s11);

            var a2 = Vector128.Create(a[2]);
            s20 = Vector128.MultiplyAddEstimate(a2, b0, s20);
            s21 = Vector128.MultiplyAddEstimate(a2, b1, s21);

            var a3 = Vector128.Create(a[3]);
            s30 = Vector128.MultiplyAddEstimate(a3, b0, s30);
            s31 = Vector128.MultiplyAddEstimate(a3, b1, s31);
        }

        var f = Vector128.Create(scale);
        AddRow(c, f, s00, s01);
        AddRow(c + cStride, f, s10, s11);
        AddRow(c + (2 * cStride), f, s20, s21);
        AddRow(c + (3 * cStride), f, s30, s31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void AddRow(double* c, Vector128<double> f, Vector128<double> s0, Vector128<double> s1)
    {
        Vector128.MultiplyAddEstimate(f, s0, Vector128.Load(c)).Store(c);
        Vector128.MultiplyAddEstimate(f, s1, Vector128.Load(c + 2)).Store(c + 2);
    }
}
