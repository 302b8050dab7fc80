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
                transformer, model, features, TaskOf(transformer),
                    (transformer as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName ?? "Features")
            : null;

    /// <summary>Whether the transformer predicts, rather than make features by a model.</summary>
    public static bool Predicts(ITransformer transformer)
    {
        var type = transformer.GetType();
        return type.IsGenericType && (TaskOf(transformer) != LayerTask.Other
            || type.GetGenericTypeDefinition() == typeof(RankingPredictionTransformer<>));
    }

    /// <summary>The classes of a multiclass layer as its predicted label has them; null where it has no such label.</summary>
    public ClassKeys? Classes() => ClassesOf(
        Transformer, FeatureColumn, (Transformer as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnType
            ?? new VectorDataViewType(NumberDataViewType.Single, FeatureCount));

    /// <summary>The same of a transformer, linear or not.</summary>
    /// <param name="transformer">It predicts classes.</param>
    /// <param name="featureColumn">Its features.</param>
    /// <param name="features">The very type that it was fitted with: features from an ONNX model or from pixels have several
    /// dimensions.</param>
    public static ClassKeys? ClassesOf(ITransformer transformer, string featureColumn, DataViewType features)
    {
        var columns = new DataViewSchema.Builder();
        columns.AddColumn(featureColumn, features);
        var key = transformer.GetOutputSchema(columns.ToSchema()).FirstOrDefault(c => !c.IsHidden && c.Type is KeyDataViewType);
        return key.Type is null ? null : ClassKeys.Of(key);
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
