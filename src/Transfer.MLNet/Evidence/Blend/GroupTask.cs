using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// One of many tasks that share a prior, as EM asks of it: w_g is Gaussian about a mean with variances omega, its labels about x'w_g with
/// variance s.
/// </summary>
internal abstract class GroupTask
{
    // With more features the diagonal stands for a part of the scatter of groups that have more rows than MostRank.
    private const int MostFeatures = 150;
    private const int MostRank = 64;

    /// <summary>
    /// From moments: by themselves, or with many features by a factor of their scatter. That is exact where the group has at most as many
    /// rows as the factor; docs/alignment.md has what it costs where it is not.
    /// </summary>
    /// <param name="moments">Of the group.</param>
    public static GroupTask OfMoments(MomentBlock moments)
    {
        var p = moments.FeatureCount;
        return p > MostFeatures ? new GroupOfFactor(moments, MostRank)
            : 2 * moments.Count <= p ? new GroupOfFactor(moments, p) : new GroupOfMoments(moments);
    }

    /// <summary>
    /// From rows, with the intercept as the weight of a last feature that is always 1: by themselves where they are fewer than the
    /// features, else by their sums.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="centre">What the features are taken about (p), the same for all tasks: what the intercepts of the tasks are compared
    /// at.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static GroupTask WithIntercept(HeldRows rows, double[] centre, Workers workers)
    {
        var p = centre.Length;
        var roots = rows.RootWeights();
        var features = new Matrix(rows.Rows, p + 1);
        var labels = new double[rows.Rows];
        for (var i = 0; i < rows.Rows; i++)
        {
            var to = features.Row(i);
            Product.Subtract(rows.Features.Row(i), centre, to[..p]);
            to[p] = 1;
            foreach (ref var value in to)
            {
                value *= roots[i];
            }

            labels[i] = roots[i] * rows.Labels[i];
        }

        return Of(features, labels, workers);
    }

    /// <summary>From rows that are multiplied by the roots of their weights already, the constant feature among them.</summary>
    /// <param name="features">R (n x p).</param>
    /// <param name="labels">z (n).</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static GroupTask Of(Matrix features, double[] labels, Workers workers)
    {
        var (n, p) = (features.Rows, features.Columns);
        if (n <= p)
        {
            return new GroupOfRows(features, labels, n);
        }

        var scatter = new Matrix(p, p);
        Gram.Accumulate(features, n, scatter, workers);
        return OfMoments(new MomentBlock(
            n, n, new double[p], 0, scatter, Product.TransposedTimes(features, labels), Product.Dot(labels, labels)));
    }

    /// <summary>The same from a group's moments.</summary>
    /// <param name="moments">Of the group, about its own means.</param>
    /// <param name="centre">What the features are taken about (p), the same for all groups.</param>
    /// <param name="labelCentre">What the label is taken about.</param>
    public static GroupTask WithIntercept(MomentBlock moments, double[] centre, double labelCentre)
    {
        var p = centre.Length;
        var (scatter, cross, means) = (new Matrix(p + 1, p + 1), new double[p + 1], new double[p + 1]);
        var label = moments.LabelMean - labelCentre;
        Product.Subtract(moments.FeatureMeans, centre, means.AsSpan(0, p));
        means[p] = 1;
        for (var i = 0; i <= p; i++)
        {
            var row = scatter.Row(i);
            if (i < p)
            {
                moments.Scatter.Row(i).CopyTo(row);
                cross[i] = moments.Cross[i];
            }

            Product.AddScaled(moments.Weight * means[i], means, row);
            cross[i] += moments.Weight * means[i] * label;
        }

        return OfMoments(new MomentBlock(
            moments.Count, moments.Weight, new double[p + 1], 0, scatter, cross, moments.LabelScatter + (moments.Weight * label * label)));
    }

    /// <summary>n_g.</summary>
    public abstract double Rows { get; }

    /// <summary>tr A_g of the task's own scatter, rows of mean weight 1.</summary>
    public abstract double Trace { get; }

    /// <summary>Sum of squares of the label about its mean.</summary>
    public abstract double LabelScatter { get; }

    /// <summary>The posterior of w_g.</summary>
    /// <param name="into">Is filled.</param>
    /// <param name="noise">s.</param>
    /// <param name="mean">The prior's mean (p).</param>
    /// <param name="roots">omega^1/2 (p).</param>
    public abstract void Fill(GroupPosterior into, double noise, double[] mean, double[] roots);

    /// <summary>Adds (s A_g^-1 + diag(omega))^-1, what the task says of the prior's mean.</summary>
    public abstract void AddInformation(Matrix sum, double noise, double[] roots);

    /// <summary>Adds A_g and B_g = A_g w_g by least squares.</summary>
    public abstract void AddMoments(Matrix scatter, double[] cross);

    /// <summary>The sum of squares of what is left at w.</summary>
    public abstract double ResidualAt(double[] w);
}
