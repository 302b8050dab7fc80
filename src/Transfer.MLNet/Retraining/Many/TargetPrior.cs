using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Retraining;

/// <summary>What many targets teach of the weights of each, the intercept at a common centre the last of them.</summary>
/// <param name="Centre">What the features are taken about (p).</param>
/// <param name="Mean">Of the weights (p + 1, one output after the other).</param>
/// <param name="Variances">How they vary from target to target (p + 1).</param>
/// <param name="Noise">The noise variance within targets; of classes and counts the dispersion.</param>
internal sealed record TargetPrior(double[] Centre, double[] Mean, double[] Variances, double Noise)
{
    /// <summary>Of regressions.</summary>
    /// <param name="tasks">The targets of at least three rows, made by <see cref="GroupTask.WithIntercept(HeldRows, double[], Workers)"/>
    /// with this centre.</param>
    /// <param name="centre">c (p).</param>
    /// <param name="start">The old weights: one target more, whose weights are known.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <returns>null with fewer than three targets, or where nothing varies within them.</returns>
    public static TargetPrior? TryOf(GroupTask[] tasks, double[] centre, Start start, Workers workers)
    {
        double[] member = [.. start.Weights, start.Intercept + Product.Dot(centre, start.Weights)];
        return GroupPrior.TryOf(tasks, member.Length, member, workers) is { } prior
            ? new(centre, prior.Mean, prior.Variances, prior.Noise)
            : null;
    }

    /// <summary>
    /// The weights and intercept of a regression given rows: ridge towards the mean, each in the unit of its own deviation; and the mean
    /// squared error of rows that are left out one by one.
    /// </summary>
    public (LinearFit Fit, double LeftOutError) FitOf(HeldRows rows, Workers workers)
    {
        var roots = Array.ConvertAll(Variances, Math.Sqrt);
        var p = rows.FeatureCount;
        var scaled = new Matrix(rows.Rows, p + 1);
        for (var i = 0; i < rows.Rows; i++)
        {
            var from = rows.Features.Row(i);
            var to = scaled.Row(i);
            for (var j = 0; j < p; j++)
            {
                to[j] = roots[j] * (from[j] - Centre[j]);
            }

            to[p] = roots[p];
        }

        var task = new HeldRows(scaled, rows.Labels, rows.IsWeighted ? rows.Weights : null);
        var start = new Start([.. Mean.Select((w, j) => w / roots[j])]);
        var (fit, error) = JudgedFit.Of(task, start, Noise / rows.Rows, workers);
        return (AtZero([.. fit.Weights.Select((w, j) => roots[j] * w)]), error);
    }

    /// <summary>The same given moments in folds; the error is of folds that are left out one by one.</summary>
    public (LinearFit Fit, double LeftOutError) FitOf(IReadOnlyList<MomentBlock> folds)
    {
        MomentBlock[] full = [.. folds.Where(f => f.Count > 0)];
        var left = 0.0;
        foreach (var fold in full)
        {
            left += TaskOf(fold).ResidualAt(WeightsOf(MomentBlock.Merge([.. full.Where(f => f != fold)], Centre.Length)));
        }

        var total = MomentBlock.Merge(full, Centre.Length);
        return (AtZero(WeightsOf(total)), left / total.Count);
    }

    private GroupTask TaskOf(MomentBlock moments) => GroupTask.WithIntercept(moments, Centre, labelCentre: 0);

    private double[] WeightsOf(MomentBlock moments)
    {
        if (moments.Count == 0)
        {
            return Mean;
        }

        var posterior = new GroupPosterior(Mean.Length);
        TaskOf(moments).Fill(posterior, Noise, Mean, Array.ConvertAll(Variances, Math.Sqrt));
        var weights = (double[])Mean.Clone();
        Product.AddScaled(1, posterior.Deviation, weights);
        return weights;
    }

    /// <summary>With the intercept where the features are zero.</summary>
    private LinearFit AtZero(double[] weights)
    {
        var slopes = weights[..^1];
        return new(slopes, weights[^1] - Product.Dot(Centre, slopes));
    }
}
