using System.Globalization;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tasks;

/// <summary>Scores in single precision, as ML.NET's models hold them.</summary>
/// <param name="Weights">p weights an output.</param>
/// <param name="Intercepts">One an output.</param>
internal sealed record RoundedScores(float[][] Weights, float[] Intercepts)
{
    // Of the score's spread; what is off by more is seen in predictions.
    public const double ToleratedError = 1e-3;

    private const double HalfUlp = 1.0 / (1 << 24);

    /// <exception cref="InvalidOperationException">A number is more than single precision holds.</exception>
    public static RoundedScores Of(LinearScores scores, TaskColumns columns) => new(
        Array.ConvertAll(scores.Weights, weights =>
        {
            var rounded = new float[weights.Length];
            for (var j = 0; j < rounded.Length; j++)
            {
                rounded[j] = Round(weights[j], $"The weight of feature {j} of column '{columns.Features}'", columns);
            }

            return rounded;
        }),
        Array.ConvertAll(scores.Intercepts, b => Round(b, "The intercept", columns)));

    /// <summary>
    /// About what a score is off because ML.NET adds it up in single precision, at the features' means; the largest of all outputs.
    /// </summary>
    public double ErrorAt(double[] means)
    {
        var largest = 0.0;
        for (var k = 0; k < Weights.Length; k++)
        {
            double size = Math.Abs(Intercepts[k]);
            for (var j = 0; j < means.Length; j++)
            {
                size += Math.Abs(means[j] * Weights[k][j]);
            }

            largest = Math.Max(largest, HalfUlp * size);
        }

        return largest;
    }

    /// <summary>
    /// Says which weights are so near to zero that single precision (to about 1e-45) has few of their digits or none, where that can be
    /// seen in predictions with the largest features that there are; null where there are none.
    /// </summary>
    /// <param name="scores">In double precision.</param>
    /// <param name="spread">Of the label, in the unit of the scores.</param>
    /// <param name="columns">Names.</param>
    public static string? Lost(LinearScores scores, double spread, TaskColumns columns)
    {
        var (count, first, at) = (0, 0.0, 0);
        foreach (var weights in scores.Weights)
        {
            for (var j = 0; j < weights.Length; j++)
            {
                var lost = Math.Abs(weights[j] - (float)weights[j]);
                if (lost > ToleratedError * Math.Abs(weights[j]) && lost * float.MaxValue > ToleratedError * spread)
                {
                    (first, at) = count++ == 0 ? (weights[j], j) : (first, at);
                }
            }
        }

        return count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The weight of feature {at} of column '{columns.Features}' is {first:G3}, less than ML.NET's models can hold (single "
                + $"precision): "
            + $"in the model it is {(float)first:G3}{(count > 1 ? $", and {count - 1} more are rounded so" : "")}. The features are "
            + $"very large "
            + $"or the label '{columns.Label}' very small: bring both columns to a usual scale, for instance with NormalizeMeanVariance.");
    }

    private static float Round(double value, string what, TaskColumns columns) => float.IsFinite((float)value) ? (float)value
        : throw new InvalidOperationException(
            $"{what} is {value:G3}, more than ML.NET's models can hold (single precision). The features of column '{columns.Features}' "
                + $"are very small, "
            + $"the label '{columns.Label}' very large, or tau too small for rows that can be separated: bring both columns to a usual "
            + $"scale, "
            + "for instance with NormalizeMeanVariance, or take a larger tau.");
}
