using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>A column as ML.NET sees it, and the cells of the file that it is made of: one, or as many as its vector has slots.</summary>
/// <param name="Name">Its name in the view.</param>
/// <param name="Type">Single, Double, Int32, Int64, Boolean, a date, text, a key, or a vector of Single.</param>
/// <param name="Cells">The names in the files.</param>
/// <param name="Classes">Of a key, its values in order; of a truth value, the negative and the positive; else null.</param>
/// <param name="Spelled">From a text to the one that stands for its value; null where it stands for itself, also where the answer is
/// null.</param>
internal sealed record TableColumn(
    string Name, DataViewType Type, IReadOnlyList<string> Cells, IReadOnlyList<string>? Classes = null,
    Func<string, string?>? Spelled = null)
{
    /// <summary>For each file, by its path, how 3/4/2026 is read; null for a column without dates.</summary>
    public IReadOnlyDictionary<string, DateOrder>? DateOrders { get; init; }

    /// <summary>Annotations of text that the column has in the view's schema; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Notes { get; init; }

    /// <summary>Of a vector of features, what each slot is made of; null for a vector of the cells themselves.</summary>
    public IReadOnlyList<FeatureSlot>? Slots { get; init; }

    /// <summary>Of numbers: whether each must be there and above zero, as an exposure.</summary>
    public bool IsAboveZero { get; init; }

    /// <summary>Whether a text is given as it stands in the file, a mark of a missing value too.</summary>
    public bool AsItStands { get; init; }

    /// <summary>What the column stands for, of which the file has no cell; null where it is made of cells.</summary>
    public DataViewSchema.Column? Absent { get; init; }

    /// <summary>A column that is there for its name and type alone: nobody looks at its values, which are all missing.</summary>
    public static TableColumn Nothing(DataViewSchema.Column column) => new(column.Name, column.Type, []) { Absent = column };

    public static TableColumn Number(string name) => new(name, NumberDataViewType.Single, [name]);

    public static TableColumn Words(string name, Func<string, string?>? spelled = null) =>
        new(name, TextDataViewType.Instance, [name], Spelled: spelled);

    public static TableColumn Key(string name, string cell, IReadOnlyList<string> classes, Func<string, string?> spelled) =>
        new(name, new KeyDataViewType(typeof(uint), classes.Count), [cell], classes, spelled);

    public static TableColumn Truth(string name, string cell, IReadOnlyList<string> negativeAndPositive, Func<string, string?> spelled) =>
        new(name, BooleanDataViewType.Instance, [cell], negativeAndPositive, spelled);
}
