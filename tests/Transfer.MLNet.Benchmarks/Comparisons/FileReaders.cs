using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>
/// The peers of <see cref="FileReading"/>, each in a process of its own: count, means and sums of products of all columns.
/// </summary>
internal static class FileReaders
{
    public const string Command = "read";

    public static int Child(string[] args)
    {
        Console.WriteLine((args[0] == "duckdb" ? ByDuckDb(args[1]) : ByTextLoader(args[1])).ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    private static double ByTextLoader(string path)
    {
        var columns = File.ReadLines(path).First().Split(',').Length;
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.CreateTextLoader(
            [new("Features", DataKind.Single, 0, columns - 2), new("Label", DataKind.Single, columns - 1)], separatorChar: ',',
                hasHeader: true)
            .Load(path);
        return ml.Regression.ComputeMoments(rows).LabelMean;
    }

    private static double ByDuckDb(string path)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var from = $"FROM '{path.Replace("'", "''", StringComparison.Ordinal)}'";
        string[] names;
        using (var describe = connection.CreateCommand())
        {
            describe.CommandText = $"SELECT * {from} LIMIT 0";
            using var header = describe.ExecuteReader();
            names = [.. Enumerable.Range(0, header.FieldCount).Select(header.GetName)];
        }

        var sums = names.Select(n => $"avg(\"{n}\")")
            .Concat(names.SelectMany((a, i) => names.Skip(i).Select(b => $"sum(\"{a}\" * \"{b}\")")));
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", sums)} {from}";
        using var reader = command.ExecuteReader();
        return reader.Read() ? reader.GetDouble(names.Length - 1) : throw new InvalidOperationException("DuckDB gave no row.");
    }
}
