using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>Rows behind a model's featurisation.</summary>
internal static class FeaturisedRows
{
    public static TenantRow[] Of(MLContext ml, ITransformer model, IDataView data, string label)
    {
        var log = new StockLog(StockModels.EnvironmentOf(ml.Regression), "Tenants", "Featurising");
        var (found, rows) = ModelRetraining.Open(model, data, log);
        var own = OwnLabel.Of(found.Before, data.Schema, rows, found.Layer.Transformer, label, log);
        var labels = LearningTask.Of(found.Layer) is BinaryTask ? LabelReader.Boolean : LabelReader.Number;
        var reader = new RowReader(rows, new TaskColumns(own, found.Layer.FeatureColumn, null), labels);
        var taken = new List<TenantRow>();
        reader.Read(
            (in features, value, _, _) =>
            {
                var x = new float[reader.FeatureCount];
                features.CopyTo(x);
                taken.Add(new((float)value, x));
            },
            log.Warning,
            default);
        return [.. taken];
    }
}
