using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

public sealed class ImageBackboneTests : IDisposable
{
    private static readonly string _backbone = Path.Combine(AppContext.BaseDirectory, "Data", "backbone.onnx");
    private static readonly string _anySize = Path.Combine(AppContext.BaseDirectory, "Data", "any-size.onnx");
    private readonly MLContext _ml = new(1);
    private readonly Pictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Features_are_those_of_ML_NETs_own_transforms_written_out()
    {
        _pictures.With(2);
        var rows = _ml.Data.LoadImageFolder(_pictures.Folder);
        var ours = _ml.Transforms.ImageBackbone("Features", _backbone).Fit(rows).Transform(rows);
        var stock = _ml.Transforms.LoadImages("input", "", "ImagePath")
            .Append(_ml.Transforms.ResizeImages("input", 32, 32, "input", ImageResizingEstimator.ResizingKind.IsoCrop))
            .Append(_ml.Transforms.ExtractPixels("input", "input", scaleImage: 1 / 255f))
            .Append(_ml.Transforms.ApplyOnnxModel("features", "input", _backbone)).Fit(rows).Transform(rows);
        Assert.Equal(stock.GetColumn<float[]>("features"), ours.GetColumn<float[]>("Features"));
        Assert.Equal(16, ((VectorDataViewType)ours.Schema["Features"].Type).Size);
    }

    [Fact]
    public void A_model_for_any_size_wants_to_know_which()
    {
        _pictures.With(1);
        var rows = _ml.Data.LoadImageFolder(_pictures.Folder);
        Assert.Contains("set ImageWidth", Assert.Throws<ArgumentException>(() => _ml.Transforms.ImageBackbone("Features", _anySize))
            .Message, StringComparison.Ordinal);
        var features = _ml.Transforms.ImageBackbone("Features", _anySize, new() { ImageWidth = 32, ImageHeight = 32 }).Fit(rows)
            .Transform(rows);
        var same = _ml.Transforms.ImageBackbone("Features", _backbone).Fit(rows).Transform(rows);
        Assert.Equal(same.GetColumn<float[]>("Features"), features.GetColumn<float[]>("Features"));
        Assert.Contains("takes 32", Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ImageBackbone("Features", _backbone, new() { ImageWidth = 64 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.ImageBackbone("Features", _anySize, new() { ImageWidth = 0, ImageHeight = 32 }));
    }

    [Fact]
    public void What_is_no_backbone_is_refused_with_the_reason()
    {
        Assert.Throws<FileNotFoundException>(() => _ml.Transforms.ImageBackbone("Features", "nowhere.onnx"));
        var file = _pictures.PathOf("words.onnx");
        File.WriteAllText(file, "words");
        Assert.Contains(file, Assert.Throws<InvalidDataException>(() => _ml.Transforms.ImageBackbone("Features", file)).Message,
            StringComparison.Ordinal);
        Assert.Contains("it has features", Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ImageBackbone("Features", _backbone,
            new() { ModelOutputName = "other" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_is_pulled_to_its_source_does_better_on_few_images_than_one_from_scratch()
    {
        using var target = new Pictures().With(3, seed: 2, contrast: 4);
        using var later = new Pictures().With(60, seed: 3, contrast: 4);
        var source = _pictures.With(100, contrast: 5);
        var (model, rows) = Source(source);
        var images = _ml.Data.LoadImageFolder(target.Folder);
        var unseen = _ml.Data.LoadImageFolder(later.Folder);

        ITransformer tuned = _ml.Model.FineTune(model, images);
        var scratch = Pipeline(null).Fit(images);
        double LogLoss(ITransformer m) => _ml.MulticlassClassification.Evaluate(m.Transform(unseen)).LogLoss;
        Assert.True(LogLoss(tuned) < LogLoss(scratch), $"{LogLoss(tuned)} tuned, {LogLoss(scratch)} from scratch");
        Assert.NotEqual(LogLoss(model), LogLoss(tuned));
        Assert.Equal(200, rows.GetColumn<string>("Label").Count());

        // And with the trainer, in a pipeline of the user's own.
        var again = Pipeline(StartingPoint.From(model)).Fit(images);
        Assert.Equal(LogLoss(tuned), LogLoss(again), 3);
    }

    [Fact]
    public void From_a_file_it_is_fine_tuned_to_the_same_model()
    {
        using var target = new Pictures().With(3, seed: 2, contrast: 4);
        var (model, rows) = Source(_pictures.With(30, contrast: 5));
        var file = _pictures.PathOf("source.zip");
        _ml.Model.Save(model, rows.Schema, file);
        var images = _ml.Data.LoadImageFolder(target.Folder);
        var loaded = _ml.Model.Load(file, out _);
        float[][] Scores(ITransformer m) => [.. m.Transform(images).GetColumn<float[]>("Score")];
        Assert.Equal(Scores(model), Scores(loaded));
        var tuned = _ml.Model.FineTune(loaded, images);
        Assert.Equal(Scores(_ml.Model.FineTune(model, images)), Scores(tuned));
        Assert.NotEqual(Scores(loaded), Scores(tuned));

        // And once more through a file, as a service does it again and again.
        _ml.Model.Save(tuned, rows.Schema, file);
        Assert.Equal(Scores(tuned), Scores(_ml.Model.Load(file, out _)));
    }

    [Fact]
    public void Saved_it_is_loaded_and_run_by_a_program_without_this_library()
    {
        var rows = _ml.Data.LoadImageFolder(_pictures.With(20).Folder);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        var model = _ml.Transforms.ImageBackbone("Features", _backbone).Append(_ml.MulticlassClassification.Trainers.L2SpMaximumEntropy())
            .Fit(keyed);
        var file = _pictures.PathOf("model.zip");
        _ml.Model.Save(model, null, file);
        var paths = rows.GetColumn<string>("ImagePath").Take(3).ToArray();
        var consumer = OnnxConsumer.Run(file, _pictures.PathOf("rows.tsv"), paths);
        Assert.Equal(model.Transform(keyed).GetColumn<float[]>("Score").Take(3), consumer.Scores);
        Assert.DoesNotContain(consumer.Assemblies, a => a.Contains("Transfer.MLNet", StringComparison.Ordinal)
            && a != "Transfer.MLNet.OnnxConsumer");
    }

    [Fact]
    public void A_class_that_the_source_never_saw_is_told_by_name()
    {
        var (model, _) = Source(_pictures.With(20));
        using var target = new Pictures().With(4, across: "across", down: "slanted");
        var images = _ml.Data.LoadImageFolder(target.Folder);
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.Message);
        var tuned = Pipeline(StartingPoint.From(model)).Fit(images);
        Assert.Contains(log, m => m.Contains("slanted", StringComparison.Ordinal));
        VBuffer<ReadOnlyMemory<char>> names = default;
        tuned.Transform(images).Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(["across", "slanted"], names.DenseValues().Select(n => n.ToString()));
    }

    private EstimatorChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> Pipeline(StartingPoint? start) =>
        _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.Transforms.ImageBackbone("Features", _backbone))
        .Append(_ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(startingPoint: start));

    private (ITransformer Model, IDataView Rows) Source(Pictures pictures)
    {
        var rows = _ml.Data.LoadImageFolder(pictures.Folder);
        return (Pipeline(null).Fit(rows), rows);
    }
}
