using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Transfer.MLNet.Kernels;

/// <summary>8 x 24 in twenty-four 512-bit sums: with three vectors of B and one element of A at a time, 28 of the 32 registers.</summary>
internal sealed class Tile512 : Tile
{
    public override int Rows => 8;

    public override int Columns => 24;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Add(int depth, double* a, int aStride, double* b, double scale, double* c, nint cStride)
    {
        Vector512<double> s00 = Vector512<double>.Zero, s01 = Vector512<double>.Zero, s02 = Vector512<double>.Zero;
        Vector512<double> s10 = Vector512<double>.Zero, s11 = Vector512<double>.Zero, s12 = Vector512<double>.Zero;
        Vector512<double> s20 = Vector512<double>.Zero, s21 = Vector512<double>.Zero, s22 = Vector512<double>.Zero;
        Vector512<double> s30 = Vector512<double>.Zero, s31 = Vector512<double>.Zero, s32 = Vector512<double>.Zero;
        Vector512<double> s40 = Vector512<double>.Zero, s41 = Vector512<double>.Zero, s42 = Vector512<double>.Zero;
        Vector512<double> s50 = Vector512<double>.Zero, s51 = Vector512<double>.Zero, s52 = Vector512<double>.Zero;
        Vector512<double> s60 = Vector512<double>.Zero, s61 = Vector512<double>.Zero, s62 = Vector512<double>.Zero;
        Vector512<double> s70 = Vector512<double>.Zero, s71 = Vector512<double>.Zero, s72 = Vector512<double>.Zero;

        for (var k = 0; k < depth; k++, a += aStride, b += 24)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 8);
            var b2 = Vector512.Load(b + 16);

            var a0 = Vector512.Create(a[0]);
            s00 = Vector512.MultiplyAddEstimate(a0, b0, s00);
            s01 = Vector512.MultiplyAddEstimate(a0, b1, s01);
            s02 = Vector512.MultiplyAddEstimate(a0, b2, s02);

            var a1 = Vector512.Create(a[1]);
            s10 = Vector512.MultiplyAddEstimate(a1, b0, s10);
            s11 = Vector512.MultiplyAddEstimate(a1, b1, s11);
            s12 = Vector512.MultiplyAddEstimate(a1, b2, s12);

            var a2 = Vector512.Create(a[2]);
            s20 = Vector512.MultiplyAddEstimate(a2, b0, s20);
            s21 = Vector512.MultiplyAddEstimate(a2, b1, s21);
            s22 = Vector512.MultiplyAddEstimate(a2, b2, s22);

            var a3 = Vector512.Create(a[3]);
            s30 = Vector512.MultiplyAddEstimate(a3, b0, s30);
            s31 = Vector512.MultiplyAddEstimate(a3, b1, s31);
            s32 = Vector512.MultiplyAddEstimate(a3, b2, s32);

            var a4 = Vector512.Create(a[4]);
            s40 = Vector512.MultiplyAddEstimate(a4, b0, s40);
            s41 = Vector512.MultiplyAddEstimate(a4, b1, s41);
            s42 = Vector512.MultiplyAddEstimate(a4, b2, s42);

            var a5 = Vector512.Create(a[5]);
            s50 = Vector512.MultiplyAddEstimate(a5, b0, s50);
            s51 = Vector512.MultiplyAddEstimate(a5, b1, s51);
            s52 = Vector512.MultiplyAddEstimate(a5, b2, s52);

            var a6 = Vector512.Create(a[6]);
            s60 = Vector512.MultiplyAddEstimate(a6, b0, s60);
            s61 = Vector512.MultiplyAddEstimate(a6, b1, s61);
            s62 = Vector512.MultiplyAddEstimate(a6, b2, s62);

            var a7 = Vector512.Create(a[7]);
            s70 = Vector512.MultiplyAddEstimate(a7, b0, s70);
            s71 = Vector512.MultiplyAddEstimate(a7, b1, s71);
            s72 = Vector512.MultiplyAddEstimate(a7, b2, s72);
        }

        var f = Vector512.Create(scale);
        AddRow(c, f, s00, s01, s02);
        AddRow(c + cStride, f, s10, s11, s12);
        AddRow(c + (2 * cStride), f, s20, s21, s22);
        AddRow(c + (3 * cStride), f, s30, s31, s32);
        AddRow(c + (4 * cStride), f, s40, s41, s42);
        AddRow(c + (5 * cStride), f, s50, s51, s52);
        AddRow(c + (6 * cStride), f, s60, s61, s62);
        AddRow(c + (7 * cStride), f, s70, s71, s72);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void AddRow(double* c, Vector512<double> f, Vector512<double> s0, Vector512<double> s1, Vector512<double> s2)
    {
        Vector512.MultiplyAddEstimate(f, s0, Vector512.Load(c)).Store(c);
        Vector512.MultiplyAddEstimate(f, s1, Vector512.Load(c + 8)).Store(c + 8);
        Vector512.MultiplyAddEstimate(f, s2, Vector512.Load(c + 16)).Store(c + 16);
    }
}
