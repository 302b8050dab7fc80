using Microsoft.ML;
using Microsoft.ML.Data;

namespace QuickStart;

/// <summary>A sale after featurisation.</summary>
internal sealed class FeaturisedSale
{
    public float[] Features { get; set; } = [];

    public float Label { get; set; }
}

/// <summary>One random draw of target rows: those that were sold already (to train on) and the others (to be judged by).</summary>
internal sealed class TargetSample
{
    private TargetSample(MLContext ml, FeaturisedSale[] training, FeaturisedSale[] heldOut)
    {
        TrainingRows = training;
        HeldOutRows = heldOut;
        Training = View(ml, training);
        HeldOut = View(ml, heldOut);
    }

    public IReadOnlyList<FeaturisedSale> TrainingRows { get; }

    public IReadOnlyList<FeaturisedSale> HeldOutRows { get; }

    public IDataView Training { get; }

    public IDataView HeldOut { get; }

    /// <summary>Draws <paramref name="rows"/> of <paramref name="all"/> without replacement; the same seed gives the same draw.</summary>
    public static TargetSample Draw(MLContext ml, IReadOnlyList<FeaturisedSale> all, int rows, int seed)
    {
        FeaturisedSale[] shuffled = [.. all];
        new Random(seed).Shuffle(shuffled);
        return new TargetSample(ml, shuffled[..rows], shuffled[rows..]);
    }

    private static IDataView View(MLContext ml, FeaturisedSale[] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FeaturisedSale));
        schema[nameof(FeaturisedSale.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }
}
