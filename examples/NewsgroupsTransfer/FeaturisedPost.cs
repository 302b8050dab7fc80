using Microsoft.ML;
using Microsoft.ML.Data;

namespace NewsgroupsTransfer;

/// <summary>A post after featurisation.</summary>
internal sealed class FeaturisedPost
{
    /// <summary>One value a word of the source, nearly all zero and not stored.</summary>
    public VBuffer<float> Features { get; set; }

    /// <summary>The name of its class, of several.</summary>
    public string Class { get; set; } = "";

    /// <summary>The number of its class, from 0.</summary>
    [NoColumn]
    public int Position { get; set; }

    /// <summary>Of two classes, whether it is the second.</summary>
    public bool Label { get; set; }

    public static IDataView View(MLContext ml, IEnumerable<FeaturisedPost> posts)
    {
        List<FeaturisedPost> rows = [.. posts];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FeaturisedPost));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }
}
