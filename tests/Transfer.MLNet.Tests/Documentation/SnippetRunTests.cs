using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tests.Models;
using Transfer.MLNet.Tests.Snippets;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>The current folder is the process's: nothing else may run beside these.</summary>
[CollectionDefinition(nameof(CurrentFolder), DisableParallelization = true)]
public sealed class CurrentFolder;

/// <summary>Every block runs as it stands, on small data of the kind that the prose speaks of. Those of networks and images run among the
/// tests of their package; those of trees and ONNX want files and packages that are not here, and are compiled only.</summary>
[Collection(nameof(CurrentFolder))]
public sealed class SnippetRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public static TheoryData<string, int> Blocks() =>
        [.. Snippet.All(Checkout.Root).Where(
            b => b.File is not ("docs/networks.md" or "docs/images.md" or "docs/trees.md" or "docs/onnx.md")).Select(b =>
            new TheoryDataRow<string, int>(b.File, b.Block))];

    public void Dispose() => _folder.Dispose();

    [Xunit.Theory]
    [MemberData(nameof(Blocks))]
    public async Task A_block_runs_as_it_stands(string file, int block)
    {
        Dictionary<string, object> has = (file, block) switch
        {
            ("README.md", 1) => Classifiers(),
            ("docs/starting-points.md", _) => Binaries(),
            ("docs/own-features.md", _) => Sales(),
            ("docs/alignment.md", 1) => Binaries(),
            ("docs/many-targets.md" or "docs/alignment.md", _) => Shops(),
            _ => Prices(),
        };
        await new Snippet(Snippet.CodeOf(Checkout.Root, file, block), SnippetTests.Packages).Run(_folder.File(""), has);
    }

    [Fact]
    public async Task A_block_that_fails_when_it_runs_is_told() =>
        await Assert.ThrowsAsync<FileNotFoundException>(
            () => new Snippet("var model = ml.Model.Load(\"not-there.zip\", out _);", SnippetTests.Packages)
            .Run(_folder.File(""), new Dictionary<string, object>()));

    private Dictionary<string, object> Prices()
    {
        var (source, target, fresh) = (Rows(400, 1, 1, Number), Rows(60, 2, 0.6, Number), Rows(50, 3, 0.5, Number));
        Save(_ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.Regression.Trainers.Sdca()).Fit(source), source, "production.zip");
        return new()
        {
            ["sourceRows"] = source,
            ["targetRows"] = target,
            ["freshRows"] = fresh,
            ["featureNames"] = new[] { "a", "b", "c" },
            ["given"] = StartingPoint.From(_ml.Regression.Trainers.L2SpRidge().Fit(source)),
        };
    }

    private Dictionary<string, object> Binaries()
    {
        var (source, target) = (Rows(400, 1, 1, Truth), Rows(60, 2, 0.6, Truth));
        Save(_ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression())
            .Fit(source), source, "production.zip");
        return new() { ["sourceRows"] = source, ["targetRows"] = target };
    }

    private Dictionary<string, object> Classifiers()
    {
        var (source, target) = (Rows(400, 1, 1, Truth), Rows(60, 2, 0.6, Truth));
        var topics = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Rows(400, 1, 1, Topic));
        var (sourceTopics, targetTopics) = (topics.Transform(Rows(400, 1, 1, Topic)), topics.Transform(Rows(60, 2, 0.6, Topic)));
        return new()
        {
            ["source"] = source,
            ["target"] = target,
            ["rows"] = target,
            ["freshRows"] = Rows(50, 3, 0.5, Truth),
            ["topicRows"] = targetTopics,
            ["production"] = _ml.Transforms.NormalizeMeanVariance("Features")
                .Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression()).Fit(source),
            ["sourceModel"] = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(sourceTopics),
        };
    }

    private Dictionary<string, object> Sales()
    {
        IDataView View(int count, int seed) => _ml.Data.LoadFromEnumerable(Draws(count, seed, 1).Select(d => new
        {
            District = d.Features[0] > 0 ? "north" : "south",
            Area = 100 + (30 * d.Features[1]),
            Label = (float)d.Score,
        }).ToArray());
        return new() { ["sourceSales"] = View(200, 1), ["targetSales"] = View(40, 2) };
    }

    private Dictionary<string, object> Shops()
    {
        string[] lines = [.. Draws(300, 1, 1)
            .Select((d, i) => FormattableString.Invariant(
            $"{(i % 3) switch { 0 => "Berlin", 1 => "Paris", _ => "Rome" }},{d.Features[0]},{d.Features[1]},{d.Score}"))];
        File.WriteAllLines(_folder.File("last-month.csv"), ["Shop,Price,Promotion,Units", .. lines]);
        File.WriteAllLines(_folder.File("other-shops.csv"), ["Shop,Price,Promotion,Units", .. lines]);
        File.WriteAllLines(_folder.File("this-shop.csv"),
            ["Shop,Price,Promotion,Units", .. lines.Take(40).Select(l => "Oslo" + l[l.IndexOf(',', StringComparison.Ordinal)..])]);
        var rows = _ml.Data.LoadFromTextFile(
            _folder.File("last-month.csv"), [new("Shop", DataKind.String, 0), new("Price", DataKind.Single, 1),
            new("Promotion", DataKind.Single, 2), new("Units", DataKind.Single, 3)], ',', hasHeader: true);
        Save(_ml.Transforms.Concatenate("Features", "Price", "Promotion")
            .Append(_ml.Regression.Trainers.L2SpRidge(labelColumnName: "Units")).Fit(rows), rows, "all-shops.zip");
        return [];
    }

    private void Save(ITransformer model, IDataView rows, string name) => _ml.Model.Save(model, rows.Schema, _folder.File(name));

    private static float Number(double score) => (float)score;

    private static bool Truth(double score) => score > 0;

    private static string Topic(double score) => score > 1 ? "billing" : score < -1 ? "returns" : "delivery";

    private IDataView Rows<T>(int count, int seed, double strength, Func<double, T> label) =>
        _ml.Data.LoadFromEnumerable(Draws(count, seed, strength)
            .Select((d, i) => new Row<T> { Features = d.Features, Label = label(d.Score), Day = i / 10 })
            .ToArray());

    private static IEnumerable<(float[] Features, double Score)> Draws(int count, int seed, double strength)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            float[] x = [random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f];
            yield return (x, (strength * ((4 * x[0]) - (6 * x[1]) + (2 * x[2]))) + random.NextDouble() - 0.5);
        }
    }

    private sealed class Row<T>
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public T Label { get; set; } = default!;

        public float Day { get; set; }
    }
}
