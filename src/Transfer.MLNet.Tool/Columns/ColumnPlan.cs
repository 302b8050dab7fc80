using System.Globalization;
using Transfer.MLNet.Tool.Output;

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

    public static ColumnPlan Of(ColumnProfile profile, ColumnKind? wanted) => wanted switch
    {
        ColumnKind.Number when !profile.AllNumbers && profile.FirstNoNumber is { } cell => throw Failure.Input(
            $"{cell.Path}, row {cell.Row}, column '{profile.Name}': '{cell.Cell}' is not a number, and the column was said to be one. "
            + $"Correct it, or name it as a mark of missing values: --missing \"{cell.Cell}\"."),
        { } kind => new ColumnPlan(profile.Name, kind, "as you said", profile.Missing > 0),
        null => Inferred(profile),
    };

    private static ColumnPlan Inferred(ColumnProfile profile)
    {
        ColumnPlan Is(ColumnKind kind, string why) => new(profile.Name, kind, why, profile.Missing > 0);
        var missing = profile.Missing == 0 ? "" : $", {Numbers.Count(profile.Missing)} missing";
        if (profile.Present == 0)
        {
            return Is(ColumnKind.Ignored, "empty");
        }

        if (profile.Constant)
        {
            return profile.Missing == 0 ? Is(ColumnKind.Ignored, $"always '{profile.Values.First().Key}'") : Is(ColumnKind.Category, $"1 value{missing}");
        }

        if (profile.AllNumbers)
        {
            return Is(ColumnKind.Number, $"numbers{missing}");
        }

        RequireClear(profile);
        if (profile.ValuesAreAll && profile.ValueCount <= profile.Present / 2 && (profile.WordsPerCell <= FewWords || profile.ValueCount <= FewValues))
        {
            return Is(ColumnKind.Category, $"{Numbers.Count(profile.ValueCount)} values{missing}");
        }

        return profile.WordsPerCell > FewWords
            ? Is(ColumnKind.Text, $"{profile.WordsPerCell.ToString("0.#", CultureInfo.InvariantCulture)} words a cell{missing}")
            : Is(ColumnKind.Ignored, $"{(profile.ValuesAreAll ? Numbers.Count(profile.ValueCount) : $"more than {Numbers.Count(ColumnProfile.MostValues)}")} values in {Numbers.Count(profile.Rows)} rows, as names and identifiers have");
    }

    /// <summary>Numbers but for the odd cell, which is taken to be a mistake.</summary>
    public static bool IsMostlyNumbers(ColumnProfile profile) => !profile.AllNumbers && profile.Numbers > 0 && profile.Numbers >= MostlyNumbers * profile.Present;

    private static void RequireClear(ColumnProfile profile)
    {
        var (path, row, cell) = profile.FirstNoNumber!.Value;
        if (profile.DecimalCommas > 0 && profile.DecimalCommas + profile.Numbers == profile.Present)
        {
            throw Failure.Input($"{path}, row {row}, column '{profile.Name}': '{cell}' has a decimal comma, as the whole column. Give --decimal-comma, or --category \"{profile.Name}\"; "
                + "where the comma stands between thousands, write the numbers without it.");
        }

        if (IsMostlyNumbers(profile))
        {
            throw Failure.Input($"{path}, row {row}, column '{profile.Name}': '{cell}' is not a number, and {Numbers.Count(profile.Numbers)} of the {Numbers.Count(profile.Present)} cells of the column are. "
                + $"Correct it, name it as a mark of missing values (--missing \"{cell}\"), or say what the column is (--category \"{profile.Name}\").");
        }
    }

}
