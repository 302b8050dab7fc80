using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Trees.Ensembles;

namespace Transfer.MLNet.Trees.Retraining;

/// <summary>A stock linear layer in the place of the trees: same columns, same kind of score.</summary>
internal static class LinearInstead
{
    /// <param name="environment">Where it will live.</param>
    /// <param name="layer">The trees.</param>
    /// <param name="linear">The label, the logarithm of the rate, or log odds.</param>
    /// <param name="schema">The columns of the rows that it was trained on.</param>
    public static ITransformer Of(IHostEnvironment environment, TreeLayer layer, LinearFit linear, DataViewSchema schema)
    {
        var (weights, bias) = (Array.ConvertAll(linear.Weights, w => (float)w), (float)linear.Intercept);
        switch (layer.Task)
        {
            case TreeTask.Regression:
                return StockModels.RegressionTransformer(
                    environment, StockModels.LinearRegression(environment, weights, bias), schema, layer.FeatureColumn);
            case TreeTask.Rate:
                return StockModels.RegressionTransformer(
                    environment, StockModels.Poisson(environment, weights, bias), schema, layer.FeatureColumn);
            case TreeTask.Binary when layer.IsCalibratedLater:
                // What follows in the chain makes log odds of a score by the link: the score that gives these.
                var link = layer.Links[0];
                var score = StockModels.LinearBinary(
                    environment, Array.ConvertAll(linear.Weights, w => (float)(w / link.Scale)),
                        (float)((linear.Intercept - link.Shift) / link.Scale));
                return StockModels.BinaryTransformer(environment, score, schema, layer.FeatureColumn);
            case TreeTask.Binary:
                var calibrated = StockModels.Calibrated(environment, StockModels.LinearBinary(environment, weights, bias));
                return StockModels.BinaryTransformer(environment, calibrated, schema, layer.FeatureColumn);
            default:
                throw new NotSupportedException($"There is no linear layer for {layer.Task}.");
        }
    }
}
