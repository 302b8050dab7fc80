using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Production;

/// <summary>Rows as they reach the predictor of a model.</summary>
/// <param name="Measured">The columns that its scores are measured by: the label that is named, or one that the model makes from it (the
/// logarithm of a price).</param>
/// <param name="Reached">The rows, featurised.</param>
/// <param name="FeatureColumn">Its features; null where it has no single column of them.</param>
/// <param name="IsLinearRegression">Whether it is a linear regression.</param>
/// <param name="IsLinear">Whether it is one linear map.</param>
internal sealed record ModelInput(
    MeasuredColumns Measured, IDataView Reached, string? FeatureColumn, bool IsLinearRegression, bool IsLinear)
{
    /// <param name="catalog">ml.Model.</param>
    /// <param name="model">The model.</param>
    /// <param name="rows">Rows as it takes them.</param>
    /// <param name="named">The columns that the user names.</param>
    /// <param name="component">Who asks, for the log.</param>
    /// <exception cref="ArgumentException">The model cannot be moved; a column is not there; exposures are given to what is no model of
    /// counts.</exception>
    public static ModelInput Of(ModelOperationsCatalog catalog, ITransformer model, IDataView rows, MeasuredColumns named, string component)
    {
        var log = new StockLog(StockModels.EnvironmentOf(catalog), component, "Label");
        if (TransferableModel.Find(model) is { } other)
        {
            RetrainingOptions.RequireCounts(named.Exposure, isCount: false, other.Place.Transformer);
            var through = Through(other.Place.Before, rows);
            return new(
                named with { Label = OwnLabel.Of(other.Place.Before, rows.Schema, through, other.Place.Transformer, named.Label, log) },
                through, FeaturesOf(other.Place.Transformer), false, false);
        }

        var (found, reached) = ModelRetraining.Open(model, rows, log);
        var task = LearningTask.Of(found.Layer);
        RetrainingOptions.RequireCounts(named.Exposure, task is CountTask, found.Layer.Transformer);
        return new(
            named with { Label = OwnLabel.Of(found.Before, rows.Schema, reached, found.Layer.Transformer, named.Label, log) },
            reached, found.Layer.FeatureColumn, task is RegressionTask, true);
    }

    /// <summary>Rows as they reach a model whose label is known already, and its features.</summary>
    public static (IDataView Reached, string? FeatureColumn) Features(ITransformer model, IDataView rows) =>
        TransferableModel.Find(model) is { } other ? (Through(other.Place.Before, rows), FeaturesOf(other.Place.Transformer))
            : LayerInChain.Find(model) is { } found ? (Through(found.Before, rows), found.Layer.FeatureColumn)
            : (rows, null);

    private static IDataView Through(IEnumerable<ITransformer> before, IDataView rows) =>
        before.Aggregate(rows, (view, transformer) => transformer.Transform(view));

    private static string? FeaturesOf(ITransformer predictor) =>
        (predictor as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName;
}
