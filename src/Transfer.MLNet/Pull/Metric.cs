using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Pull;

/// <summary>
/// M of the penalty tau (w - w_sp)'M (w - w_sp), as a change of coordinates: with M = R'R and v = R w it is tau |v - R w_sp|^2, and
/// x'w = (R^-T x)'v. A solver that is given the rows X R^-1 and the start R w_sp knows nothing of it, and everything that it has (exact
/// leave-one-out, the search for tau, folds) holds. Where there is no metric, M = 1, nothing is changed.
/// </summary>
internal abstract class Metric
{
    // Rows that are turned together on their way from a reader to a solver.
    private const int LotRows = 256;

    /// <summary>p.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>The roots r of a diagonal metric (p), for rows that are too large or too sparse to be written anew; otherwise
    /// null.</summary>
    public virtual double[]? Roots => null;

    /// <summary>X R^-1 (n x p).</summary>
    public abstract Matrix OfRows(Matrix rows, Workers workers);

    /// <summary>R w (p).</summary>
    public abstract double[] OfWeights(double[] weights);

    /// <summary>R^-1 v (p).</summary>
    public abstract double[] ToWeights(double[] coordinates);

    /// <summary>R w_sp; intercepts are not in the metric.</summary>
    public Start Of(Start start) => start with { Weights = OfWeights(start.Weights) };

    public HeldRows Of(HeldRows rows, Workers workers) =>
        new(OfRows(rows.Features, workers), rows.Labels, rows.IsWeighted ? rows.Weights : null);

    /// <summary>The moments of the rows X R^-1.</summary>
    public Moments Of(Moments moments, Workers workers) =>
        new([.. moments.Blocks.Select(b => Of(b, workers))], moments.FeatureColumnName, moments.LabelColumnName, []);

    /// <summary>A pass over rows that hands on those of X R^-1, in the same order.</summary>
    public Action<RowTarget> Of(Action<RowTarget> pass, Workers workers) => target =>
    {
        var lot = new Matrix(LotRows, FeatureCount);
        var heads = new (double Label, double Weight, long Position)[LotRows];
        var count = 0;
        void HandOn()
        {
            var turned = OfRows(lot, workers);
            for (var i = 0; i < count; i++)
            {
                turned.Row(i).CopyTo(target(heads[i].Label, heads[i].Weight, heads[i].Position));
            }

            count = 0;
        }

        pass((label, weight, position) =>
        {
            if (count == LotRows)
            {
                HandOn();
            }

            heads[count] = (label, weight, position);
            return lot.Row(count++);
        });
        HandOn();
    };

    /// <exception cref="ArgumentException">The metric is of another size than the rows.</exception>
    public void RequireFeatures(int featureCount, string column)
    {
        if (FeatureCount != featureCount)
        {
            throw new ArgumentException(
                $"The metric is one of {FeatureCount} features, but column '{column}' has {featureCount}. "
                + "Make it behind the same fitted featuriser as the rows.");
        }
    }

    private MomentBlock Of(MomentBlock block, Workers workers)
    {
        var p = block.FeatureCount;

        // R^-T S R^-1: S is symmetric, and both times its rows are turned.
        var half = Transposed(OfRows(block.Scatter, workers));
        var scatter = OfRows(half, workers);
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < i; j++)
            {
                scatter[i, j] = scatter[j, i] = 0.5 * (scatter[i, j] + scatter[j, i]);
            }
        }

        double[] Turned(double[] row) => OfRows(new Matrix(1, p, (double[])row.Clone()), workers).Values;
        return new(
            block.Count, block.Weight, Turned(block.FeatureMeans), block.LabelMean, scatter, Turned(block.Cross), block.LabelScatter);
    }

    private static Matrix Transposed(Matrix a)
    {
        var turned = new Matrix(a.Columns, a.Rows);
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < a.Columns; j++)
            {
                turned[j, i] = a[i, j];
            }
        }

        return turned;
    }
}
