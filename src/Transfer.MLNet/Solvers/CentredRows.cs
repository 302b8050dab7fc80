using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>Rows about their weighted means, each multiplied by the root of its weight: weighted least squares without weights.</summary>
/// <param name="Features">sqrt(s_i) (x_i - mean) (n x p), s_i of mean 1.</param>
/// <param name="Labels">sqrt(s_i) (y_i - mean) (n).</param>
/// <param name="RootWeights">sqrt(s_i) (n).</param>
/// <param name="FeatureMeans">What the features are centred at (p); zero without an intercept.</param>
/// <param name="LabelMean">What the label is centred at; zero without an intercept.</param>
internal sealed record CentredRows(Matrix Features, double[] Labels, double[] RootWeights, double[] FeatureMeans, double LabelMean)
{
    public static CentredRows Of(HeldRows rows, bool intercept, Workers workers)
    {
        var (means, labelMean) = intercept ? Means(rows) : (new double[rows.FeatureCount], 0);
        var roots = rows.RootWeights();
        var features = new Matrix(rows.Rows, rows.FeatureCount);
        var labels = new double[rows.Rows];
        workers.For(rows.Rows, i =>
        {
            var from = rows.Features.Row(i);
            var to = features.Row(i);
            var root = roots[i];
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = (from[j] - means[j]) * root;
            }

            labels[i] = (rows.Labels[i] - labelMean) * root;
        });
        return new(features, labels, roots, means, labelMean);
    }

    public static (double[] Features, double Label) Means(HeldRows rows)
    {
        // About the first row: the rounding of sums of large numbers would come back as a shift of every row.
        var first = rows.Features.Row(0);
        var means = new double[rows.FeatureCount];
        var label = 0.0;
        for (var i = 1; i < rows.Rows; i++)
        {
            var row = rows.Features.Row(i);
            var share = rows.Weights[i] / rows.TotalWeight;
            for (var j = 0; j < means.Length; j++)
            {
                means[j] += share * (row[j] - first[j]);
            }

            label += share * (rows.Labels[i] - rows.Labels[0]);
        }

        Product.AddScaled(1, first, means);
        return (means, rows.Labels[0] + label);
    }
}
