using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Transfer.MLNet.Models;

/// <summary>In what unit a linear model's score is, which is to say what its weights mean.</summary>
internal enum ScoreUnit
{
    /// <summary>Plain numbers: whoever gave them knows.</summary>
    AsGiven,

    /// <summary>That of the label: the score is the prediction.</summary>
    Label,

    /// <summary>Log odds; of several classes, log probabilities but for a common addend.</summary>
    LogOdds,

    /// <summary>A margin of a classifier without calibration: above zero is true, and how far above means nothing by itself.</summary>
    Margin,

    /// <summary>The logarithm of a rate: the prediction is exp(score).</summary>
    LogRate,
}

/// <summary>Score = intercept + w'x: of one output, or of each of several classes.</summary>
/// <param name="Weights">p weights an output.</param>
/// <param name="Intercepts">One an output.</param>
/// <param name="Unit">What the scores are.</param>
/// <param name="Names">Of the classes, in the order of the outputs; null for one output, and where the model does not know.</param>
internal sealed record LinearScores(double[][] Weights, double[] Intercepts, ScoreUnit Unit, IReadOnlyList<string>? Names = null)
{
    /// <summary>p where the model is linear, else null.</summary>
    public static int? FeatureCountOf(object? model) => model switch
    {
        LinearModelParameters plain => plain.Weights.Count,
        CalibratedModelParametersBase calibrated => FeatureCountOf(calibrated.SubModel),
        LinearMulticlassModelParametersBase several => WeightsOf(several)[0].Length,
        OneVersusAllModelParameters each => FeatureCountOfAll(StockModels.SubModels(each)),
        _ => null,
    };

    /// <summary>The scores of a model of ML.NET's that is linear.</summary>
    public static LinearScores Of(object model) => model switch
    {
        LinearModelParameters plain => Single(plain),
        CalibratedModelParametersBase { SubModel: { } inside } calibrated => Of(inside).Through(calibrated.Calibrator),
        LinearMulticlassModelParametersBase several => new(
            Array.ConvertAll(WeightsOf(several), w => Wide(w.DenseValues(), w.Length)),
            [.. several.GetBiases().Select(b => (double)b)],
            several is MaximumEntropyModelParameters ? ScoreUnit.LogOdds : ScoreUnit.Margin,
            StockModels.LabelNames(several)),
        OneVersusAllModelParameters each => OneVersusAll([.. StockModels.SubModels(each).Select(Of)]),
        _ => throw new ArgumentException($"{model.GetType().Name} is not a linear model.", nameof(model)),
    };

    /// <summary>
    /// Platt's probability 1 / (1 + exp(slope s + offset)) has the log odds -(slope s + offset); of another calibrator the margin stays
    /// one.
    /// </summary>
    public LinearScores Through(ICalibrator? calibrator) => calibrator is PlattCalibrator platt
        ? new(
            Array.ConvertAll(Weights, w => Array.ConvertAll(w, v => -platt.Slope * v)),
            Array.ConvertAll(Intercepts, b => -(platt.Slope * b) - platt.Offset),
            ScoreUnit.LogOdds,
            Names)
        : this;

    /// <summary>
    /// With intercepts that put right, at the features' means, what rounding the weights to single precision does to the scores.
    /// </summary>
    public LinearScores MendedFor(double[] means)
    {
        var intercepts = (double[])Intercepts.Clone();
        for (var k = 0; k < intercepts.Length; k++)
        {
            for (var j = 0; j < means.Length; j++)
            {
                intercepts[k] += means[j] * (Weights[k][j] - (float)Weights[k][j]);
            }
        }

        return this with { Intercepts = intercepts };
    }

    /// <summary>The way back: the scores of which <paramref name="platt"/> makes these log odds.</summary>
    public LinearScores Before(PlattCalibrator platt) => new(
        Array.ConvertAll(Weights, w => Array.ConvertAll(w, v => v / -platt.Slope)),
        Array.ConvertAll(Intercepts, b => (b + platt.Offset) / -platt.Slope),
        ScoreUnit.Margin,
        Names);

    private static LinearScores Single(LinearModelParameters model) => new(
        [Wide(model.Weights, model.Weights.Count)],
        [model.Bias],
        model switch
        {
            PoissonRegressionModelParameters => ScoreUnit.LogRate,
            LinearBinaryModelParameters => ScoreUnit.Margin,
            _ => ScoreUnit.Label,
        });

    private static LinearScores OneVersusAll(LinearScores[] each) => new(
        Array.ConvertAll(each, e => e.Weights[0]),
        Array.ConvertAll(each, e => e.Intercepts[0]),
        each.All(e => e.Unit == ScoreUnit.LogOdds) ? ScoreUnit.LogOdds : ScoreUnit.Margin);

    private static int? FeatureCountOfAll(IEnumerable<object> models)
    {
        var counts = models.Select(FeatureCountOf).Distinct().ToArray();
        return counts.Length == 1 ? counts[0] : null;
    }

    private static VBuffer<float>[] WeightsOf(LinearMulticlassModelParametersBase model)
    {
        VBuffer<float>[]? weights = null;
        model.GetWeights(ref weights!, out _);
        return weights;
    }

    private static double[] Wide(IEnumerable<float> values, int count)
    {
        var wide = new double[count];
        var i = 0;
        foreach (var value in values)
        {
            wide[i++] = value;
        }

        return wide;
    }
}
