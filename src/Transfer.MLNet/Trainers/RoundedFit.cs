using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Trainers;

/// <summary>A fit in single precision, as ML.NET's models hold it.</summary>
/// <param name="Weights">p weights.</param>
/// <param name="Intercept">Where the fit has a free one: that of the rounded weights, so that what rounding them does at the features'
/// means is put right.</param>
/// <param name="PredictionError">About what a prediction is off because it is added up in single precision.</param>
/// <param name="LosesDigits">Whether that is more than a thousandth of the label's spread.</param>
internal sealed record RoundedFit(float[] Weights, float Intercept, double PredictionError, bool LosesDigits)
{
    private const double HalfUlp = 1.0 / (1 << 24);
    private const double Tolerated = 1e-3;

    public static RoundedFit Of(SolvedTask solved, bool freeIntercept, TaskColumns columns)
    {
        var (fit, means) = (solved.Fit, solved.FeatureMeans);
        var weights = new float[fit.Weights.Length];
        var (shift, size) = (0.0, 0.0);
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = (float)fit.Weights[j];
            if (!float.IsFinite(weights[j]))
            {
                throw new InvalidOperationException(
                    $"The weight of feature {j} of column '{columns.Features}' is {fit.Weights[j]:G3}, more than ML.NET's models can hold (single precision). "
                    + $"The feature is very small, or the label '{columns.Label}' very large: bring both to a usual scale, for instance with NormalizeMeanVariance.");
            }

            shift += means[j] * (fit.Weights[j] - weights[j]);
            size += Math.Abs(means[j] * weights[j]);
        }

        var intercept = (float)(freeIntercept ? fit.Intercept + shift : fit.Intercept);
        if (!float.IsFinite(intercept))
        {
            throw new InvalidOperationException(
                $"The intercept is {fit.Intercept:G3}, more than ML.NET's models can hold (single precision). Bring the label '{columns.Label}' and the column '{columns.Features}' to a usual scale.");
        }

        var error = HalfUlp * (Math.Abs(intercept) + size);
        return new(weights, intercept, error, error > Tolerated * solved.LabelDeviation);
    }
}
