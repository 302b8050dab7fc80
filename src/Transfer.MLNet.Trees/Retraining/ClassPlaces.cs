using Microsoft.ML;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Trees.Ensembles;

namespace Transfer.MLNet.Trees.Retraining;

/// <summary>
/// Which output of the model each class of the label column is: by name, or by position where one of the two has no names.
/// </summary>
internal static class ClassPlaces
{
    /// <exception cref="ArgumentException">The label column is no key, or cannot be matched.</exception>
    public static Func<int, int>? Of(TreeLayer layer, IDataView data, string labelColumn)
    {
        if (layer.Task is not (TreeTask.Softmax or TreeTask.OneVersusAll))
        {
            return null;
        }

        var column = ColumnTypes.Find(data.Schema, labelColumn, "label");
        ColumnTypes.RequireKey(column);
        var label = ClassKeys.Of(column);
        var own = layer.Classes();
        if ((own is null ? null : label.PlacesIn(own)) is { } places)
        {
            return k => k < places.Length && places[k] >= 0 ? places[k] : throw new InvalidOperationException(
                $"The rows have the class {label.Describe(k)} in column '{labelColumn}', which the model does not know: it has no trees "
                    + $"for it. "
                + "Leave such rows out (ml.Data.FilterByCustomPredicate), or train a model with that class.");
        }

        if (label.Count != layer.Outputs.Length)
        {
            throw new ArgumentException(
                $"The label column '{labelColumn}' has {label.Count} classes and the model {layer.Outputs.Length}, and they have no "
                    + $"names to match them by. "
                + "Map the label to keys with the mapping that was fitted on the source.");
        }

        return k => k;
    }
}
