using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Retraining;

/// <summary>Finds the layer, brings the rows to it, has it trained as its task demands, and puts the model together again.</summary>
internal static class ModelRetraining
{
    public static (ITransformer Model, FineTuneReport Report) Run(IHostEnvironment environment, ITransformer model, IDataView data, FineTuneOptions options)
    {
        var log = new StockLog(environment, "FineTune", "Retraining");
        if (TransferableModel.Find(model) is { } other)
        {
            var through = data;
            foreach (var transformer in other.Place.Before)
            {
                through = transformer.Transform(through);
            }

            var ofTrees = options.With(OwnLabel.Of(other.Place.Before, data.Schema, through, other.Place.Transformer, options.LabelColumnName, log));
            var (moved, moving) = other.Kind.Move(environment, log, other.Place, through, ofTrees);
            moving.LabelColumnName = ofTrees.LabelColumnName;
            log.Info(moving.ToString());
            return (Contributions.Renew(environment, other.Place.Replace(moved), moved, other.Place.After, through.Schema, log), moving);
        }

        var (found, rows) = Open(model, data, log);
        var layer = found.Layer;
        options = options.With(OwnLabel.Of(found.Before, data.Schema, rows, layer.Transformer, options.LabelColumnName, log));
        var (retrained, report) = layer.Task switch
        {
            LayerTask.Regression when layer.Scores.Unit == ScoreUnit.Label => RegressionRetraining.Run(environment, log, found, rows, options),
            LayerTask.Binary => BinaryRetraining.Run(environment, log, found, rows, options),
            LayerTask.Multiclass => MulticlassRetraining.Run(environment, log, found, rows, options),
            _ => throw new NotSupportedException(
                $"The last linear predictor of this model is {LayerInChain.Describe(layer.Transformer)}. "
                + "Only classifiers, and regression layers that predict their score (Sdca, OnlineGradientDescent, L2SpRidge), can be fine-tuned; "
                + "its weights can still be the starting point of a trainer: StartingPoint.From(model)."),
        };
        report.LabelColumnName = options.LabelColumnName;
        return (Contributions.Renew(environment, found.Replace(retrained), retrained, found.After, rows.Schema, log), report);
    }

    /// <summary>The last linear layer of a model, and the rows as they reach it.</summary>
    public static (LayerInChain Found, IDataView Rows) Open(ITransformer model, IDataView data, StockLog log)
    {
        var found = LayerInChain.Find(model) ?? throw Unmoved.Complaint(model, nameof(model));
        if (found.After.FirstOrDefault(t => t is IPredictionTransformer<object> { Model: not ICalibrator }) is { } later)
        {
            log.Warning($"After the last linear predictor the model has another one ({LayerInChain.Describe(later)}), which was trained on the old one's output and stays as it is.");
        }

        var rows = data;
        foreach (var transformer in found.Before)
        {
            rows = transformer.Transform(rows);
        }

        RequireFeatures(found.Layer, rows.Schema);
        return (found, rows);
    }

    private static void RequireFeatures(LinearLayer layer, DataViewSchema schema)
    {
        var features = ColumnTypes.RequireVectorOfSingle(ColumnTypes.Find(schema, layer.FeatureColumn, "feature"));
        if (features != layer.FeatureCount)
        {
            throw new ArgumentException(
                $"The feature column '{layer.FeatureColumn}' of the rows has {features} features, but the model's last linear predictor "
                + $"({LayerInChain.Describe(layer.Transformer)}) has {layer.FeatureCount} weights. Give rows with the columns that the model was trained on.");
        }
    }
}
