using MathNet.Numerics.Statistics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Production;

/// <summary>
/// What a model takes: its features, and the column that its scores predict: the one that is named, or one that the model makes from it
/// (the logarithm of a price).
/// </summary>
/// <param name="Measured">Its name, before or behind the model's featurisation, and that of exposures.</param>
/// <param name="Features">Mean and standard deviation of each feature of the rows as it reaches the model; empty where there are too
/// many.</param>
internal sealed record TrainedOn(MeasuredColumns Measured, (double Mean, double Deviation)[] Features)
{
    private const int MostFeatures = 1000;

    public static TrainedOn Of(ModelOperationsCatalog catalog, ITransformer model, IDataView rows, MeasuredColumns named)
    {
        var input = ModelInput.Of(catalog, model, rows, named, "RetrainGuarded");
        return new TrainedOn(input.Measured, input.FeatureColumn is { } features ? Spread(input.Reached, features) : []);
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
