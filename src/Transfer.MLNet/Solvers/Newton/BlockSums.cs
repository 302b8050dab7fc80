using System.Runtime.CompilerServices;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// Sums over all rows of what blocks of them hand in, from several threads: one for each output, and one number more. Added up in the order
/// of the blocks, whoever was first.
/// </summary>
internal sealed class BlockSums(int blocks, int outputs)
{
    private readonly double[] _sums = new double[blocks * (outputs + 1)];

    /// <param name="block">Which.</param>
    /// <param name="values">Rows x outputs.</param>
    /// <param name="extra">The number more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(int block, ReadOnlySpan<double> values, double extra)
    {
        var sums = _sums.AsSpan(block * (outputs + 1), outputs + 1);
        sums.Clear();
        for (var i = 0; i < values.Length; i += outputs)
        {
            if (outputs >= Product.Wide)
            {
                Product.AddScaled(1, values.Slice(i, outputs), sums[..outputs]);
                continue;
            }

            for (var k = 0; k < outputs; k++)
            {
                sums[k] += values[i + k];
            }
        }

        sums[outputs] = extra;
    }

    /// <summary>Writes the sums, and gives that of the number more.</summary>
    public double Write(Span<double> totals)
    {
        totals.Clear();
        var extra = 0.0;
        for (var block = 0; block < _sums.Length; block += outputs + 1)
        {
            for (var k = 0; k < outputs; k++)
            {
                totals[k] += _sums[block + k];
            }

            extra += _sums[block + outputs];
        }

        return extra;
    }
}
