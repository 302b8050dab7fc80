using System.Globalization;
using Sylvan.Data.Csv;

namespace Transfer.MLNet.Trees.Study;

/// <summary>Rows of a source and of a target, numbers all of them.</summary>
/// <param name="Name">Of the table and the target.</param>
/// <param name="IsBinary">Whether the label is 0 or 1.</param>
/// <param name="Source">Rows of the source.</param>
/// <param name="Target">Rows of the target.</param>
internal sealed record Division(string Name, bool IsBinary, List<(float[] X, float Y)> Source, List<(float[] X, float Y)> Target)
{
    /// <summary>
    /// The divisions that the power of the average was set on: two or three domains of each table as targets, all the other domains as the
    /// source.
    /// </summary>
    public static IEnumerable<Division> Set(string folder)
    {
        foreach (var target in new[] { "North_Ames", "College_Creek", "Old_Town" })
        {
            yield return Ames(folder, target);
        }

        foreach (var target in new[] { "Fair", "Good" })
        {
            yield return Diamonds(folder, "cut", target);
        }

        foreach (var (table, targets) in new[] { ("txhousing", new[] { "Austin", "El Paso" }), ("lending_club", ["FL", "IL"]),
            ("cps1988", ["west_afam", "midwest_afam"]) })
        {
            foreach (var target in targets)
            {
                yield return Groups(folder, table, target, binary: false);
            }
        }

        foreach (var target in new[] { "freelance", "partime" })
        {
            yield return Groups(folder, "credit_data", target, binary: true);
        }

        yield return Digits(folder, "a pixel to the right", y => y >= 5, from: i => i % 8 == 0 ? null : i - 1);
    }

    /// <summary>
    /// The divisions that judge, fixed before the average was written and run once: other tables, and other domains of three that were set
    /// on.
    /// </summary>
    public static IEnumerable<Division> Check(string folder)
    {
        foreach (var target in new[] { "Edwards", "Somerset" })
        {
            yield return Ames(folder, target);
        }

        foreach (var target in new[] { "J", "D" })
        {
            yield return Diamonds(folder, "color", target);
        }

        foreach (var (table, targets, binary) in new[]
        {
            ("stackoverflow", new[] { "India", "Canada" }, false), ("egsingle", ["4060", "3610"], false),
                ("ricefarms", ["gunungwangi", "ciwangi"], false),
            ("attrition", ["Sales_Executive", "Research_Scientist"], false), ("wa_churn", ["One year", "Two year"], true),
        })
        {
            foreach (var target in targets)
            {
                yield return Groups(folder, table, target, binary);
            }
        }

        yield return Digits(folder, "a pixel down", y => y % 2 == 1, from: i => i < 8 ? null : i - 8);
    }

    private static Division Ames(string folder, string target) => Read(
        Path.Combine(folder, "tabular", "ames.csv"), "Neighborhood", target, "Sale_Price", logarithm: true, binary: false,
            ["Longitude", "Latitude"]);

    private static Division Diamonds(string folder, string domain, string target) => Read(
        Path.Combine(folder, "tabular", "diamonds.csv"), domain, target, "price", logarithm: true, binary: false, []);

    private static Division Groups(string folder, string table, string target, bool binary) => Read(
        Path.Combine(folder, "groups", table + ".csv"), "group", target, "label", logarithm: false, binary, []);

    // No number is a category; what is no number is 0 or 1 for each of its values. A cell without a value is a missing number, or a
    // category.
    private static Division Read(string file, string domain, string target, string label, bool logarithm, bool binary, string[] without)
    {
        var (names, rows) = Table(file);
        var columns = Enumerable.Range(0, names.Length).Where(c => names[c] != domain && names[c] != label && !without.Contains(names[c]))
            .ToArray();
        var values = columns.Select(c => rows.All(r => r[c].Length == 0 || Number(r[c]) is not null) ? null : rows.Select(r => r[c])
            .Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
        var (at, y) = (Array.IndexOf(names, domain), Array.IndexOf(names, label));
        var all = rows.Select(r =>
        {
            var x = columns.SelectMany((c, i) => values[i] is { } known ? known.Select(v => v == r[c] ? 1f : 0)
                : [Number(r[c]) ?? float.NaN]).ToArray();
            var value = Number(r[y])!.Value;
            return (Domain: r[at], Row: (x, logarithm ? MathF.Log(value) : value));
        }).ToList();
        return new(
            $"{Path.GetFileNameWithoutExtension(file)}: {target}",
            binary,
            [.. all.Where(r => r.Domain != target).Select(r => r.Row)],
            [.. all.Where(r => r.Domain == target).Select(r => r.Row)]);
    }

    // The source's images are the first half of the rows, the target's the second, moved by a pixel: each pixel is taken from another, or
    // blank.
    private static Division Digits(string folder, string name, Func<float, bool> isTrue, Func<int, int?> from)
    {
        var (_, rows) = Table(Path.Combine(folder, "tabular", "digits.csv"));
        var all = rows.Select(r => (X: r[..64].Select(v => Number(v)!.Value).ToArray(), Y: isTrue(Number(r[64])!.Value) ? 1f : 0)).ToList();
        var half = all.Count / 2;
        float[] Moved(float[] x) => [.. Enumerable.Range(0, 64).Select(i => from(i) is { } at ? x[at] : 0)];
        return new($"digits: {name}", true, [.. all.Take(half)], [.. all.Skip(half).Select(r => (Moved(r.X), r.Y))]);
    }

    private static (string[] Names, List<string[]> Rows) Table(string file)
    {
        using var reader = CsvDataReader.Create(file);
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, names.Length).Select(reader.GetString)]);
        }

        return (names, rows);
    }

    private static float? Number(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value : null;
}
