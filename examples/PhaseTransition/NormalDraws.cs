using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using Transfer.MLNet.Kernels;

namespace PhaseTransition;

/// <summary>
/// Gaussian draws of one cell of an experiment. The stream is named by the seed and the cell, so that a cell's numbers depend neither on
/// the thread that computes it nor on which other cells are computed.
/// </summary>
internal sealed class NormalDraws
{
    private readonly Xoshiro256StarStar _random;

    public NormalDraws(params ReadOnlySpan<int> name)
    {
        // SplitMix64's finaliser over the parts of the name.
        var state = 0x9E3779B97F4A7C15UL;
        foreach (var part in name)
        {
            state = (state ^ (uint)part) + 0x9E3779B97F4A7C15UL;
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
            state ^= state >> 31;
        }

        _random = new Xoshiro256StarStar((int)(state >> 32), threadSafe: false);
    }

    public double[] Vector(int length)
    {
        var values = new double[length];
        Normal.Samples(_random, values, 0, 1);
        return values;
    }

    public double[] Direction(int length)
    {
        var v = Vector(length);
        var norm = Math.Sqrt(Product.Dot(v, v));
        return Array.ConvertAll(v, x => x / norm);
    }

    /// <summary>Rows with independent features of the given standard deviations.</summary>
    public Matrix Rows(int count, double[] deviations)
    {
        var rows = new Matrix(count, deviations.Length, Vector(count * deviations.Length));
        for (var i = 0; i < count; i++)
        {
            var row = rows.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] *= deviations[j];
            }
        }

        return rows;
    }
}
