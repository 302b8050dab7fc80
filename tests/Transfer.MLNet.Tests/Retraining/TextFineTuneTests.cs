using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

/// <summary>A text classifier with a hundred thousand sparse features, loaded from a file and moved to five hundred rows. Alone, since time is taken.</summary>
[Collection(nameof(TextFineTuneTests))]
[CollectionDefinition(nameof(TextFineTuneTests), DisableParallelization = true)]
public class TextFineTuneTests
{
    private const int Attempts = 3;

    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(5);

    private static readonly string[] Topics = ["cars", "space", "medicine", "hockey"];

    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_takes_seconds_and_the_chain_and_its_columns_stay(bool binary)
    {
        using var folder = new TemporaryFolder();
        var source = _ml.Data.LoadFromEnumerable(Documents(1500, seed: 1, shift: 0));
        var fresh = _ml.Data.LoadFromEnumerable(Documents(500, seed: 2, shift: 1));
        var later = _ml.Data.LoadFromEnumerable(Documents(1000, seed: 3, shift: 1));
        var featurize = _ml.Transforms.Text.FeaturizeText("Features", "Body");
        ITransformer model = binary
            ? featurize.Append(_ml.BinaryClassification.Trainers.SdcaLogisticRegression("IsTechnical", maximumNumberOfIterations: 5)).Fit(source)
            : _ml.Transforms.Conversion.MapValueToKey("Label", "Topic").Append(featurize)
                .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 5))
                .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(source);
        _ml.Model.Save(model, source.Schema, folder.File("production.zip"));
        var production = _ml.Model.Load(folder.File("production.zip"), out _);

        // On the clock, or, where the machine has other things to do, of the processors' time: five seconds. Beside other work both grow, by
        // half and more: the quickest of some attempts is what the library needs.
        var (retrained, taken) = Timed();
        for (var attempt = 1; attempt < Attempts && taken >= Goal; attempt++)
        {
            var (again, quicker) = Timed();
            (retrained, taken) = quicker < taken ? (again, quicker) : (retrained, taken);
        }

        var features = LayerInChain.Find(retrained)!.Layer.FeatureCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"{features} features, {taken.TotalSeconds:0.00} s");
        Assert.True(features is >= 100_000 and < 200_000, $"{features} features");
        Assert.True(taken < Goal, $"{taken}");
        Assert.Equal(production.Transform(fresh).Schema.Select(c => (c.Name, c.Type.RawType)), retrained.Transform(fresh).Schema.Select(c => (c.Name, c.Type.RawType)));
        var (old, moved) = (Accuracy(production.Transform(later), binary), Accuracy(retrained.Transform(later), binary));
        Assert.True(moved > old + 0.03, $"{old}, {moved}");

        (ITransformer Retrained, TimeSpan Taken) Timed()
        {
            using var process = Process.GetCurrentProcess();
            var (watch, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
            var model = _ml.Model.FineTune(production, fresh, new() { LabelColumnName = binary ? "IsTechnical" : "Label" });
            watch.Stop();
            process.Refresh();
            var work = process.TotalProcessorTime - before;
            return (model, work < watch.Elapsed ? work : watch.Elapsed);
        }
    }

    private static double Accuracy(IDataView scored, bool binary) => binary
        ? scored.GetColumn<bool>("PredictedLabel").Zip(scored.GetColumn<bool>("IsTechnical"), (a, b) => a == b ? 1.0 : 0).Average()
        : scored.GetColumn<string>("PredictedLabel").Zip(scored.GetColumn<string>("Topic"), (a, b) => a == b ? 1.0 : 0).Average();

    /// <summary>Sixty words a document, from a vocabulary of which each topic likes some; a shift makes it like others besides.</summary>
    private static Document[] Documents(int count, int seed, int shift)
    {
        var letters = new Random(5);
        var vocabulary = Enumerable.Range(0, 40_000).Select(_ => new string([.. Enumerable.Range(0, 4 + letters.Next(5)).Select(_ => (char)('a' + letters.Next(26)))])).ToArray();
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var topic = random.Next(Topics.Length);
            var words = Enumerable.Range(0, 60).Select(_ =>
            {
                var luck = random.NextDouble();
                return luck < 0.06 ? vocabulary[(topic * 100) + random.Next(100)]
                    : luck < 0.16 && shift > 0 ? vocabulary[(1000 * shift) + (topic * 100) + random.Next(100)]
                    : luck < 0.5 ? vocabulary[5000 + random.Next(200)]
                    : vocabulary[random.Next(vocabulary.Length)];
            });
            return new Document { Body = string.Join(' ', words), Topic = Topics[topic], IsTechnical = topic < 2 };
        })];
    }

    private sealed class Document
    {
        public string Body { get; set; } = string.Empty;

        public string Topic { get; set; } = string.Empty;

        public bool IsTechnical { get; set; }
    }
}
