using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Models;

/// <summary>What the transformer around a model predicts.</summary>
internal enum LayerTask
{
    Regression,
    Binary,
    Multiclass,
    Other,
}

/// <summary>A transformer of ML.NET that predicts by a linear model, taken apart.</summary>
internal sealed record LinearLayer(ITransformer Transformer, object Model, int FeatureCount, LayerTask Task, string FeatureColumn)
{
    public LinearScores Scores => LinearScores.Of(Model);

    /// <summary>The transformer's linear model, calibrated or not; null where it has none.</summary>
    public static LinearLayer? Of(ITransformer transformer)
        => transformer is IPredictionTransformer<object> { Model: { } model } && LinearScores.FeatureCountOf(model) is { } features
            ? new LinearLayer(
                transformer, model, features, TaskOf(transformer), (transformer as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName ?? "Features")
            : null;

    /// <summary>Whether the transformer predicts, rather than make features by a model.</summary>
    public static bool Predicts(ITransformer transformer)
    {
        var type = transformer.GetType();
        return type.IsGenericType && (TaskOf(transformer) != LayerTask.Other || type.GetGenericTypeDefinition() == typeof(RankingPredictionTransformer<>));
    }

    /// <summary>The classes of a multiclass layer as its predicted label has them; null where it has no such label.</summary>
    public ClassKeys? Classes()
    {
        var columns = new DataViewSchema.Builder();

        // The very type that it was fitted with: features that came from an ONNX model or from pixels are vectors of several dimensions.
        columns.AddColumn(FeatureColumn, (Transformer as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnType ?? new VectorDataViewType(NumberDataViewType.Single, FeatureCount));
        foreach (var column in Transformer.GetOutputSchema(columns.ToSchema()))
        {
            if (!column.IsHidden && column.Type is KeyDataViewType)
            {
                return ClassKeys.Of(column);
            }
        }

        return null;
    }

    /// <summary>What a transformer predicts, linear or not.</summary>
    public static LayerTask TaskOf(ITransformer transformer)
    {
        var type = transformer.GetType();
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(RegressionPredictionTransformer<>) ? LayerTask.Regression
            : definition == typeof(BinaryPredictionTransformer<>) ? LayerTask.Binary
            : definition == typeof(MulticlassPredictionTransformer<>) ? LayerTask.Multiclass
            : LayerTask.Other;
    }
}
