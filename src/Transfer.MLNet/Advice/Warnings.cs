using System.Globalization;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;

namespace Transfer.MLNet.Advice;

/// <summary>What to keep in mind, in words.</summary>
internal static class Warnings
{
    private const int NamesShown = 3;

    // Of the label's variance.
    private const double NoNoise = 1e-8;

    public static AdviceWarning Skipped(string task, string message) => new(AdviceWarningKind.RowsSkipped, $"In the {task}: {message}");

    /// <param name="inTarget">Source rows that are in the target too.</param>
    /// <param name="repeated">Source rows that were there before.</param>
    public static AdviceWarning OfSourceCopies(long inTarget, long repeated)
    {
        var found = new List<string>();
        if (inTarget > 0)
        {
            found.Add($"{Copies(inTarget, "source", "a target row", "target rows")}, and left out of the source: noise in common "
                + "looks like "
                + "alignment.");
        }

        if (repeated > 0)
        {
            found.Add($"{Copies(repeated, "source", "a row before it", "rows before them")}, and left out: a row that is there twice says "
                + "nothing more.");
        }

        return new(AdviceWarningKind.RowsCopied, string.Join(" ", found)
            + " Drop copies before, or give how much a row counts in a weight column (ExampleWeightColumnName).");
    }

    private static string Copies(long count, string task, string one, string several) => count == 1
        ? $"1 row of the {task} is an exact copy of {one}, features and label alike"
        : $"{Rows(count)} of the {task} are exact copies of {several}, features and label alike";

    /// <param name="copies">Target rows that were there before.</param>
    /// <param name="rows">The others.</param>
    public static AdviceWarning OfTargetCopies(long copies, long rows) => new(AdviceWarningKind.RowsCopied,
        $"{Copies(copies, "target", "a row before it", "rows before them")}: {rows} different rows count. "
            + "Drop copies before training, or give how much a row counts in a weight column (ExampleWeightColumnName).");

    /// <param name="alike">What was found; null where rows with the same features are no more alike than others.</param>
    public static AdviceWarning? OfDependence(AlikeRows? alike) => alike is null ? null : new(AdviceWarningKind.RowsDependent,
        string.Create(CultureInfo.InvariantCulture,
            $"{alike.Rows} target rows have the same features as others, {alike.Groups} times, and errors alike (correlation ")
        + string.Create(CultureInfo.InvariantCulture,
            $"{alike.Correlation:0.00}): they may be of the same customer or house, or the relation may not be linear. If rows belong ")
        + "together say so by ClusterColumnName: without it intervals are too narrow, and taus too small.");

    /// <param name="column">The group column.</param>
    /// <param name="usable">Groups of three rows or more.</param>
    /// <param name="all">All groups.</param>
    public static AdviceWarning? OfGroups(string column, int usable, int all) =>
        usable < GroupPrior.FewestGroups ? new(AdviceWarningKind.SourcePartlyUsed,
            $"Column '{column}' divides the source into {all} {(all == 1 ? "group" : "groups")}, {usable} of them with "
            + $"{GroupPrior.FewestRows} rows or more; how groups differ is learnt from {GroupPrior.FewestGroups} at least. The source is "
            + "taken as one task. Give a column with more, or larger, groups.")
        : usable < all ? new(AdviceWarningKind.SourcePartlyUsed,
            $"{all - usable} of {all} groups of column '{column}' have fewer than {GroupPrior.FewestRows} rows: they count among the "
            + "source's rows, and not for how groups differ.")
        : null;

    /// <param name="column">The group column.</param>
    /// <param name="names">Groups of the source that the target has rows of.</param>
    public static AdviceWarning? OfOwnGroups(string column, string[] names) => names.Length == 0 ? null : new(
        AdviceWarningKind.GroupsShared,
        $"The target has rows of {(names.Length == 1 ? "a group" : $"{names.Length} groups")} of the source (column '{column}'): "
        + $"{string.Join(", ", names.Take(NamesShown).Select(n => $"'{n}'"))}{(names.Length > NamesShown ? ", ..." : "")}. If they are the "
        + "same rows, what is noise looks like alignment: leave them out of the source (GroupedMoments.Without).");

    public static AdviceWarning? OfAlignment(AlignmentEstimate rho)
    {
        if (rho.Estimate is null)
        {
            return new(AdviceWarningKind.AlignmentNotIdentified,
                "rho is not identified: the source shows too little signal for its noise, or the target has too few rows. More source "
                    + "rows, or rows "
                + "with less noise, would help.");
        }

        return rho.Lower < 1 && rho.Upper > 1
            ? new(AdviceWarningKind.AlignmentStraddlesOne,
                $"The interval of rho, [{AdviceText.F(rho.Lower!.Value)}, {AdviceText.F(rho.Upper!.Value)}], holds 1: "
                + "whether to shrink the source more or less than is best for itself is open.")
            : null;
    }

    public static AdviceWarning? OfRows(long rows, int features) => rows < 30 || rows < features / 2
        ? new(AdviceWarningKind.FewTargetRows,
        $"The target has {rows} rows for {features} features: the advice rests on the model more than on them.")
        : null;

    /// <param name="shift">What differs.</param>
    /// <param name="namings">What the features are called, by each who may know: the first that names a feature is taken.</param>
    public static AdviceWarning? OfShift(CovariateShift shift, params IReadOnlyList<string>[] namings)
    {
        if (!shift.IsFound)
        {
            return null;
        }

        var found = new List<string>();
        if (shift.ShiftedMeans.Count > 0)
        {
            var shown = shift.ShiftedMeans.Take(NamesShown)
                .Select(s => string.Create(CultureInfo.InvariantCulture, $"{Name(s.Feature, namings)} ({s.Shift:+0.0;-0.0})"));
            found.Add($"{shift.ShiftedMeans.Count} of the means differ by more than half a standard deviation of the source: "
                + $"{string.Join(", ", shown)}"
                + (shift.ShiftedMeans.Count > NamesShown ? ", ..." : ""));
        }
        else if (shift.MeanSquare > 0)
        {
            found.Add(string.Create(CultureInfo.InvariantCulture,
                $"the means differ by {Math.Sqrt(shift.MeanSquare):0.00} standard deviations of the source (root mean square)"));
        }

        if (shift.CovarianceDifference > 0)
        {
            found.Add(string.Create(CultureInfo.InvariantCulture,
                $"the covariances differ by {100 * Math.Sqrt(shift.CovarianceDifference):0} % of the source's"));
        }

        if (shift.NewlyVarying.Count > 0)
        {
            found.Add($"features that do not vary in the source do in the target: "
                + $"{string.Join(", ", shift.NewlyVarying.Take(NamesShown).Select(j => Name(j, namings)))}"
                + (shift.NewlyVarying.Count > NamesShown ? ", ..." : ""));
        }

        return new(AdviceWarningKind.CovariateShift,
            $"The features are not spread alike in source and target: {string.Join("; ", found)}. Check that both went through the same "
                + $"featurisation, "
            + "fitted on the source; if they did, trust the left-out errors more than the model.");
    }

    /// <param name="noise">The estimated noise variance.</param>
    /// <param name="power">The variance of the label.</param>
    /// <param name="which">source or target.</param>
    public static AdviceWarning? OfNoise(double? noise, double power, string which) => noise <= NoNoise * power
        ? new(AdviceWarningKind.NoiseAtBound,
            $"The noise variance of the {which} is estimated as zero: its rows are fitted without error. Is the label among the features?")
        : null;

    public static AdviceWarning? OfUnits(UnitDoubt? doubt) =>
        doubt is null ? null : new(AdviceWarningKind.UnitsDiffer, doubt.Message);

    public static AdviceWarning? OfEdge(string which, int at, int count)
    {
        if (at > 0 && at < count - 1)
        {
            return null;
        }

        return new(AdviceWarningKind.GridEdge, at == 0
            ? $"The best tau of the {which} is the smallest that was looked at: no penalty would do as well."
            : $"The best tau of the {which} is the largest that was looked at: the rows of the {which} add next to nothing.");
    }

    private static string Rows(long count) => count == 1 ? "1 row" : $"{count} rows";

    private static string Name(int feature, IReadOnlyList<string>[] namings) =>
        namings.Where(names => feature < names.Count && names[feature].Length > 0).Select(names => $"'{names[feature]}'").FirstOrDefault()
            ?? $"feature {feature}";
}
