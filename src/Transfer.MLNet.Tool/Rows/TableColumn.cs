using Microsoft.ML.Data;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>A column as ML.NET sees it, and the cells of the file that it is made of: one, or as many as its vector has slots.</summary>
/// <param name="Name">Its name in the view.</param>
/// <param name="Type">Single, Double, Int32, Int64, Boolean, text, a key, or a vector of Single.</param>
/// <param name="Cells">The names in the files.</param>
/// <param name="Classes">Of a key, its values in order; of a truth value, the negative and the positive; else null.</param>
internal sealed record TableColumn(string Name, DataViewType Type, IReadOnlyList<string> Cells, IReadOnlyList<string>? Classes = null)
{
    public static TableColumn Number(string name) => new(name, NumberDataViewType.Single, [name]);

    public static TableColumn Words(string name) => new(name, TextDataViewType.Instance, [name]);

    public static TableColumn Key(string name, string cell, IReadOnlyList<string> classes) =>
        new(name, new KeyDataViewType(typeof(uint), classes.Count), [cell], classes);

    public static TableColumn Truth(string name, string cell, IReadOnlyList<string> negativeAndPositive) =>
        new(name, BooleanDataViewType.Instance, [cell], negativeAndPositive);
}
