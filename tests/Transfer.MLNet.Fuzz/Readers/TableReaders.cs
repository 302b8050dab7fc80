using System.Text;
using Parquet;
using Parquet.Schema;
using Transfer.MLNet.Fuzz.Damage;
using Transfer.MLNet.Tool;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>Tables, as the command line reads them: some by a whole command, all others cell by cell.</summary>
internal abstract class TableFileReader : Reader
{
    private const int OneCommandOf = 6;

    private string? _model;

    protected abstract string Extension { get; }

    public override bool Read(byte[] input, string folder, Random random)
    {
        var path = Path.Combine(folder, "a" + Extension);
        File.WriteAllBytes(path, input);
        if (random.Next(OneCommandOf) == 0)
        {
            return Command(path, folder, random) == Exit.Success;
        }

        var file = TableFile.Find(path, new TableFormat(null, null, true, [], null));
        using var reader = file.Open();
        ColumnMode[] modes = [.. file.Names.Select((_, i) => i % 2 == 0 ? ColumnMode.Raw : ColumnMode.Cells)];
        while (reader.Next(modes) is { } chunk)
        {
            for (var column = 0; column < file.Names.Count; column++)
            {
                _ = chunk.Starts[column] < 0 ? 0 : chunk.Texts(column).Count;
            }
        }

        return true;
    }

    public override bool IsDocumented(Exception exception) => exception is Failure { Exit: Exit.Input };

    private Exit Command(string path, string folder, Random random)
    {
        if (_model is null)
        {
            var table = Path.Combine(folder, "sound.csv");
            File.WriteAllText(table, Sample.Table(60));
            ToolRun.Of("train", "--source", table, "--label", "y", "--tau", "0.1", "--out", Path.Combine(folder, "sound.zip"), "--force");
            _model = Path.Combine(folder, "sound.zip");
        }

        var output = Path.Combine(folder, "out");
        return random.Next(5) switch
        {
            0 => ToolRun.Of("train", "--source", path, "--label", "y", "--tau", "0.1", "--out", output + ".zip", "--force"),
            1 => ToolRun.Of("evaluate", "--model", _model, "--data", path, "--label", "y"),
            2 => ToolRun.Of("predict", "--model", _model, "--data", path, "--out", output + ".csv", "--force"),
            3 => ToolRun.Of("moments", "write", "--source", path, "--label", "y", "--new-featurisation", output + ".zip", "--out",
                output + ".moments", "--force"),
            _ => ToolRun.Of("tune", "--model", _model, "--data", path, "--label", "y", "--tau", "0.1", "--out", output + ".zip", "--force"),
        };
    }
}

internal sealed class CsvReader : TableFileReader
{
    public override string Name => "csv";

    public override int Share => 14;

    protected override string Extension => ".csv";

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) => TextMutator.Table(sound, random);

    public override IEnumerable<(string Name, byte[] Bytes)> Sound() =>
    [
        ("plain.csv", Encoding.UTF8.GetBytes(Sample.Table(40))),
        ("semicolons.csv", Encoding.UTF8.GetBytes("\ufeffsep=;\n" + Sample.Table(30, ';').Replace('.', ','))),
        ("classes.csv", Encoding.UTF8.GetBytes(Sample.Table(50, classes: true))),
        ("wide.csv", Encoding.Unicode.GetBytes("\ufeff" + Sample.Table(25, '\t'))),
        ("quoted.csv", "a,\"b \"\"c\"\"\",y\n1,\"x,\ny\",2\n2,\"z\",3\n3,\"\",4\n4,x,5\n"u8.ToArray()),
    ];
}

internal sealed class ParquetFileReader : TableFileReader
{
    public override string Name => "parquet";

    public override int Share => 9;

    protected override string Extension => ".parquet";

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        foreach (var compression in new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Zstd })
        {
            yield return ($"{compression.ToString().ToLowerInvariant()}.parquet", Written(compression).GetAwaiter().GetResult());
        }
    }

    private static async Task<byte[]> Written(CompressionMethod compression)
    {
        var schema = new ParquetSchema(new DataField<double>("size"), new DataField<string>("town"), new DataField<DateTime>("day"),
            new DataField<bool>("open"), new DataField<double>("y"), new DataField<int?>("n"));
        var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = compression })
            .ConfigureAwait(false))
        {
            for (var g = 0; g < 2; g++)
            {
                using var group = writer.CreateRowGroup();
                int[] rows = [.. Enumerable.Range(30 * g, 30)];
                await group.WriteAsync<double>(schema.DataFields[0], rows.Select(i => (i * 7 % 20) / 4.0).ToArray()).ConfigureAwait(false);
                await group.WriteAsync(schema.DataFields[1], rows.Select(i => i % 5 == 0 ? null : $"town {i % 3}").ToArray()!)
                    .ConfigureAwait(false);
                await group.WriteAsync<DateTime>(schema.DataFields[2], rows.Select(
                    i => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(i)).ToArray()).ConfigureAwait(false);
                await group.WriteAsync<bool>(schema.DataFields[3], rows.Select(i => i % 2 == 0).ToArray()).ConfigureAwait(false);
                await group.WriteAsync<double>(schema.DataFields[4], rows.Select(i => (i * 7 % 20) + (i % 3 / 10.0)).ToArray())
                    .ConfigureAwait(false);
                await group.WriteAsync<int>(schema.DataFields[5], rows.Select(i => i % 4 == 0 ? (int?)null : i).ToArray())
                    .ConfigureAwait(false);
            }
        }

        return stream.ToArray();
    }
}
