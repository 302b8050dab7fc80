using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Trainers;

/// <summary>The columns that a model trained on moments says it was trained on: those that the moments were computed from.</summary>
internal static class MomentsSchema
{
    public static DataViewSchema Of(Moments moments)
    {
        var columns = new DataViewSchema.Builder();
        columns.AddColumn(moments.LabelColumnName, NumberDataViewType.Single);
        columns.AddColumn(moments.FeatureColumnName, new VectorDataViewType(NumberDataViewType.Single, moments.FeatureCount),
            SlotNames(moments.FeatureNames));
        return columns.ToSchema();
    }

    private static DataViewSchema.Annotations? SlotNames(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return null;
        }

        var values = names.Select(n => n.AsMemory()).ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = (ref VBuffer<ReadOnlyMemory<char>> slots) => slots = new(values.Length, values);
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Count), get);
        return annotations.ToAnnotations();
    }
}
