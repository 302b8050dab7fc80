using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Transfer.MLNet;

namespace ResNetImages;

/// <summary>What ResNet18 makes of images: 512 numbers each, kept beside the folder so that the network runs once.</summary>
internal sealed class Features(MLContext ml)
{
    private const int Side = 224;
    private const int Batch = 100;

    /// <summary>From ImagePath and Label (text) to Features and Label (a key).</summary>
    public IEstimator<ITransformer> Pipeline => Keys().Append(Network);

    private EstimatorChain<ColumnSelectingTransformer> Network { get; } = ml.Transforms.LoadImages("Image", "", "ImagePath")
        .Append(ml.Transforms.ResizeImages("Image", Side, Side))
        .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
        .Append(ml.Transforms.DnnFeaturizeImage("Features", m => m.ModelSelector.ResNet18(ml, m.OutputColumn, m.InputColumn), "Pixels"))
        .Append(ml.Transforms.DropColumns("Image", "Pixels"));

    /// <summary>The features of a folder's images, from the file beside it or, the first time, from the network.</summary>
    public IDataView Of(string folder)
    {
        Kept[] kept = [.. All(folder)];
        return ml.Data.Cache(WithKeys(kept));
    }

    /// <summary>Rows whose label is a key with the names of the folders, in the order of the names.</summary>
    public IDataView WithKeys(IEnumerable<Kept> kept)
    {
        var rows = ml.Data.LoadFromEnumerable(kept);
        return Keys().Fit(rows).Transform(rows);
    }

    /// <summary>
    /// As they are kept. The network does a few images a second, so they are written every so often, and a run that was cut off goes on
    /// from there.
    /// </summary>
    public IReadOnlyList<Kept> All(string folder)
    {
        var file = Path.TrimEndingDirectorySeparator(folder) + ".features";
        if (File.Exists(file))
        {
            return Read(file);
        }

        var images = ml.Data.LoadImageFolder(folder);
        var count = (int)images.GetRowCount()!.Value;
        var unfinished = file + ".unfinished";
        List<Kept> kept = File.Exists(unfinished) ? [.. Read(unfinished)] : [];
        var (clock, before) = (Stopwatch.StartNew(), kept.Count);
        var network = Network.Fit(images);
        while (kept.Count < count)
        {
            // A batch at a time: pixels of all images at once would fill the memory.
            var rest = kept.Count == 0 ? images : ml.Data.SkipRows(images, kept.Count);
            var batch = network.Transform(ml.Data.TakeRows(rest, Batch));
            kept.AddRange(ml.Data.CreateEnumerable<Kept>(batch, reuseRowObject: false));
            Write(kept, unfinished);
            Console.Error.WriteLine($"{folder}: {kept.Count} of {count} images");
        }

        File.Move(unfinished, file, overwrite: true);
        Console.WriteLine($"{folder}: {count - before} images through ResNet18 in {clock.Elapsed.TotalSeconds:0} s");
        return kept;
    }

    private ValueToKeyMappingEstimator Keys() => ml.Transforms.Conversion.MapValueToKey(
        "Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    private Kept[] Read(string file) =>
        [.. ml.Data.CreateEnumerable<Kept>(ml.Data.LoadFromBinary(file), reuseRowObject: false)];

    // Written beside its place and moved: a run that is cut off leaves no half of a file.
    private void Write(IReadOnlyList<Kept> kept, string file)
    {
        var beside = file + ".new";
        using (var stream = File.Create(beside))
        {
            ml.Data.SaveAsBinary(ml.Data.LoadFromEnumerable(kept), stream);
        }

        File.Move(beside, file, overwrite: true);
    }
}
