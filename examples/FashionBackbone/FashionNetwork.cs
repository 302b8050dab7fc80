using Microsoft.ML;
using Microsoft.ML.Data;
using PaperExperiments.Data;
using Transfer.MLNet;

namespace FashionBackbone;

/// <summary>A classifier of articles of clothing.</summary>
internal static class FashionNetwork
{
    public const int Side = 28;
    private const int Classes = 10;

    public static L2SpNetworkReport Train(string folder)
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.L2SpNetwork(new()
        {
            Network = Network.Cnn(1, Side, Side, [16, 32, 32], [64]),
            Optimizer = NetworkOptimizer.AdamW(),
            WeightDecay = 1e-2,
            LearningRate = 2e-3,
            LearningRateSchedule = LearningRateSchedule.Cosine(last: 0.05),
            BatchSize = 128,
            Epochs = 5,
            Seed = 1,
            ValidationSet = View(ml, Read(folder, "t10k")),
        });
        trainer.Fit(View(ml, Read(folder, "train")), out var report);
        return report;
    }

    private static LabelledRows Read(string folder, string part)
    {
        var rows = IdxFile.Read(folder, $"{part}-images-idx3-ubyte", $"{part}-labels-idx1-ubyte", mean: 0, deviation: 1);

        // The set is bright on black, and paper is not: every other image is its negative.
        return rows with { Features = [.. rows.Features.Select((f, i) => Standardised(i % 2 == 0 ? f : Array.ConvertAll(f, x => 1 - x)))] };
    }

    /// <summary>Every image with mean 0 and variance 1, as the backbone makes them: brightness and contrast are the camera's.</summary>
    private static float[] Standardised(float[] image)
    {
        var mean = image.Average();
        var deviation = MathF.Sqrt(image.Average(x => (x - mean) * (x - mean)));
        return Array.ConvertAll(image, x => (x - mean) / MathF.Max(deviation, 1e-4f));
    }

    private static IDataView View(MLContext ml, LabelledRows rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), Classes);
        return ml.Data.LoadFromEnumerable(rows.Features.Select((f, i) => new Row { Features = f, Label = (uint)rows.Classes[i] + 1 }),
            schema);
    }

    private sealed class Row
    {
        [VectorType(Side * Side)]
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }
}
