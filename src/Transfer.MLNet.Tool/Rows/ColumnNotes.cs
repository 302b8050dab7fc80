using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>
/// What is said of a column beside its type, as annotations in the schema that is saved with a model. Programs that do not know them pass
/// them over.
/// </summary>
internal static class ColumnNotes
{
    /// <summary>How 3/4/2026 was read: DayFirst or MonthFirst.</summary>
    public const string DateOrder = "Transfer.DateOrder";

    /// <summary>On the first column: the label's name, and of two classes the negative and the positive, as an array in JSON.</summary>
    public const string Predicts = "Transfer.Predicts";

    /// <summary>On the first column: the column of exposures that the model was trained with.</summary>
    public const string Exposure = "Transfer.Exposure";

    /// <summary>On the first column: the marks of missing values that the user named in training, as an array in JSON.</summary>
    public const string Missing = "Transfer.Missing";

    /// <summary>The text that a column has of a kind; null where it has none.</summary>
    public static string? Of(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind) is not { Type: TextDataViewType })
        {
            return null;
        }

        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(kind, ref text);
        return text.ToString();
    }
}
