using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tasks;

/// <summary>
/// Which class of a model that takes no new ones each class of a label column is: by name, or by position where one has no names.
/// </summary>
internal static class KnownClasses
{
    /// <param name="label">The label column's classes.</param>
    /// <param name="own">The model's; null where it does not know them.</param>
    /// <param name="count">How many the model has.</param>
    /// <param name="column">The label column.</param>
    /// <param name="lacking">What the model does not have for others: "pairs".</param>
    /// <returns>What is asked with a class of the column that has a row.</returns>
    /// <exception cref="ArgumentException">They cannot be matched.</exception>
    public static Func<int, int> Of(ClassKeys label, ClassKeys? own, int count, string column, string lacking)
    {
        if ((own is null ? null : label.PlacesIn(own)) is { } places)
        {
            return k => k < places.Length && places[k] >= 0 ? places[k] : throw new InvalidOperationException(
                $"The rows have the class {label.Describe(k)} in column '{column}', which the model does not know: it has no {lacking} "
                    + $"for it. "
                + "Leave such rows out (ml.Data.FilterByCustomPredicate), or train a model with that class.");
        }

        return label.Count == count ? k => k : throw new ArgumentException(
            $"The label column '{column}' has {label.Count} classes and the model {count}, and they have no names to match them by. "
            + "Map the label to keys with the mapping that was fitted on the source.");
    }
}
