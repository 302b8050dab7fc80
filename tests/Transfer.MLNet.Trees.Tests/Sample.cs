using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tests.Trees;

/// <summary>Rows of a source and of a target that differs from it in scale, shift and one step.</summary>
internal sealed class Sample
{
    public const int Features = 5;

    public Sample(int rows, int seed, bool missing = false, bool target = false)
    {
        var random = new Random(seed);
        X = new float[rows][];
        Y = new float[rows];
        for (var i = 0; i < rows; i++)
        {
            X[i] = [.. Enumerable.Range(0, Features).Select(_ => (float)random.NextDouble())];
            var y = (3 * X[i][0]) - (2 * X[i][1] * X[i][3]) + (X[i][4] > 0.5 ? 1 : 0) + (0.2 * random.NextDouble());
            Y[i] = (float)(target ? 2 + (1.5 * y) + (X[i][2] > 0.6 ? 3 : 0) : y);
            if (missing && random.NextDouble() < 0.15)
            {
                X[i][random.Next(Features)] = float.NaN;
            }
        }
    }

    public float[][] X { get; }

    public float[] Y { get; }

    /// <summary>Labels about their middle, in three parts, in groups of ten, and as they are.</summary>
    public IDataView View(MLContext ml)
    {
        var sorted = Y.Order().ToArray();
        var (low, middle, high) = (sorted[sorted.Length / 3], sorted[sorted.Length / 2], sorted[2 * sorted.Length / 3]);
        var rows = X.Select((x, i) => new Row
        {
            Features = x,
            Number = Y[i],
            Rate = MathF.Exp(Y[i] / 2),
            Count = MathF.Floor(MathF.Exp(Y[i] / 2)),
            Flag = Y[i] > middle,
            Name = Y[i] < low ? "low" : Y[i] > high ? "high" : "medium",
            Grade = Y[i] < low ? 0u : Y[i] > high ? 2u : 1u,
            Group = (uint)(i / 10),
            Weight = 1 + (i % 3),
        });
        var loaded = ml.Data.LoadFromEnumerable(rows);
        var keys = ml.Transforms.Conversion.MapValueToKey(
            "Key", "Name", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.Transforms.Conversion.MapValueToKey("GroupId", "Group"))
            .Append(ml.Transforms.Conversion.MapValueToKey(
            "Rank", "Grade", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue));
        return keys.Fit(loaded).Transform(loaded);
    }

    internal sealed class Row
    {
        [VectorType(Sample.Features)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public float Rate { get; set; }

        public float Count { get; set; }

        public bool Flag { get; set; }

        public string Name { get; set; } = string.Empty;

        public uint Grade { get; set; }

        public uint Group { get; set; }

        public float Weight { get; set; }
    }
}
