using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>One of many tasks that share a prior, as EM asks of it: w_g is Gaussian about a mean with variances omega, its labels about x'w_g with variance s.</summary>
internal abstract class GroupTask
{
    /// <summary>From rows: by themselves where they are fewer than the features, else by their moments.</summary>
    public static GroupTask Of(HeldRows rows, Workers workers)
    {
        if (rows.Rows > rows.FeatureCount)
        {
            return new GroupOfMoments(MomentsReader.Of(rows, folds: 1, seed: 0, workers).Total);
        }

        var centred = CentredRows.Of(rows, intercept: true, workers);
        return new GroupOfRows(centred.Features, centred.Labels, rows.Rows);
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
