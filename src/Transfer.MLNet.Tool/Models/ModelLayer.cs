using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tool.Columns;

namespace Transfer.MLNet.Tool.Models;

/// <summary>The last linear layer of a saved model: what the tool can tune, and start from.</summary>
internal sealed record ModelLayer(TaskKind Task, string FeatureColumn, IReadOnlyList<ITransformer> Before)
{
    /// <exception cref="Failure">There is none; the message says what there is instead.</exception>
    public static ModelLayer Of(SavedModel model)
    {
        if (LayerInChain.Find(model.Model) is not { } found)
        {
            throw Failure.Input($"{model.Path} has no linear predictor, so there is nothing to start from. It consists of: {LayerInChain.Describe(model.Model)}.");
        }

        return new ModelLayer(
            found.Layer.Task switch
            {
                LayerTask.Regression => TaskKind.Regression,
                LayerTask.Binary => TaskKind.Binary,
                LayerTask.Multiclass => TaskKind.Multiclass,
                _ => throw Failure.Input($"{model.Path}: its last linear predictor ({LayerInChain.Describe(found.Layer.Transformer)}) is neither a regression nor a classifier."),
            },
            found.Layer.FeatureColumn,
            found.Before);
    }

    public IDataView Features(IDataView rows) => Before.Aggregate(rows, (view, part) => part.Transform(view));

    /// <summary>The layer's features by name.</summary>
    public IReadOnlyList<string> FeatureNames(DataViewSchema input) =>
        Slots.Of(Before.Aggregate(input, (schema, part) => part.GetOutputSchema(schema))[FeatureColumn]);
}
