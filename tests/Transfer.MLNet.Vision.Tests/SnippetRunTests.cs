using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Networks.Native;
using Transfer.MLNet.Tests.Snippets;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

/// <summary>The current folder is the process's: nothing else may run beside these.</summary>
[CollectionDefinition(nameof(CurrentFolder), DisableParallelization = true)]
public sealed class CurrentFolder;

/// <summary>The blocks of C# in docs/images.md and docs/networks.md run as they stand, on few rows and few small images.</summary>
[Collection(nameof(CurrentFolder))]
public sealed class SnippetRunTests : IDisposable
{
    private readonly Pictures _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backbone_and_a_head_that_moves()
    {
        Images("public", "own");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Data", "backbone.onnx"), _folder.PathOf("backbone.onnx"));
        await Run("docs/images.md", 0, []);
        Assert.True(File.Exists(_folder.PathOf("own.zip")));
    }

    [Fact]
    [Trait("Needs", "TorchSharp")]
    public async Task A_whole_network_on_pixels()
    {
        Assert.SkipWhen(TorchLibrary.Missing is not null, TorchLibrary.Missing ?? "");
        Images("public", "own");
        var images = _ml.Data.LoadImageFolder(_folder.PathOf("public"));
        var source = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.LoadImages("Pixels", "", "ImagePath"))
            .Append(_ml.Transforms.ResizeImages("Pixels", 32, 32))
            .Append(_ml.Transforms.ExtractPixels("Pixels", offsetImage: 128, scaleImage: 1 / 64f))
            .Append(_ml.MulticlassClassification.Trainers.L2SpNetwork(
            new() { FeatureColumnName = "Pixels", Network = Network.Cnn(3, 32, 32, [32, 64], [128]), Epochs = 1, BatchSize = 8 }))
            .Fit(images);
        _ml.Model.Save(source, images.Schema, _folder.PathOf("source.zip"));
        await Run("docs/images.md", 1, []);
        Assert.True(File.Exists(_folder.PathOf("own.zip")));
    }

    [Fact]
    [Trait("Needs", "TorchSharp")]
    public async Task A_network_from_a_source_to_a_target()
    {
        Assert.SkipWhen(TorchLibrary.Missing is not null, TorchLibrary.Missing ?? "");
        await Run("docs/networks.md", 0, new Dictionary<string, object> { ["sourceRows"] = Rows(300, 1), ["targetRows"] = Rows(40, 2) });
        Assert.True(File.Exists(_folder.PathOf("target.zip")));
    }

    [Fact]
    [Trait("Needs", "TorchSharp")]
    public async Task Advice_for_a_network()
    {
        Assert.SkipWhen(TorchLibrary.Missing is not null, TorchLibrary.Missing ?? "");
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Fit(Rows(300, 1));
        await Run("docs/networks.md", 1, new Dictionary<string, object>
        {
            ["sourceRows"] = keys.Transform(Rows(300, 1)),
            ["targetRows"] = keys.Transform(Rows(80, 2))
        });
    }

    [Fact]
    public void No_block_of_these_pages_is_left_out() =>
        Assert.Equal(
            [("docs/images.md", 0), ("docs/images.md", 1), ("docs/networks.md", 0), ("docs/networks.md", 1)],
            Snippet.All(Checkout.Root).Where(b => b.File is "docs/images.md" or "docs/networks.md"));

    private Task Run(string file, int block, Dictionary<string, object> has) => new Snippet(Snippet.CodeOf(Checkout.Root, file, block), [])
        .Run(_folder.Folder, has);

    private void Images(params string[] folders)
    {
        foreach (var (folder, seed) in folders.Select((f, i) => (f, i)))
        {
            using var pictures = new Pictures().With(10, seed + 1);
            Directory.Move(pictures.Folder, _folder.PathOf(folder));
            Directory.CreateDirectory(pictures.Folder);
        }
    }

    private IDataView Rows(int count, int seed)
    {
        var random = new Random(seed);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f];
            return new Row { Features = x, Kind = x[0] > x[1] ? "up" : x[1] > x[2] ? "down" : "level" };
        }).ToArray());
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Kind { get; set; } = "";
    }
}
