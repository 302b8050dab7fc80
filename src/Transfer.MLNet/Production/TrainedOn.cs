using MathNet.Numerics.Statistics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Models;
using Transfer.MLNet.Retraining;

namespace Transfer.MLNet.Production;

/// <summary>
/// What a model takes: its features, and the column that its scores predict: the one that is named, or one that the model makes from it
/// (the logarithm of a price).
/// </summary>
/// <param name="Label">The column's name, before or behind the model's featurisation.</param>
/// <param name="Features">Mean and standard deviation of each feature of the rows as it reaches the model; empty where there are too
/// many.</param>
internal sealed record TrainedOn(string Label, (double Mean, double Deviation)[] Features)
{
    private const int MostFeatures = 1000;

    public static TrainedOn Of(ModelOperationsCatalog catalog, ITransformer model, IDataView rows, string label)
    {
        var log = new StockLog(StockModels.EnvironmentOf(catalog), "RetrainGuarded", "Label");
        if (TransferableModel.Find(model) is { } other)
        {
            var through = other.Place.Before.Aggregate(rows, (view, transformer) => transformer.Transform(view));
            var ofTrees = OwnLabel.Of(other.Place.Before, rows.Schema, through, other.Place.Transformer, label, log);
            var features = (other.Place.Transformer as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName;
            return new TrainedOn(ofTrees, features is null ? [] : Spread(through, features));
        }

        var (found, reached) = ModelRetraining.Open(model, rows, log);
        return new TrainedOn(
            OwnLabel.Of(found.Before, rows.Schema, reached, found.Layer.Transformer, label, log),
                Spread(reached, found.Layer.FeatureColumn));
    }

    private static (double Mean, double Deviation)[] Spread(IDataView rows, string features)
    {
        if (rows.Schema.GetColumnOrNull(features) is not { Type: VectorDataViewType { Size: > 0 and <= MostFeatures } type } column
            || type.ItemType != NumberDataViewType.Single)
        {
            return [];
        }

        var statistics = new RunningStatistics[type.Size];
        for (var j = 0; j < statistics.Length; j++)
        {
            statistics[j] = new RunningStatistics();
        }

        using var cursor = rows.GetRowCursor([column]);
        var (get, values) = (cursor.GetGetter<VBuffer<float>>(column), default(VBuffer<float>));
        while (cursor.MoveNext())
        {
            get(ref values);
            foreach (var (j, value) in values.Items(all: true))
            {
                if (float.IsFinite(value))
                {
                    statistics[j].Push(value);
                }
            }
        }

        return [.. statistics.Select(s => s.Count < 2 ? (0, 0) : (s.Mean, s.StandardDeviation))];
    }
}
