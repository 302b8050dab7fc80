using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Networks;
using Transfer.MLNet.Networks.Training;

namespace Transfer.MLNet.Tests.Networks;

/// <summary>A row with a label for each task; the features are eight numbers, or an image of 2 x 2 x 2.</summary>
internal sealed class Sample
{
    public const int Width = 8;

    [VectorType(Width)]
    public float[] Features { get; set; } = [];

    public string Kind { get; set; } = "";

    public bool Yes { get; set; }

    public float Number { get; set; }

    public float Weight { get; set; } = 1;

    /// <summary>Rows whose labels depend on the features, in a curve.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Other rows for another seed.</param>
    /// <param name="kinds">The names of the classes.</param>
    public static Sample[] Make(int count, int seed = 1, params string[] kinds)
    {
        var random = new Random(seed);
        kinds = kinds.Length == 0 ? ["red", "green", "blue"] : kinds;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var x = Enumerable.Range(0, Width).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray();
            var value = MathF.Sin(x[0]) + (x[1] * x[2] / 2) - (0.5f * x[3]);
            return new Sample
            {
                Features = x,
                Number = value + (0.1f * (float)(random.NextDouble() - 0.5)),
                Yes = value > 0,
                Kind = i < kinds.Length ? kinds[i] : kinds[(int)Math.Clamp((value + 1.5) / 3 * kinds.Length, 0, kinds.Length - 1)],
            };
        })];
    }

    /// <summary>The rows with <c>Kind</c> as a key <c>Label</c>, its values in the order of the text.</summary>
    public static IDataView Keyed(MLContext ml, Sample[] rows)
    {
        var view = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Label", "Kind", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(view).Transform(view);
    }

    /// <summary>A network with weights drawn from a seed.</summary>
    public static WeightedNetwork Drawn(Network network, int outputs, int seed, params string[] classes)
    {
        var blueprint = network.Build(Width, outputs);
        return new(blueprint, InitialWeights.Draw(blueprint, seed), classes);
    }
}
