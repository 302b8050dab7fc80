using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>Where the values of a task lie, and how far apart; weighted.</summary>
/// <param name="FeatureMeans">p.</param>
/// <param name="FeatureDeviations">Standard deviations (p); of features that are constant zero, or rounding.</param>
/// <param name="LabelDeviation">The label's standard deviation.</param>
internal sealed record Spread(double[] FeatureMeans, double[] FeatureDeviations, double LabelDeviation)
{
    public static Spread Of(MomentBlock moments) => new(
        moments.FeatureMeans,
        [.. Enumerable.Range(0, moments.FeatureCount).Select(j => Math.Sqrt(moments.Scatter[j, j] / moments.Weight))],
        Math.Sqrt(moments.LabelScatter / moments.Weight));

    public static Spread Of(HeldRows rows)
    {
        var (means, labelMean) = CentredRows.Means(rows);
        var power = new double[rows.FeatureCount];
        var labelPower = 0.0;
        for (var i = 0; i < rows.Rows; i++)
        {
            var share = rows.Weights[i] / rows.TotalWeight;
            var row = rows.Features.Row(i);
            for (var j = 0; j < power.Length; j++)
            {
                var d = row[j] - means[j];
                power[j] += share * d * d;
            }

            labelPower += share * (rows.Labels[i] - labelMean) * (rows.Labels[i] - labelMean);
        }

        return new(means, [.. power.Select(Math.Sqrt)], Math.Sqrt(labelPower));
    }
}
