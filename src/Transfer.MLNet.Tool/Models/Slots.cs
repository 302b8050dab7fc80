using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tool.Models;

/// <summary>The names of a vector's slots.</summary>
internal static class Slots
{
    /// <summary>As many as the column has slots; one without a name is called by its place, [3] for the fourth.</summary>
    public static IReadOnlyList<string> Of(DataViewSchema.Column column)
    {
        var size = ((VectorDataViewType)column.Type).Size;
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        if (column.HasSlotNames())
        {
            column.GetSlotNames(ref names);
        }

        return [.. Enumerable.Range(0, size)
            .Select(i => i < names.Length && names.GetItemOrDefault(i) is { IsEmpty: false } name ? name.ToString() : $"[{i}]")];
    }
}
