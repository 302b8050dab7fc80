using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Transfer.MLNet.Stock;

/// <summary>In what unit a linear model's score is, which is to say what its weights mean.</summary>
internal enum ScoreUnit
{
    /// <summary>That of the label: the score is the prediction.</summary>
    Label,

    /// <summary>Log odds, or a margin that was not calibrated.</summary>
    LogOdds,

    /// <summary>The logarithm of a rate: the prediction is exp(score).</summary>
    LogRate,
}

/// <summary>What the transformer around a model predicts.</summary>
internal enum LayerTask
{
    Regression,
    Binary,
    Multiclass,
    Other,
}

/// <summary>A transformer of ML.NET that predicts by a linear model, taken apart.</summary>
internal sealed record LinearLayer(ITransformer Transformer, object Model, LinearModelParameters Linear, LayerTask Task, string FeatureColumn)
{
    public ScoreUnit Unit => UnitOf(Linear);

    public static ScoreUnit UnitOf(LinearModelParameters model) => model switch
    {
        PoissonRegressionModelParameters => ScoreUnit.LogRate,
        LinearBinaryModelParameters => ScoreUnit.LogOdds,
        _ => ScoreUnit.Label,
    };

    /// <summary>The transformer's linear model, calibrated or not; null where it has none.</summary>
    public static LinearLayer? Of(ITransformer transformer)
    {
        if (transformer is not IPredictionTransformer<object> { Model: { } model })
        {
            return null;
        }

        var linear = model switch
        {
            LinearModelParameters plain => plain,
            CalibratedModelParametersBase { SubModel: LinearModelParameters inside } => inside,
            _ => null,
        };
        return linear is null ? null
            : new LinearLayer(transformer, model, linear, TaskOf(transformer), (transformer as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName ?? "Features");
    }

    private static LayerTask TaskOf(ITransformer transformer)
    {
        var type = transformer.GetType();
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(RegressionPredictionTransformer<>) ? LayerTask.Regression
            : definition == typeof(BinaryPredictionTransformer<>) ? LayerTask.Binary
            : definition == typeof(MulticlassPredictionTransformer<>) ? LayerTask.Multiclass
            : LayerTask.Other;
    }
}
