using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Transfer.MLNet.Networks.Stock;

/// <summary>A linear model of ML.NET as the last layer of a network: weights outputs x inputs, one bias an output.</summary>
internal sealed record LinearHead(float[] Weights, float[] Biases)
{
    /// <summary>The linear model of a fitted transformer, or null where it has none.</summary>
    public static LinearHead? Of(ITransformer transformer) => (transformer as ISingleFeaturePredictionTransformer<object>)?.Model switch
    {
        MaximumEntropyModelParameters several => OfClasses(several),
        LinearModelParameters one => OfOne(one),
        CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> calibrated => OfOne(calibrated.SubModel),
        _ => null,
    };

    private static LinearHead OfOne(LinearModelParameters model) => new([.. model.Weights], [model.Bias]);

    private static LinearHead OfClasses(MaximumEntropyModelParameters model)
    {
        VBuffer<float>[]? weights = null;
        model.GetWeights(ref weights, out _);
        return new([.. weights.SelectMany(w => w.DenseValues())], [.. model.GetBiases()]);
    }
}
