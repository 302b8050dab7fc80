using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tasks;

/// <summary>Which classes a model has, and what each of them starts from.</summary>
/// <param name="Classes">The model's classes, in the order of its outputs.</param>
/// <param name="OutputOf">The output of each class of the label column.</param>
/// <param name="StartOf">The class of the starting point that each output starts from; -1: none.</param>
internal sealed record ClassPlan(ClassKeys Classes, int[] OutputOf, int[] StartOf)
{
    private const int NamesShown = 8;

    /// <summary>No starting point: the label's classes.</summary>
    public static ClassPlan Of(ClassKeys label)
    {
        var none = new int[label.Count];
        Array.Fill(none, -1);
        return new(label, [.. Enumerable.Range(0, label.Count)], none);
    }

    /// <summary>The label's classes; after them, where they are kept, those of the starting point that the label does not have.</summary>
    public static ClassPlan LabelFirst(ClassKeys label, StartingPoint start, MissingClasses missing, string labelColumn, StockLog log)
    {
        var startOf = Match(label, start, labelColumn, log);
        int[] lacking = [.. Enumerable.Range(0, start.ClassCount).Except(startOf)];
        Tell(label, start, startOf, lacking, missing == MissingClasses.Keep ? "stay as they are"
            : "are left out (MissingClasses = Keep would keep them)", log);
        int[] outputs = [.. Enumerable.Range(0, label.Count)];
        return missing == MissingClasses.Drop || lacking.Length == 0
            ? new(label, outputs, startOf)
            : new(label.With(start.Classes!, lacking), outputs, [.. startOf, .. lacking]);
    }

    /// <summary>The starting point's classes, whose keys stay as they are; after them those of the label that it does not have.</summary>
    public static ClassPlan StartFirst(ClassKeys label, StartingPoint start, string labelColumn, StockLog log)
    {
        var startOf = Match(label, start, labelColumn, log);
        int[] added = [.. Enumerable.Range(0, label.Count).Where(k => startOf[k] < 0)];
        int[] lacking = [.. Enumerable.Range(0, start.ClassCount).Except(startOf)];
        Tell(label, start, startOf, lacking, "stay as they are", log);
        var outputOf = (int[])startOf.Clone();
        for (var i = 0; i < added.Length; i++)
        {
            outputOf[added[i]] = start.ClassCount + i;
        }

        int[] starts = [.. Enumerable.Range(0, start.ClassCount), .. added.Select(_ => -1)];

        // Where the model's own classes have no values, those of the label are as good, class by class.
        var keys = start.Classes!.Names is null && startOf.All(k => k >= 0) ? label : start.Classes;
        return new(keys.With(label, added), outputOf, starts);
    }

    /// <summary>
    /// For each class of the label that of the starting point: by name, or by position where one of the two has no names.
    /// </summary>
    private static int[] Match(ClassKeys label, StartingPoint start, string labelColumn, StockLog log)
    {
        if (start.Classes is not { } source)
        {
            throw new ArgumentException(
                $"The starting point ({start.Origin}) has one weight vector, and the label column '{labelColumn}' has {label.Count} "
                    + $"classes, which need one each. "
                + "Start from a multiclass model, or from StartingPoint.From(weights, biases, classNames).");
        }

        if (label.PlacesIn(source) is { } places)
        {
            return places;
        }

        var nameless = label.DistinctNames is null ? $"the keys of the label column '{labelColumn}' do not stand for distinct values"
            : $"the starting point ({start.Origin}) does not know the names of its classes";
        if (label.Count != source.Count)
        {
            throw new ArgumentException(
                $"The label column '{labelColumn}' has {label.Count} classes and the starting point ({start.Origin}) {source.Count}, "
                    + $"and they cannot be matched by name: {nameless}. "
                + "Map the label to keys with Conversion.MapValueToKey, and start from the fitted transformer or chain "
                + "(StartingPoint.From(transformer)), which knows the names.");
        }

        log.Warning($"Classes of the label column '{labelColumn}' are matched with those of the starting point by position: {nameless}. "
            + $"If their order differs, the fit starts from the wrong classes.");
        return [.. Enumerable.Range(0, label.Count)];
    }

    private static void Tell(ClassKeys label, StartingPoint start, int[] startOf, int[] lacking, string fate, StockLog log)
    {
        int[] added = [.. Enumerable.Range(0, label.Count).Where(k => startOf[k] < 0)];
        if (added.Length == label.Count)
        {
            log.Warning($"No class of the label ({List(label, added)}) is one of the starting point ({start.Origin}: "
                + $"{List(start.Classes!, lacking)}): nothing carries over.");
            return;
        }

        if (added.Length > 0)
        {
            log.Info($"{added.Length} of {label.Count} classes are new to the starting point: {List(label, added)}.");
        }

        if (lacking.Length > 0)
        {
            log.Info($"{lacking.Length} of {start.ClassCount} classes of the starting point are not among the label's and {fate}: "
                + $"{List(start.Classes!, lacking)}.");
        }
    }

    private static string List(ClassKeys classes, int[] which)
        => string.Join(", ", which.Take(NamesShown).Select(classes.Describe))
            + (which.Length > NamesShown ? $" and {which.Length - NamesShown} more" : string.Empty);
}
