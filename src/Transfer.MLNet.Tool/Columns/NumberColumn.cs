using System.Text.RegularExpressions;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>What becomes of a column whose cells are all numbers: a measure, a name made of digits, or a row's number.</summary>
internal static partial class NumberColumn
{
    // Of names, almost every row has its own.
    private const double NearlyUnique = 0.95;

    /// <param name="profile">Of the column.</param>
    /// <param name="missing">For people: how many cells are missing.</param>
    public static ColumnPlan Of(ColumnProfile profile, string missing)
    {
        ColumnPlan Is(ColumnKind kind, string why) => new(profile.Name, kind, why, profile.Missing > 0);
        var why = profile.LeadingZeros > 0 ? $"numbers with leading zeros ('{profile.FirstWritten}'), as names have"
            : profile.LongNumbers > 0 ? $"whole numbers of so many digits ('{profile.FirstWritten}') that they are names"
            : profile.Numbers.AllWhole && IdentifierName().IsMatch(profile.Name) ? "whole numbers, and named as an identifier" : null;
        if (why is not null)
        {
            // Two identifiers in five rows are not a category.
            return ColumnPlan.Repeats(profile)
                ? Is(ColumnKind.Category, $"{why}: {Numbers.Count(profile.ValueCount)} values{missing}; if they measure something: "
                + $"--number \"{profile.Name}\"")
                : Is(ColumnKind.Ignored, $"{why}; if they measure something: --number");
        }

        var written = profile.Written > 0 ? $" written like '{profile.FirstWritten}'" : "";
        var unit = profile.Units.Count == 1 ? $", in {profile.Units.First()}" : "";
        var counting = profile.Numbers.IsMonotone && profile.Numbers.AllWhole && profile.Present > 10
            && profile.Numbers.Most - profile.Numbers.Least + 1 <= profile.Present / NearlyUnique && !TimeName().IsMatch(profile.Name);
        return Is(ColumnKind.Number, $"numbers{written}{unit}{missing}"
            + (counting ? $"; each row has the next one, as a row's number does: if it is one, --ignore \"{profile.Name}\"" : ""));
    }

    /// <summary>One unit, or none; groups of digits only where the file tells that they are groups.</summary>
    public static void RequireOneUnit(ColumnProfile profile)
    {
        if (profile.Undecided is var (path, cell))
        {
            throw Failure.Input($"{path}, column '{profile.Name}': whether the comma in '{cell}' stands before decimals or between "
                + $"thousands does not show in the file. "
                + "Give --decimal-comma or --decimal-point.");
        }

        if (profile.Units.Count > 1)
        {
            throw Failure.Input($"Column '{profile.Name}' has numbers with different units: "
                + $"{string.Join(", ", profile.Units.Select(u => $"'{u}'"))}. "
                + $"Write them in one, or say what the column is: --category \"{profile.Name}\", --ignore \"{profile.Name}\".");
        }

        if (profile.Units.Count == 1 && profile.Units.First() == Writing.ClockTime.Unit && profile.Numbers.Count > profile.Written)
        {
            throw Failure.Input($"Column '{profile.Name}' has times ('{profile.FirstWritten}') and numbers without a colon. Whether those "
                + $"are hours does not show: write them in one way, or leave it out: --ignore \"{profile.Name}\".");
        }

        if (profile.Units.Count == 1 && profile.Units.First() == "%" && profile.Numbers.Count > profile.Written)
        {
            throw Failure.Input($"Column '{profile.Name}' has numbers with a per cent sign ('{profile.FirstWritten}') and others "
                + $"without. Whether those are per cent does not show: "
                + $"write them in one way, or leave it out: --ignore \"{profile.Name}\".");
        }
    }

    // id, customer_id, CustomerId, ID2, uuid, key, zip, postcode, PLZ, phone, patient: each as a word of its own or at the end of one in
    // capitals and small letters.
    [GeneratedRegex(@"(^|[ _.\-])(id|ids|uuid|guid|idx|index|zip|zip[ _.\-]?code|postal|postal[ _.\-]?code|postcode|post[ _.\-]code|plz|postleitzahl|fips|isbn|ean|upc|sku|phone|subject|patient|customer|respondent|participant|unnamed: \d+)\d*([ _.\-]|$)"
        + @"|(?-i:[a-z](Id|ID|Zip|Uuid|Guid)\d*$)|(?-i:^[A-Z]{2,}ID$)|^(zip|postal|post|plz)(code|nr|nummer)?$|^[ucpgseo]id$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IdentifierName();

    [GeneratedRegex(@"year|time|month|week|day|date|hour|minute|second|age|jahr|monat|woche|tag|zeit|period|quarter",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TimeName();
}
