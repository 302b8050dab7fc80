using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>What groups add to the next step.</summary>
internal sealed class GroupSums(int p)
{
    public double[] Shifts { get; } = new double[p];

    public double[] Squares { get; } = new double[p];

    public double Residual { get; private set; }

    public void Add(GroupPosterior group)
    {
        for (var j = 0; j < Shifts.Length; j++)
        {
            Shifts[j] += group.Deviation[j];
            Squares[j] += group.Variances[j] + (group.Deviation[j] * group.Deviation[j]);
        }

        Residual += group.Residual;
    }

    /// <summary>A task whose weights are known.</summary>
    public void Add(double[] weights, double[] mean)
    {
        for (var j = 0; j < Shifts.Length; j++)
        {
            var deviation = weights[j] - mean[j];
            Shifts[j] += deviation;
            Squares[j] += deviation * deviation;
        }
    }

    public void Add(GroupSums other)
    {
        Product.AddScaled(1, other.Shifts, Shifts);
        Product.AddScaled(1, other.Squares, Squares);
        Residual += other.Residual;
    }
}
