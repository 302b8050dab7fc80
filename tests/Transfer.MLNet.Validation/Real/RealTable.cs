using System.Globalization;
using System.Text.Json;
using Microsoft.VisualBasic.FileIO;

namespace Transfer.MLNet.Validation.Real;

/// <summary>One real table with natural groups, as <c>tasks.json</c> describes it.</summary>
internal sealed class RealTable
{
    private RealTable(string name, double[] labels, string[] groups, double[][] numbers, string[][] categories,
        IReadOnlyList<string> targets)
    {
        (Name, Labels, Groups, Numbers, Categories, Targets) = (name, labels, groups, numbers, categories, targets);
    }

    public string Name { get; }

    /// <summary>y (N).</summary>
    public double[] Labels { get; }

    /// <summary>The group of each row (N).</summary>
    public string[] Groups { get; }

    /// <summary>Columns of numbers, N each; NaN where a cell is empty.</summary>
    public double[][] Numbers { get; }

    /// <summary>Columns of categories, N each; empty where a cell is.</summary>
    public string[][] Categories { get; }

    /// <summary>The groups that serve as targets, each in turn.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <param name="folder">Holds tasks.json and a CSV file for each table.</param>
    /// <param name="task">"regression" or "binary".</param>
    /// <exception cref="InvalidDataException">A column is missing, or a cell is no number; the message names both.</exception>
    public static IReadOnlyList<RealTable> ReadAll(string folder, string task)
    {
        using var tasks = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tasks.json")));
        return [.. tasks.RootElement.EnumerateObject().Where(t => t.Value.GetProperty("task").GetString() == task)
            .Select(t => Read(Path.Combine(folder, t.Name + ".csv"), t.Name, t.Value))];
    }

    /// <summary>A table with another of its columns as the label: what the table's own label was is a number among the features.</summary>
    /// <param name="folder">Holds tasks.json and a CSV file for each table.</param>
    /// <param name="table">Its name in tasks.json.</param>
    /// <param name="label">A column of numbers, or one of categories, whose labels are then the numbers of
    /// <paramref name="classes"/>.</param>
    /// <param name="classes">The categories that count, in the order of their labels; rows of others are left out. Empty for
    /// numbers.</param>
    /// <param name="without">Columns that would give the label away.</param>
    public static RealTable ReadAs(string folder, string table, string label, IReadOnlyList<string> classes, IReadOnlyList<string> without)
    {
        using var tasks = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tasks.json")));
        return Read(Path.Combine(folder, table + ".csv"), $"{table}:{label}", tasks.RootElement.GetProperty(table), label, classes,
            without);
    }

    private static RealTable Read(
        string file, string name, JsonElement task, string label = "label", IReadOnlyList<string>? classes = null,
            IReadOnlyList<string>? without = null)
    {
        string[] Names(string property) =>
            [.. task.GetProperty(property).EnumerateArray().Select(e => e.GetString()!)
                .Where(c => c != label && without?.Contains(c) != true)];
        using var parser = new TextFieldParser(file) { Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        var header = parser.ReadFields() ?? throw new InvalidDataException($"{file} is empty.");
        int Column(string column) => Array.IndexOf(header, column) is var at and >= 0
            ? at
            : throw new InvalidDataException($"{file} has no column '{column}', which tasks.json names.");
        var (group, labels) = (Column("group"), Column(label));
        int[] numbers = [.. Names("numbers").Select(Column), .. label == "label" ? Array.Empty<int>() : [Column("label")]];
        int[] categories = [.. Names("categories").Select(Column)];
        var rows = new List<string[]>();
        while (parser.ReadFields() is { } fields)
        {
            if (classes is null || (classes.Count == 0 ? fields[labels].Length > 0 : classes.Contains(fields[labels])))
            {
                rows.Add(fields);
            }
        }

        double Number(int row, int column) =>
            double.TryParse(rows[row][column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : throw new InvalidDataException($"{file}, row {row + 1}, column '{header[column]}': '{rows[row][column]}' is not a number.");
        double[] ColumnOf(int column) => [.. Enumerable.Range(0, rows.Count)
            .Select(i => rows[i][column].Length == 0 ? double.NaN : Number(i, column))];
        return new(
            name,
            [.. Enumerable.Range(0, rows.Count).Select(
                i => classes is { Count: > 0 } ? classes.ToList().IndexOf(rows[i][labels]) : Number(i, labels))],
            [.. rows.Select(r => r[group])],
            [.. numbers.Select(ColumnOf)],
            [.. categories.Select(c => rows.Select(r => r[c]).ToArray())],
            Names("targets"));
    }
}
