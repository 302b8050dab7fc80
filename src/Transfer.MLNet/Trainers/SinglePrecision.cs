using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Trainers;

/// <summary>Scores in single precision, as ML.NET's models hold them.</summary>
internal sealed record SinglePrecision(float[][] Weights, float[] Intercepts)
{
    public static SinglePrecision Of(LinearScores scores, TaskColumns columns) => new(
        Array.ConvertAll(scores.Weights, weights =>
        {
            var rounded = new float[weights.Length];
            for (var j = 0; j < rounded.Length; j++)
            {
                rounded[j] = Round(weights[j], $"The weight of feature {j} of column '{columns.Features}'");
            }

            return rounded;
        }),
        Array.ConvertAll(scores.Intercepts, b => Round(b, $"The intercept for column '{columns.Label}'")));

    private static float Round(double value, string what) => float.IsFinite((float)value) ? (float)value
        : throw new InvalidOperationException(
            $"{what} is {value:G3}, more than ML.NET's models can hold (single precision). "
            + "The feature is very small, or tau too small for rows that can be separated: bring the features to a usual scale, for instance with NormalizeMeanVariance, or take a larger tau.");
}
