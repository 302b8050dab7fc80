using System.Globalization;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>What becomes of a column, and why, for people to see.</summary>
/// <param name="Name">Its name in the files.</param>
/// <param name="Kind">What it is to the model.</param>
/// <param name="Why">Why that, for people.</param>
/// <param name="HasMissing">Whether a row has no value there.</param>
internal sealed record ColumnPlan(string Name, ColumnKind Kind, string Why, bool HasMissing)
{
    // Below this share of numbers a column is taken to mean words; above it the odd word is taken to be a mistake.
    private const double MostlyNumbers = 0.95;

    // Columns with more words than this in a cell are read as text.
    private const double FewWords = 3;

    // So few values are categories, however long each is.
    private const int FewValues = 50;

    /// <summary>
    /// Whether Single would lose digits that tell its numbers apart: it is read as Double, and its mean subtracted before it is rounded.
    /// </summary>
    public bool IsDouble { get; init; }

    /// <summary>Of a number, over all rows that have one.</summary>
    public double Mean { get; init; }

    /// <summary>Of a number, over all rows that have one.</summary>
    public double StandardDeviation { get; init; }

    /// <summary>Of a category, from each way to write a value to the one that stands for it.</summary>
    public IReadOnlyDictionary<string, string>? Spellings { get; init; }

    /// <summary>Of a date, what is made of it.</summary>
    public DateFeatures? Dates { get; init; }

    /// <summary>Of a date, for each file how 3/4/2026 is read.</summary>
    public IReadOnlyDictionary<string, DateOrder>? DateOrders { get; init; }

    public static ColumnPlan Of(ColumnProfile profile, ColumnKind? wanted)
    {
        if (Header.IsUnnamed(profile.Name) && profile.Present > 0 && wanted is null)
        {
            throw Failure.Input($"{profile.Name[1..^1]} has values and no name. Name it in the file, give --no-header if the first row "
                + $"is data, or leave it out: --ignore \"{profile.Name}\".");
        }

        var plan = wanted switch
        {
            null => Inferred(profile),
            ColumnKind.Number when !profile.AllNumbers && profile.FirstNoNumber is { } cell => throw Failure.Input(
                $"{cell.Path}, row {cell.Row}, column '{profile.Name}': '{cell.Cell}' is not a number, and the column was said to be one. "
                + $"Correct it, or name it as a mark of missing values: --missing \"{cell.Cell}\"."),
            ColumnKind.Date when !profile.AllDates => throw NoDate(profile, "and the column was said to be one"),
            { } kind => new ColumnPlan(profile.Name, kind, "as you said", profile.Missing > 0),
        };
        switch (plan.Kind)
        {
            case ColumnKind.Number:
                NumberColumn.RequireOneUnit(profile);
                var losing = profile.Numbers.LosesDigitsInSingle;
                return plan with
                {
                    IsDouble = losing,
                    Mean = profile.Numbers.Count > 0 ? profile.Numbers.Mean : 0,
                    StandardDeviation = profile.Numbers.StandardDeviation,
                    Why = plan.Why + (losing ? "; the mean is subtracted before they are rounded to Single, which cannot tell them apart"
                        : ""),
                };
            case ColumnKind.Category:
                var twice = profile.WrittenTwoWays is var (one, other) ? $"; '{one}' is also written '{other}'" : "";
                return plan with { Spellings = profile.ValuesAreAll ? profile.Spellings : null, Why = plan.Why + twice };
            case ColumnKind.Date:
                RequireOrder(profile);
                var dates = DateFeatures.Of(profile.Dates);
                return plan with { Dates = dates, DateOrders = profile.Orders, Why = $"{plan.Why}: {dates.Listing}" };
            default:
                return plan;
        }
    }

    /// <summary>Numbers but for the odd cell, which is taken to be a mistake.</summary>
    public static bool IsMostlyNumbers(ColumnProfile profile) =>
        !profile.AllNumbers && profile.Numbers.Count > 0 && profile.Numbers.Count >= MostlyNumbers * profile.Present;

    /// <summary>Numbers in half of the cells and words in others, and more values than categories have.</summary>
    public static bool IsMixed(ColumnProfile profile) => !profile.AllNumbers && 2 * profile.Numbers.Count >= profile.Present
        && (!profile.ValuesAreAll || profile.ValueCount > FewValues);

    // A column of measures with some words in it looks like names; that is said, with what makes numbers of it.
    private static string OrNumbers(ColumnProfile profile) => IsMixed(profile) && profile.FirstNoNumber is { } cell
        ? $"; {Numbers.Count(profile.Numbers.Count)} of its {Numbers.Count(profile.Present)} cells are numbers: if it measures something, "
        + $"correct the others or name them as missing, '{cell.Cell}' (--missing) first"
        : "";

    private static ColumnPlan Inferred(ColumnProfile profile)
    {
        ColumnPlan Is(ColumnKind kind, string why) => new(profile.Name, kind, why, profile.Missing > 0);
        var missing = profile.Missing == 0 ? "" : $", {Numbers.Count(profile.Missing)} missing";
        if (profile.Unreadable is { } what)
        {
            return Is(ColumnKind.Ignored, $"holds {what}, which has no place in a table of numbers, text and dates");
        }

        if (profile.Name == Header.RowNames)
        {
            return Is(ColumnKind.Ignored, "the first column without a name: names of rows, as R and pandas write them");
        }

        if (profile.Present == 0)
        {
            return Is(ColumnKind.Ignored, "empty");
        }

        if (profile.Constant)
        {
            return profile.Missing == 0 ? Is(ColumnKind.Ignored, $"always '{profile.Values[0].Key}'")
                : Is(ColumnKind.Category, $"1 value{missing}");
        }

        if (profile.AllDates)
        {
            return Is(ColumnKind.Date, $"dates{missing}");
        }

        if (profile.AllNumbers)
        {
            return NumberColumn.Of(profile, missing);
        }

        RequireClear(profile);
        if (Repeats(profile) && (profile.WordsPerCell <= FewWords || profile.ValueCount <= FewValues))
        {
            return Is(ColumnKind.Category, $"{Numbers.Count(profile.ValueCount)} values{missing}{OrNumbers(profile)}");
        }

        return profile.WordsPerCell > FewWords
            ? Is(ColumnKind.Text, $"{profile.WordsPerCell.ToString("0.#", CultureInfo.InvariantCulture)} words a cell{missing}")
            : Is(ColumnKind.Ignored,
                $"{Many(profile)} values in {Numbers.Count(profile.Rows)} rows, as names and identifiers have{OrNumbers(profile)}");
    }

    /// <summary>Few enough values, each twice on average.</summary>
    public static bool Repeats(ColumnProfile profile) => profile.ValuesAreAll && profile.ValueCount <= profile.Present / 2;

    public static string Many(ColumnProfile profile) => profile.ValuesAreAll ? Numbers.Count(profile.ValueCount)
        : $"more than {Numbers.Count(ColumnProfile.MostValues)}";

    private static void RequireClear(ColumnProfile profile)
    {
        if (profile.DateCount >= MostlyNumbers * profile.Present)
        {
            throw NoDate(profile, $"and {Numbers.Count(profile.DateCount)} of the {Numbers.Count(profile.Present)} cells of the column "
                + $"are dates");
        }

        var (path, row, cell) = profile.FirstNoNumber!.Value;
        if (profile.DecimalCommas > 0 && profile.DecimalCommas + profile.Numbers.Count == profile.Present)
        {
            throw Failure.Input($"{path}, row {row}, column '{profile.Name}': '{cell}' has a decimal comma, and other numbers of the "
                + $"file have a decimal point. Write them in one way, "
                + $"or say what the column is: --category \"{profile.Name}\".");
        }

        if (IsMostlyNumbers(profile))
        {
            throw Failure.Input($"{path}, row {row}, column '{profile.Name}': '{cell}' is not a number, and "
                + $"{Numbers.Count(profile.Numbers.Count)} of the {Numbers.Count(profile.Present)} cells of the column are. "
                + $"Correct it, name it as a mark of missing values (--missing \"{cell}\"), or say what the column is (--category "
                + $"\"{profile.Name}\").{SecondHeader.Hint(profile.Name, row, cell)}");
        }
    }

    private static Failure NoDate(ColumnProfile profile, string because)
    {
        var (path, row, cell) = profile.FirstNoDate ?? profile.FirstNoNumber ?? ("", 0, "");
        return Failure.Input($"{path}, row {row}, column '{profile.Name}': '{cell}' is no date like the others, {because}. "
            + $"Correct it, name it as a mark of missing values (--missing \"{cell}\"), or say what the column is (--category "
            + $"\"{profile.Name}\", --ignore \"{profile.Name}\").");
    }

    private static void RequireOrder(ColumnProfile profile)
    {
        foreach (var (path, cell) in profile.UndecidedOrders)
        {
            throw Failure.Input($"{path}, column '{profile.Name}': whether '{cell}' begins with the day or with the month does not show "
                + $"in the file. "
                + $"Give --date-order dmy or --date-order mdy, or leave it out: --ignore \"{profile.Name}\".");
        }
    }
}
