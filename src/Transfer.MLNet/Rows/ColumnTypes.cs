using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Rows;

/// <summary>Finds columns and refuses those of the wrong type, in words that say what to do.</summary>
internal static class ColumnTypes
{
    // Enough to recognise a misspelt name by; wide files have thousands.
    private const int NamesShown = 12;

    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string role)
    {
        if (schema.GetColumnOrNull(name) is { } column)
        {
            return column;
        }

        var names = schema.Where(c => !c.IsHidden).Select(c => $"'{c.Name}'").ToList();
        var shown = string.Join(", ", names.Take(NamesShown))
            + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : string.Empty);
        throw new ArgumentException(
            $"The data has no column '{name}' for the {role}. It has {(names.Count == 0 ? "no columns" : shown)}. "
            + $"Name the {role} column in the call, or make the column before it.");
    }

    public static void RequireSingle(DataViewSchema.Column column, string role)
    {
        if (column.Type == NumberDataViewType.Single)
        {
            return;
        }

        throw new ArgumentException(
            $"The {role} column '{column.Name}' is of type {column.Type}, but must be Single. " + column.Type switch
            {
                KeyDataViewType =>
                    "Keys name categories and are no quantities; if their order is meant, map them to values first with "
                        + "Conversion.MapKeyToValue.",
                TextDataViewType =>
                    $"Load it as DataKind.Single, or convert it with Conversion.ConvertType(\"{column.Name}\", outputKind: "
                        + $"DataKind.Single).",
                VectorDataViewType => "A vector cannot be used here: choose one of its slots.",
                _ => $"Convert it with Conversion.ConvertType(\"{column.Name}\", outputKind: DataKind.Single).",
            });
    }

    /// <summary>The label of binary classification.</summary>
    public static void RequireBoolean(DataViewSchema.Column column)
    {
        if (column.Type is BooleanDataViewType)
        {
            return;
        }

        throw new ArgumentException(
            $"The label column '{column.Name}' is of type {column.Type}, but must be Boolean. " + column.Type switch
            {
                KeyDataViewType => "Keys are the classes of ml.MulticlassClassification; of two of them one has to be called true.",
                VectorDataViewType => "A vector cannot be used here: choose one of its slots.",
                _ => $"Convert 0 and 1, or the texts true and false, with Conversion.ConvertType(\"{column.Name}\", outputKind: "
                + $"DataKind.Boolean), "
                    + "and map other values first with Conversion.MapValue.",
            });
    }

    /// <summary>The label of multiclass classification.</summary>
    public static void RequireKey(DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType key)
        {
            if (key.Count > (ulong)Array.MaxLength)
            {
                throw new ArgumentException(
                    $"The label column '{column.Name}' has {key.Count} keys, more than there can be classes. Map the labels that occur to "
                    + $"keys with Conversion.MapValueToKey(\"{column.Name}\").");
            }

            return;
        }

        throw new ArgumentException(
            $"The label column '{column.Name}' is of type {column.Type}, but must be a key. " + (column.Type is VectorDataViewType
                ? "A vector cannot be used here: choose one of its slots."
                : $"Map its values to keys with Conversion.MapValueToKey(\"{column.Name}\"), fitted on the source so that both know the "
                + $"same classes."));
    }

    /// <summary>The number of slots of a vector of Single.</summary>
    public static int RequireVectorOfSingle(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector)
        {
            throw new ArgumentException(
                $"The feature column '{column.Name}' is of type {column.Type}, but must be a vector of Single. "
                + $"Make one with Transforms.Concatenate(\"Features\", \"{column.Name}\", ...).");
        }

        if (vector.ItemType != NumberDataViewType.Single)
        {
            throw new ArgumentException(
                $"The feature column '{column.Name}' is of type {vector}, but must be a vector of Single. "
                + $"Convert it with Conversion.ConvertType(\"{column.Name}\", outputKind: DataKind.Single).");
        }

        if (!vector.IsKnownSize || vector.Size < 1)
        {
            throw new ArgumentException(
                $"The feature column '{column.Name}' is of type {vector}, a vector of unknown size; all rows must have the same, known "
                + $"number of features. "
                + "Load it with a fixed range of columns (VectorType with a length), or make it with Concatenate or a featuriser that "
                + "fixes the size.");
        }

        return vector.Size;
    }
}
