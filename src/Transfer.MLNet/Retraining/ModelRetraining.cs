using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Retraining;

/// <summary>Finds the layer, brings the rows to it, has it trained as its task demands, and puts the model together again.</summary>
internal static class ModelRetraining
{
    public static (ITransformer Model, FineTuneReport Report) Run(
        IHostEnvironment environment, ITransformer model, IDataView data, FineTuneOptions options)
    {
        var log = new StockLog(environment, "FineTune", "Retraining");
        if (TransferableModel.Find(model) is { } other)
        {
            var through = data;
            foreach (var transformer in other.Place.Before)
            {
                through = transformer.Transform(through);
            }

            RetrainingOptions.RequireCounts(options.ExposureColumnName, isCount: false, other.Place.Transformer);
            var ofLabel = FineTuneOptionsBase.With(options, OwnLabel.Of(
                other.Place.Before, data.Schema, through, other.Place.Transformer, options.LabelColumnName, log));
            var (moved, moving) = other.Kind.Move(environment, log, other.Place, through, ofLabel);
            moving.LabelColumnName = ofLabel.LabelColumnName;
            log.Info(moving.ToString());
            return (Contributions.Renew(environment, other.Place.Replace(moved), moved, other.Place.After, through.Schema, log), moving);
        }

        var (found, rows) = Open(model, data, log);
        options = FineTuneOptionsBase.With(options,
            OwnLabel.Of(found.Before, data.Schema, rows, found.Layer.Transformer, options.LabelColumnName, log));
        var (retrained, report) = LayerRetraining.Run(environment, log, found, rows, options);
        report.LabelColumnName = options.LabelColumnName;
        return (Contributions.Renew(environment, found.Replace(retrained), retrained, found.After, rows.Schema, log), report);
    }

    /// <summary>The last linear layer of a model, and the rows as they reach it.</summary>
    public static (LayerInChain Found, IDataView Rows) Open(ITransformer model, IDataView data, StockLog log)
    {
        var found = LayerInChain.Find(model) ?? throw Unmoved.Complaint(model, nameof(model));
        if (found.After.FirstOrDefault(t => t is IPredictionTransformer<object> { Model: not ICalibrator }) is { } later)
        {
            log.Warning(
                $"After the last linear predictor the model has another one ({LayerInChain.Describe(later)}), which was trained on the "
                    + $"old one's output "
                + "and stays as it is.");
        }

        var rows = data;
        foreach (var transformer in found.Before)
        {
            rows = transformer.Transform(rows);
        }

        var layer = found.Layer;
        FeatureMatch.Require(
            $"The feature column '{layer.FeatureColumn}' of the rows",
            ColumnTypes.RequireVectorOfSingle(ColumnTypes.Find(rows.Schema, layer.FeatureColumn, "feature")),
            [],
            $"the model's last linear predictor ({LayerInChain.Describe(layer.Transformer)}) has",
            layer.FeatureCount,
            [],
            "Give rows with the columns that the model was trained on.",
            " weights");
        return (found, rows);
    }
}
