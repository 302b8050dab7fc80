using Parquet;
using Parquet.Schema;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Parquet files whose columns are made on the spot.</summary>
internal static class SampleParquet
{
    /// <summary>The rows of a sample's text file (y, a, b, c), in groups.</summary>
    public static async Task<string> OfAsync(SampleFiles files, int partition, int rowsInGroup = 16)
    {
        var path = Path.ChangeExtension(files.At(partition), "parquet");
        var fields = new DataField[] { new DataField<float>("y"), new DataField<float>("a"), new DataField<double>("b"),
            new DataField<float?>("c"), };
        var cells = File.ReadLines(files.At(partition)).Skip(1)
            .Select(l => Array.ConvertAll(l.Split(','), c => float.Parse(c, System.Globalization.CultureInfo.InvariantCulture))).ToArray();
        await WriteAsync(path, fields, [.. cells.Chunk(rowsInGroup).Select(chunk => new Func<ParquetRowGroupWriter, Task>(async group =>
        {
            await group.WriteAsync<float>(fields[0], chunk.Select(r => r[0]).ToArray());
            await group.WriteAsync<float>(fields[1], chunk.Select(r => r[1]).ToArray());
            await group.WriteAsync<double>(fields[2], chunk.Select(r => (double)r[2]).ToArray());
            await group.WriteAsync<float>(fields[3], chunk.Select(r => (float?)r[3]).ToArray());
        }))]);
        return path;
    }

    public static async Task WriteAsync(string path, DataField[] fields, params Func<ParquetRowGroupWriter, Task>[] groups)
    {
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
        foreach (var write in groups)
        {
            using var group = writer.CreateRowGroup();
            await write(group);
        }
    }
}
