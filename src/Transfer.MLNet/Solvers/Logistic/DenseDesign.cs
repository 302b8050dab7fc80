using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Logistic;

/// <summary>Rows of which most values are not zero, in single precision as ML.NET has them; sums are in double.</summary>
internal sealed class DenseDesign : Design
{
    // The parts that sums are made in: fixed, so that the result does not depend on the number of threads.
    private const int LargestPartCount = 16;

    private readonly float[] _values;

    /// <param name="rows">n.</param>
    /// <param name="featureCount">p.</param>
    /// <param name="values">n x p, row by row.</param>
    public DenseDesign(int rows, int featureCount, float[] values)
    {
        if (values.Length != checked(rows * featureCount))
        {
            throw new ArgumentException($"{rows} x {featureCount} takes {rows * featureCount} values, not {values.Length}.", nameof(values));
        }

        Rows = rows;
        FeatureCount = featureCount;
        _values = values;
    }

    public override int Rows { get; }

    public override int FeatureCount { get; }

    public override long NonZeros => _values.Length;

    public ReadOnlySpan<float> Row(int i) => _values.AsSpan(i * FeatureCount, FeatureCount);

    public override void Sweep(double[]? weights, int outputs, ScoreMap map, double[]? sum, Workers workers)
    {
        var parts = Math.Min(LargestPartCount, Blocks);
        var sums = new double[parts][];
        workers.For(parts, part =>
        {
            var mine = sums[part] = new double[sum is null ? 0 : FeatureCount * outputs];
            var values = new double[BlockRows * outputs];
            for (var block = (int)((long)Blocks * part / parts); block < (int)((long)Blocks * (part + 1) / parts); block++)
            {
                var first = block * BlockRows;
                var count = Math.Min(BlockRows, Rows - first);
                var scores = values.AsSpan(0, count * outputs);
                scores.Clear();
                if (weights is not null)
                {
                    for (var i = 0; i < count; i++)
                    {
                        var row = Row(first + i);
                        for (var j = 0; j < row.Length; j++)
                        {
                            for (var k = 0; k < outputs; k++)
                            {
                                scores[(i * outputs) + k] += row[j] * weights[(j * outputs) + k];
                            }
                        }
                    }
                }

                map(block, first, scores);
                if (sum is not null)
                {
                    for (var i = 0; i < count; i++)
                    {
                        var row = Row(first + i);
                        for (var j = 0; j < row.Length; j++)
                        {
                            for (var k = 0; k < outputs; k++)
                            {
                                mine[(j * outputs) + k] += row[j] * scores[(i * outputs) + k];
                            }
                        }
                    }
                }
            }
        });

        if (sum is not null)
        {
            Array.Clear(sum, 0, FeatureCount * outputs);
            foreach (var mine in sums)
            {
                Product.AddScaled(1, mine, sum.AsSpan(0, mine.Length));
            }
        }
    }

    public override double[] SquaredNorms()
    {
        var norms = new double[Rows];
        for (var i = 0; i < Rows; i++)
        {
            var sum = 0.0;
            foreach (double value in Row(i))
            {
                sum += value * value;
            }

            norms[i] = sum;
        }

        return norms;
    }

    public override void AddSquares(double[] curvatures, int outputs, double[] sums, Workers workers)
    {
        for (var i = 0; i < Rows; i++)
        {
            var row = Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                for (var k = 0; k < outputs; k++)
                {
                    sums[(j * outputs) + k] += curvatures[(i * outputs) + k] * row[j] * row[j];
                }
            }
        }
    }

    public override Design Take(ReadOnlySpan<int> rows)
    {
        var values = new float[checked(rows.Length * FeatureCount)];
        for (var i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(values.AsSpan(i * FeatureCount));
        }

        return new DenseDesign(rows.Length, FeatureCount, values);
    }
}
