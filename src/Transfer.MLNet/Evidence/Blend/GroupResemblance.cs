using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// How well one group of the source foretells the target's rows, which it has not seen: its weights as EM has them, the level left to the
/// target's own.
/// </summary>
/// <param name="Group">The place of the group among those that were given, counted without groups of fewer than three rows.</param>
/// <param name="Error">The mean squared error on the target's rows about its mean.</param>
/// <param name="Excess">By how much that is above the error of the groups' mean weights; below zero it is nearer than the average
/// group.</param>
/// <param name="ExcessError">The standard error of the excess, from paired rows; NaN with a single row.</param>
/// <param name="Share">exp(-(n - 1)/2 ln Error), over all groups with sum 1: how the target's rows divide between them.</param>
internal sealed record GroupResemblance(int Group, double Error, double Excess, double ExcessError, double Share)
{
    /// <summary>All groups, the nearest first.</summary>
    /// <param name="prior">What EM found.</param>
    /// <param name="target">The target's rows, centred.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static IReadOnlyList<GroupResemblance> Ranked(GroupPrior prior, CentredRows target, Workers workers)
    {
        var p = target.Features.Columns;
        var mean = Left(target, prior.Mean.AsSpan(0, p));
        var found = new (double Error, double Excess, double ExcessError)[prior.Count];
        workers.For(found.Length, g =>
        {
            var residuals = Left(target, prior.WeightsOf(g).AsSpan(0, p));
            var (excess, error) = MeanDifference.OfSquares(residuals, mean);
            found[g] = (Product.Dot(residuals, residuals) / residuals.Length, excess, error);
        });
        var shares = Array.ConvertAll(found, f => -0.5 * (mean.Length - 1) * Math.Log(Math.Max(f.Error, double.Epsilon)));
        BlendNodes.Normalise(shares);
        return [.. found.Select((f, g) => new GroupResemblance(g, f.Error, f.Excess, f.ExcessError, shares[g])).OrderBy(r => r.Error)
            .ThenBy(r => r.Group)];
    }

    private static double[] Left(CentredRows target, ReadOnlySpan<double> weights)
    {
        var left = Product.Times(target.Features, weights);
        for (var i = 0; i < left.Length; i++)
        {
            left[i] = target.Labels[i] - left[i];
        }

        return left;
    }
}
