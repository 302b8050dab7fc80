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
    /// The divisions, fixed before any of them was run: two or three domains of each table as targets, all the other domains as the source.
    /// </summary>
    public static IEnumerable<Division> All(string folder)
    {
        foreach (var target in new[] { "North_Ames", "College_Creek", "Old_Town" })
        {
            yield return Read(Path.Combine(folder, "tabular", "ames.csv"), "Neighborhood", target, "Sale_Price", logarithm: true, binary: false, ["Longitude", "Latitude"]);
        }

        foreach (var target in new[] { "Fair", "Good" })
        {
            yield return Read(Path.Combine(folder, "tabular", "diamonds.csv"), "cut", target, "price", logarithm: true, binary: false, []);
        }

        foreach (var (table, targets) in new[] { ("txhousing", new[] { "Austin", "El Paso" }), ("lending_club", ["FL", "IL"]), ("cps1988", ["west_afam", "midwest_afam"]) })
        {
            foreach (var target in targets)
            {
                yield return Read(Path.Combine(folder, "groups", table + ".csv"), "group", target, "label", logarithm: false, binary: false, []);
            }
        }

        foreach (var target in new[] { "freelance", "partime" })
        {
            yield return Read(Path.Combine(folder, "groups", "credit_data.csv"), "group", target, "label", logarithm: false, binary: true, []);
        }

        yield return Digits(Path.Combine(folder, "tabular", "digits.csv"));
    }

    // No number is a category; what is no number is 0 or 1 for each of its values.
    private static Division Read(string file, string domain, string target, string label, bool logarithm, bool binary, string[] without)
    {
        var (names, rows) = Table(file);
        var columns = Enumerable.Range(0, names.Length).Where(c => names[c] != domain && names[c] != label && !without.Contains(names[c])).ToArray();
        var values = columns.Select(c => rows.All(r => Number(r[c]) is not null) ? null : rows.Select(r => r[c]).Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
        var (at, y) = (Array.IndexOf(names, domain), Array.IndexOf(names, label));
        var all = rows.Select(r =>
        {
            var x = columns.SelectMany((c, i) => values[i] is { } known ? known.Select(v => v == r[c] ? 1f : 0) : [Number(r[c])!.Value]).ToArray();
            var value = Number(r[y])!.Value;
            return (Domain: r[at], Row: (x, logarithm ? MathF.Log(value) : value));
        }).ToList();
        return new(
            $"{Path.GetFileNameWithoutExtension(file)}: {target}", binary, [.. all.Where(r => r.Domain != target).Select(r => r.Row)], [.. all.Where(r => r.Domain == target).Select(r => r.Row)]);
    }

    // Is it five or more? The source's images are the first half of the rows, the target's the second, moved to the right by one pixel.
    private static Division Digits(string file)
    {
        var (_, rows) = Table(file);
        var all = rows.Select(r => (X: r[..64].Select(v => Number(v)!.Value).ToArray(), Y: Number(r[64]) >= 5 ? 1f : 0)).ToList();
        var half = all.Count / 2;
        static float[] Moved(float[] x) => [.. Enumerable.Range(0, 64).Select(i => i % 8 == 0 ? 0 : x[i - 1])];
        return new("digits: a pixel to the right", true, [.. all.Take(half)], [.. all.Skip(half).Select(r => (Moved(r.X), r.Y))]);
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

    private static float? Number(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
