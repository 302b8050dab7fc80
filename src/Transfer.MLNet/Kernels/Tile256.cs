using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Transfer.MLNet.Kernels;

/// <summary>4 x 12 in twelve 256-bit sums: with three vectors of B and one element of A at a time, all 16 registers of AVX2.</summary>
internal sealed class Tile256 : Tile
{
    public override int Rows => 4;

    public override int Columns => 12;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Add(int depth, double* a, int aStride, double* b, double scale, double* c, nint cStride)
    {
        Vector256<double> s00 = Vector256<double>.Zero, s01 = Vector256<double>.Zero, s02 = Vector256<double>.Zero;
        Vector256<double> s10 = Vector256<double>.Zero, s11 = Vector256<double>.Zero, s12 = Vector256<double>.Zero;
        Vector256<double> s20 = Vector256<double>.Zero, s21 = Vector256<double>.Zero, s22 = Vector256<double>.Zero;
        Vector256<double> s30 = Vector256<double>.Zero, s31 = Vector256<double>.Zero, s32 = Vector256<double>.Zero;

        for (var k = 0; k < depth; k++, a += aStride, b += 12)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 4);
            var b2 = Vector256.Load(b + 8);

            var a0 = Vector256.Create(a[0]);
            s00 = Vector256.MultiplyAddEstimate(a0, b0, s00);
            s01 = Vector256.MultiplyAddEstimate(a0, b1, s01);
            s02 = Vector256.MultiplyAddEstimate(a0, b2, s02);

            var a1 = Vector256.Create(a[1]);
            s10 = Vector256.MultiplyAddEstimate(a1, b0, s10);
            s11 = Vector256.MultiplyAddEstimate(a1, b1, s11);
            s12 = Vector256.MultiplyAddEstimate(a1, b2, s12);

            var a2 = Vector256.Create(a[2]);
            s20 = Vector256.MultiplyAddEstimate(a2, b0, s20);
            s21 = Vector256.MultiplyAddEstimate(a2, b1, s21);
            s22 = Vector256.MultiplyAddEstimate(a2, b2, s22);

            var a3 = Vector256.Create(a[3]);
            s30 = Vector256.MultiplyAddEstimate(a3, b0, s30);
            s31 = Vector256.MultiplyAddEstimate(a3, b1, s31);
            s32 = Vector256.MultiplyAddEstimate(a3, b2, s32);
        }

        var f = Vector256.Create(scale);
        AddRow(c, f, s00, s01, s02);
        AddRow(c + cStride, f, s10, s11, s12);
        AddRow(c + (2 * cStride), f, s20, s21, s22);
        AddRow(c + (3 * cStride), f, s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void AddRow(double* c, Vector256<double> f, Vector256<double> s0, Vector256<double> s1, Vector256<double> s2)
    {
        Vector256.MultiplyAddEstimate(f, s0, Vector256.Load(c)).Store(c);
        Vector256.MultiplyAddEstimate(f, s1, Vector256.Load(c + 4)).Store(c + 4);
        Vector256.MultiplyAddEstimate(f, s2, Vector256.Load(c + 8)).Store(c + 8);
    }
}
