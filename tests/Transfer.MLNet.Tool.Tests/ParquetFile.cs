using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>
/// A Parquet file with the rows of a text file: area as float, rooms as int, price as double that may be null, the rest as text.
/// </summary>
internal static class ParquetFile
{
    public static async Task OfCsv(string csv, string parquet, int rowsInGroup)
    {
        string[][] rows = [.. File.ReadAllLines(csv).Skip(1).Select(l => l.Split(',').Select(c => c.Trim('"')).ToArray())];
        var schema = new ParquetSchema(
            new DataField<float>("area"), new DataField<int>("rooms"), new DataField<string>("kind"), new DataField<string>("words"),
            new DataField<double?>("price"), new DataField<string>("dear"), new DataField<string>("band"));
        await using var stream = File.Create(parquet);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        foreach (var chunk in rows.Chunk(rowsInGroup))
        {
            using var group = writer.CreateRowGroup();
            double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
            await group.WriteAsync<float>(schema.DataFields[0], chunk.Select(r => (float)Number(r[0])).ToArray());
            await group.WriteAsync<int>(schema.DataFields[1], chunk.Select(r => (int)Number(r[1])).ToArray());
            await group.WriteAsync(schema.DataFields[2], chunk.Select(r => r[2]).ToArray());
            await group.WriteAsync(schema.DataFields[3], chunk.Select(r => r[3]).ToArray());
            await group.WriteAsync<double>(schema.DataFields[4], chunk.Select(r => (double?)Number(r[4])).ToArray());
            await group.WriteAsync(schema.DataFields[5], chunk.Select(r => r[5]).ToArray());
            await group.WriteAsync(schema.DataFields[6], chunk.Select(r => r[6]).ToArray());
        }
    }
}
