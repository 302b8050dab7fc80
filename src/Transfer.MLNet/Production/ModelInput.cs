using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Production;

/// <summary>Rows as they reach the predictor of a model.</summary>
/// <param name="Label">The column that its scores predict: the one that is named, or one that the model makes from it (the logarithm of a
/// price).</param>
/// <param name="Reached">The rows, featurised.</param>
/// <param name="FeatureColumn">Its features; null where it has no single column of them.</param>
/// <param name="IsLinearRegression">Whether it is a linear regression.</param>
/// <param name="IsLinear">Whether it is one linear map.</param>
internal sealed record ModelInput(string Label, IDataView Reached, string? FeatureColumn, bool IsLinearRegression, bool IsLinear)
{
    public static ModelInput Of(ModelOperationsCatalog catalog, ITransformer model, IDataView rows, string label, string component)
    {
        var log = new StockLog(StockModels.EnvironmentOf(catalog), component, "Label");
        if (TransferableModel.Find(model) is { } other)
        {
            var through = other.Place.Before.Aggregate(rows, (view, transformer) => transformer.Transform(view));
            return new(OwnLabel.Of(other.Place.Before, rows.Schema, through, other.Place.Transformer, label, log), through,
                (other.Place.Transformer as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName, false, false);
        }

        var (found, reached) = ModelRetraining.Open(model, rows, log);
        return new(OwnLabel.Of(found.Before, rows.Schema, reached, found.Layer.Transformer, label, log), reached,
            found.Layer.FeatureColumn, LearningTask.Of(found.Layer) is RegressionTask, true);
    }
}
