using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace Transfer.MLNet.Models;

/// <summary>
/// Feature contributions behind a layer: their transformer holds the layer's weights, and must have the new ones when the layer moves.
/// </summary>
internal static class Contributions
{
    /// <summary>The model with contributions of the layer that it has now.</summary>
    /// <param name="environment">Where the new transformers live.</param>
    /// <param name="model">With the new layer in its place.</param>
    /// <param name="layer">The new layer.</param>
    /// <param name="after">What rows go through behind it.</param>
    /// <param name="schema">The rows as they reach the layer.</param>
    /// <param name="log">Told of each; null: nothing is told.</param>
    /// <exception cref="NotSupportedException">The new layer has no contributions.</exception>
    public static ITransformer Renew(
        IHostEnvironment environment, ITransformer model, ITransformer layer, IReadOnlyList<ITransformer> after, DataViewSchema schema,
            StockLog? log)
    {
        schema = layer.GetOutputSchema(schema);
        var features = (layer as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName;
        foreach (var transformer in after)
        {
            if (transformer is FeatureContributionCalculatingTransformer old && InputOf(old, schema) == features)
            {
                var weights = WeightsOf(layer) ?? throw new NotSupportedException(
                    "The model gives feature contributions (CalculateFeatureContribution) behind its last layer, and the layer that "
                        + "comes of it has none. "
                    + "Fine-tune the model without them, and append ml.Transforms.CalculateFeatureContribution afterwards.");
                var renewed = StockModels.Contributions(environment, weights, features!, old);
                model = PlaceInChain.FindLast(model, t => ReferenceEquals(t, old))!.Replace(renewed);
                log?.Info("The feature contributions behind the layer are those of its new weights.");
            }

            schema = transformer.GetOutputSchema(schema);
        }

        return model;
    }

    private static string? InputOf(FeatureContributionCalculatingTransformer transformer, DataViewSchema schema)
    {
        var mapper = ((ITransformer)transformer).GetRowToRowMapper(schema);
        return mapper.GetDependencies([mapper.OutputSchema["FeatureContributions"]]).Select(c => c.Name).FirstOrDefault();
    }

    private static ICalculateFeatureContribution? WeightsOf(ITransformer layer) => (layer as IPredictionTransformer<object>)?.Model switch
    {
        CalibratedModelParametersBase { SubModel: ICalculateFeatureContribution inside } => inside,
        ICalculateFeatureContribution plain => plain,
        _ => null,
    };
}
