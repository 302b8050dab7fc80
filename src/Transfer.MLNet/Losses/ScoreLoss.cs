using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Losses;

/// <summary>A loss of one score, whose curvatures are the second derivatives themselves, share included.</summary>
internal abstract class ScoreLoss : Loss
{
    public override int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Curve(ReadOnlySpan<double> shares, ReadOnlySpan<double> curvatures, Span<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= curvatures[i];
        }
    }

    public override void Diagonal(ReadOnlySpan<double> shares, ReadOnlySpan<double> curvatures, Span<double> diagonal) =>
        curvatures[..diagonal.Length].CopyTo(diagonal);

    public override void Curvatures(double share, ReadOnlySpan<double> curvatures, Span<double> all) => all[0] = curvatures[0];
}
