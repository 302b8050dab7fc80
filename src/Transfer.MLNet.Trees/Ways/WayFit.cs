using Transfer.MLNet.Choosing;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>A way, at the tau that left-out rows chose for it.</summary>
/// <param name="Way">Which.</param>
/// <param name="Taus">The tau of each output; null where nothing is held, or many are averaged.</param>
/// <param name="Losses">The left-out loss of each row (n): squared error, Poisson loss, or minus the logarithm of the label's
/// probability.</param>
/// <param name="Fit">The fit to all rows that it was chosen on; of the linear way that of a constant.</param>
internal sealed record WayFit(FineTuneWay Way, double[]? Taus, double[] Losses, LeafFit Fit)
{
    /// <summary>The linear function that takes the trees' place; null for every other way.</summary>
    public LinearFit? Linear { get; init; }

    /// <summary>The weighted mean of the losses.</summary>
    public double MeanLoss(double[] weights)
    {
        var (sum, total) = (0.0, 0.0);
        for (var i = 0; i < Losses.Length; i++)
        {
            sum += weights[i] * Losses[i];
            total += weights[i];
        }

        return sum / total;
    }

    /// <summary>The standard error of the difference between the mean losses of two ways, from the differences of the rows.</summary>
    public double StandardErrorAgainst(WayFit other, double[] weights)
    {
        double[] differences = [.. Losses.Zip(other.Losses, (a, b) => a - b)];
        return MeanDifference.Of(differences, weights).StandardError;
    }
}
