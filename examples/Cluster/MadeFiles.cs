using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

namespace Cluster;

/// <summary>Partitions made on the spot: binary files of ML.NET, a linear relation and noise.</summary>
internal static class MadeFiles
{
    public static MomentsPartitions Write(string folder, int partitions, int rows, int features)
    {
        Directory.CreateDirectory(folder);
        var ml = new MLContext(1);
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        Parallel.For(0, partitions, k =>
        {
            var path = Path.Combine(folder, $"part-{k:00}.idv");
            using var file = File.Create(path);
            ml.Data.SaveAsBinary(ml.Data.LoadFromEnumerable(Rows(k, rows, features), definition), file);
        });
        return MomentsPartitions.Binary(Path.Combine(folder, "*.idv"));
    }

    private static IEnumerable<Row> Rows(int seed, int rows, int features)
    {
        var random = new Random(seed);
        for (var i = 0; i < rows; i++)
        {
            var x = new float[features];
            var y = (float)random.NextDouble();
            for (var j = 0; j < features; j++)
            {
                x[j] = (float)random.NextDouble();
                y += x[j] / (j + 1);
            }

            yield return new Row { Label = y, Features = x };
        }
    }

    private sealed class Row
    {
        public float Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
