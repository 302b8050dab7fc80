using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tests.Models;

/// <summary>Some rows with three features and labels of every kind, the same in every run.</summary>
internal sealed class SmallRow
{
    [VectorType(3)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public bool Positive { get; set; }

    public string Kind { get; set; } = string.Empty;

    public float Weight { get; set; }

    public static SmallRow[] Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] x = [(float)Normal(random), (float)(2 + Normal(random)), (float)(0.5 * Normal(random))];
            var score = 1 + (2 * x[0]) - x[1] + (0.5f * x[2]);
            return new SmallRow
            {
                Features = x,
                Label = score + (0.3f * (float)Normal(random)),
                Positive = score + Normal(random) > 0,
                Kind = score < -1 ? "low" : score < 1 ? "middle" : "high",
                Weight = 0.5f + (float)random.NextDouble(),
            };
        })];
    }

    public static IDataView View(MLContext ml, int count, int seed = 1) => ml.Data.LoadFromEnumerable(Make(count, seed));

    public static float[] Scores(IDataView scored) => [.. scored.GetColumn<float>("Score")];

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
