using System.Globalization;
using System.Text;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Files of rows in a folder of their own, which is gone at the end.</summary>
internal sealed class SampleFiles : IDisposable
{
    public const int Features = 3;

    public SampleFiles(int partitions, int rows = 40)
    {
        Folder = Directory.CreateTempSubdirectory("cluster").FullName;
        Directory.CreateDirectory(Rows);
        for (var k = 0; k < partitions; k++)
        {
            Write(k, rows);
        }
    }

    public string Folder { get; }

    public string Rows => Path.Combine(Folder, "rows");

    public MomentsPartitions Partitions => MomentsPartitions.Csv(Path.Combine(Rows, "*.csv"), Loader());

    public static TextLoader.Options Loader() => new()
    {
        Separators = [','],
        HasHeader = true,
        Columns = [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, 1, Features)],
    };

    public string At(int partition) => Path.Combine(Rows, string.Create(CultureInfo.InvariantCulture, $"part-{partition:00}.csv"));

    public void Write(int partition, int rows, string header = "y,a,b,c", int missing = 0)
    {
        var random = new Random(partition);
        var text = new StringBuilder(header).Append('\n');
        for (var i = 0; i < rows; i++)
        {
            double[] x = [.. Enumerable.Range(0, Features).Select(_ => random.NextDouble())];
            text.Append(CultureInfo.InvariantCulture, $"{(i < missing ? double.NaN : x[0] - x[2] + (0.1 * random.NextDouble()))},");
            text.AppendJoin(',', x.Select(v => v.ToString(CultureInfo.InvariantCulture))).Append('\n');
        }

        File.WriteAllText(At(partition), text.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static byte[] Bytes(Moments moments)
    {
        using var stream = new MemoryStream();
        moments.Save(stream);
        return stream.ToArray();
    }
}
