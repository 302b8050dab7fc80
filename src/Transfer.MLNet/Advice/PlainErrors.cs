using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>What left-out rows say in units that people know, beside the loss; null is not of the task.</summary>
/// <param name="Accuracy">The share of the rows whose likeliest class is theirs.</param>
/// <param name="AreaUnderRocCurve">Of two classes.</param>
/// <param name="MeanAbsoluteError">Of counts.</param>
internal sealed record PlainErrors(double? Accuracy, double? AreaUnderRocCurve, double? MeanAbsoluteError)
{
    /// <summary>Of left-out predictions.</summary>
    /// <param name="measure">What the risks are.</param>
    /// <param name="rows">The rows, with their labels.</param>
    /// <param name="predictions">What their scores say (n): see <c>Loss.Predicted</c>.</param>
    /// <param name="weights">How much a row counts (n); zero: not at all.</param>
    public static PlainErrors Of(RiskMeasure measure, LabelledRows rows, float[] predictions, double[] weights)
    {
        double Mean(Func<int, double> of)
        {
            var (sum, total) = (0.0, 0.0);
            for (var i = 0; i < weights.Length; i++)
            {
                sum += weights[i] == 0 ? 0 : weights[i] * of(i);
                total += weights[i];
            }

            return sum / total;
        }

        if (measure == RiskMeasure.Deviance)
        {
            return new(null, null, Mean(i => Math.Abs(rows.Labels[i] - predictions[i])));
        }

        return rows.Outputs == 1
            // As ML.NET has it: log odds of zero are no.
            ? new(Mean(i => predictions[i] > 0 == (rows.Labels[i] == 1) ? 1 : 0), Area(rows.Labels, predictions, weights), null)
            : new(Mean(i => predictions[i] == rows.Labels[i] ? 1 : 0), null, null);
    }

    /// <summary>
    /// P(a row of class 1 has the larger score than one of class 0), a tie being half of it: the Mann-Whitney statistic, with weights. null
    /// where one of the classes has no row.
    /// </summary>
    private static double? Area(double[] labels, float[] scores, double[] weights)
    {
        var order = Enumerable.Range(0, scores.Length).Where(i => weights[i] > 0).OrderBy(i => scores[i]).ToArray();
        var (zeros, ones, above) = (0.0, 0.0, 0.0);
        for (var at = 0; at < order.Length;)
        {
            var (tiedZeros, tiedOnes, score) = (0.0, 0.0, scores[order[at]]);
            for (; at < order.Length && scores[order[at]] == score; at++)
            {
                var weight = weights[order[at]];
                (tiedZeros, tiedOnes) = labels[order[at]] == 1 ? (tiedZeros, tiedOnes + weight) : (tiedZeros + weight, tiedOnes);
            }

            above += tiedOnes * (zeros + (0.5 * tiedZeros));
            (zeros, ones) = (zeros + tiedZeros, ones + tiedOnes);
        }

        return zeros > 0 && ones > 0 ? above / (zeros * ones) : null;
    }
}
