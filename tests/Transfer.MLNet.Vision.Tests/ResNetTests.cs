using Microsoft.ML;
using Microsoft.ML.Data;
using ResNetImages;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

/// <summary>
/// ResNet18 with ImageNet's weights, which comes as a package, and a few of CIFAR-10's images as files: a classifier moved through the
/// backbone, as examples/ResNetImages does it.
/// </summary>
public sealed class ResNetTests : IDisposable
{
    private static readonly string[] _classes = ["automobile", "frog"];
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("resnet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_classifier_is_moved_through_ResNet18_to_few_own_images_and_saved()
    {
        // Ten images of each class for the source, five as own ones, four for judging; the own ones are named the other way round,
        // so that the source as it is reads none of them right.
        Copy(0, 10, "source", k => k);
        Copy(10, 5, "own", k => 1 - k);
        Copy(15, 4, "later", k => 1 - k);
        var features = new Features(_ml);
        var head = _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy().Fit(features.Of(At("source")));
        var images = _ml.Data.LoadImageFolder(At("source"));
        var production = features.Pipeline.Fit(images).Append(head);
        var own = _ml.Data.LoadImageFolder(At("own"));
        var tuned = _ml.Model.FineTune(production, own, out var report);
        Assert.Equal(10, report.Rows);

        using var file = new MemoryStream();
        _ml.Model.Save(tuned, own.Schema, file);
        var served = new MLContext(0).Model.Load(file, out _);
        var later = _ml.Data.LoadImageFolder(At("later"));
        Assert.Equal(Scores(tuned, later), Scores(served, later));
        Assert.True(Right(production, later) < 0.5);
        Assert.True(Right(served, later) > 0.5);
    }

    [Fact]
    public void Features_are_kept_and_a_run_that_was_cut_off_goes_on()
    {
        Copy(0, 2, "few", k => k);
        var first = new Features(_ml).All(At("few"));
        Assert.Equal(4, first.Count);
        Assert.Equal(512, first[0].Features.Length);
        var kept = At("few.features");

        // As if the run had ended behind the third image.
        var three = _ml.Data.LoadFromEnumerable(first.Take(3));
        using (var stream = File.Create(kept + ".unfinished"))
        {
            _ml.Data.SaveAsBinary(three, stream);
        }

        File.Delete(kept);
        var again = new Features(_ml).All(At("few"));
        Assert.Equal(first.Select(k => k.Label), again.Select(k => k.Label));
        Assert.All(first.Zip(again), pair => Assert.Equal(pair.First.Features, pair.Second.Features));
        Assert.Equal([kept], Directory.GetFiles(_folder));
    }

    private static float[] Scores(ITransformer model, IDataView rows) =>
        [.. model.Transform(rows).GetColumn<float[]>("Score").SelectMany(s => s)];

    private double Right(ITransformer model, IDataView images) =>
        _ml.MulticlassClassification.Evaluate(model.Transform(images)).MicroAccuracy;

    private string At(string name) => Path.Combine(_folder, name);

    // The first such folder above the checkout.
    private static string? Images()
    {
        for (var folder = new DirectoryInfo(Checkout.Root); folder is not null; folder = folder.Parent)
        {
            var images = Path.Combine(folder.FullName, "shared", "data", "cifar10", "images");
            if (Directory.Exists(images))
            {
                return images;
            }
        }

        return null;
    }

    private void Copy(int first, int count, string to, Func<int, int> named)
    {
        var images = Images();
        Assert.SkipUnless(images is not null, "above this checkout there is no folder shared/data/cifar10/images");
        Assert.SkipUnless(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx")),
            "the package Microsoft.ML.DnnImageFeaturizer.ResNet18 has brought no model");
        for (var k = 0; k < _classes.Length; k++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, to, _classes[named(k)])).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(images!, _classes[k])).Order(StringComparer.Ordinal).Skip(first)
                .Take(count))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
        }
    }
}
