using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Validation.Real.Rivals;

/// <summary>Linear ways that others would take. What they choose they choose by exact leave-one-out on the target's rows.</summary>
internal static class LinearRivals
{
    private static readonly double[] _rowWeights = [.. Enumerable.Range(0, 17).Select(i => Math.Pow(10, i / 4.0))];
    private static readonly double[] _penalties = [.. Enumerable.Range(0, 15).Select(i => Math.Pow(10, -4 + (i / 2.0)))];

    public static IEnumerable<Way> All =>
    [
        new("pooled, one intercept", "pooled", true, Pooled),
        new("pooled, the target weighted, its own intercept", "pooled weighted", true, PooledWeighted),
        new("Daume's augmented features", "augmented", true, Augmented),
        new("the source's score as a feature", "score", true, ScoreAsFeature),
    ];

    /// <summary>Ridge on all rows together, at the source's own tau.</summary>
    private static Answer Pooled(RealDraw draw)
    {
        var (source, target) = (draw.Source.Rows, draw.Target);
        var features = new Matrix(source.Rows + target.Rows, source.FeatureCount);
        source.Features.Values.CopyTo(features.Values, 0);
        target.Features.Values.CopyTo(features.Values, source.Features.Values.Length);
        var moments = MomentsReader.Of(new HeldRows(features, [.. source.Labels, .. target.Labels]), folds: 1, seed: 0, draw.Workers);
        var spectrum = TaskSpectrum.Of(moments, intercept: true, draw.Workers);
        var weights = spectrum.Ridge(draw.Source.Single.Tau!.Value);
        return Answer.Of(draw.Scores(weights, spectrum.Intercept(weights)));
    }

    /// <summary>
    /// The source's posterior (S + tau_S)^-1 / n0 about its own weights; a target row counts 1 to 10,000 of the source's.
    /// </summary>
    private static Answer PooledWeighted(RealDraw draw)
    {
        var source = draw.Source.Spectrum;
        var (n, tau) = ((double)source.Rows, draw.Source.Single.Tau!.Value);
        var prior = new GaussianPrior(draw.Source.Single.Weights, Array.ConvertAll(source.Eigenvalues, l => 1 / (n * (l + tau))),
            1 / (n * tau));
        var (weights, leftOut) = prior.Best(draw, _rowWeights);
        return Answer.Of(draw.Scores(weights)) with { LeftOut = leftOut };
    }

    /// <summary>
    /// Features [x, x, 0] in the source and [x, 0, x] in the target (Daume 2007), ridge of one penalty kappa on all 3p, an intercept for
    /// each. With the source's own part solved, a direction of eigenvalue l has the precision a + kappa, a = n0 l kappa / (n0 l + kappa),
    /// in what both share, and 1 / kappa comes to its variance in the target.
    /// </summary>
    private static Answer Augmented(RealDraw draw)
    {
        var source = draw.Source.Spectrum;
        var n = (double)source.Rows;
        (double[] Weights, double LeftOut) best = ([], double.PositiveInfinity);
        foreach (var penalty in _penalties)
        {
            var kappa = penalty * n * source.Eigenvalues.Average();
            var shared = Array.ConvertAll(source.Eigenvalues, l => n * l * kappa / ((n * l) + kappa));
            // The shared part's data in direction j: precision a_j at the least squares v_j / l_j.
            var along = source.Coefficients.Select((v, j) => shared[j] / (shared[j] + kappa) * v / source.Eigenvalues[j]).ToArray();
            var prior = new GaussianPrior(Product.Times(source.Basis, along),
                Array.ConvertAll(shared, a => (1 / (a + kappa)) + (1 / kappa)), 2 / kappa);
            var tried = prior.Best(draw, [1]);
            best = tried.LeftOut < best.LeftOut ? tried : best;
        }

        return Answer.Of(draw.Scores(best.Weights)) with { LeftOut = best.LeftOut };
    }

    /// <summary>Ridge on the features and the source's score, which has variance 1 in the source.</summary>
    private static Answer ScoreAsFeature(RealDraw draw)
    {
        var source = draw.Source.Spectrum;
        var scorer = draw.Source.Single.Weights;
        var along = source.InBasis(scorer);
        var power = Math.Sqrt(source.Eigenvalues.Select((l, k) => l * along[k] * along[k]).Sum());
        var p = draw.Target.FeatureCount;
        Matrix Widened(Matrix features)
        {
            var scores = Product.Times(features, scorer);
            var wide = new Matrix(features.Rows, p + 1);
            for (var i = 0; i < features.Rows; i++)
            {
                features.Row(i).CopyTo(wide.Row(i));
                wide[i, p] = power > 0 ? scores[i] / power : 0;
            }

            return wide;
        }

        var rows = new HeldRows(Widened(draw.Target.Features), draw.Target.Labels);
        var fit = TunedFit.ByLeaveOneOut(rows, Start.Zero(p + 1), InterceptRule.Free, draw.Workers).Fit;
        return Answer.Of(Array.ConvertAll(Product.Times(Widened(draw.Unseen), fit.Weights), s => s + fit.Intercept));
    }
}
