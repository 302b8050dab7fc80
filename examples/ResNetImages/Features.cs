using System.Diagnostics;
using Microsoft.ML;
using Transfer.MLNet;

namespace ResNetImages;

/// <summary>What ResNet18 makes of images: 512 numbers each, kept beside the folder so that the network runs once.</summary>
internal sealed class Features(MLContext ml)
{
    private const int Side = 224;

    /// <summary>From ImagePath and Label (text) to Features and Label (a key).</summary>
    public IEstimator<ITransformer> Pipeline { get; } = ml.Transforms.Conversion.MapValueToKey(
            "Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
        .Append(ml.Transforms.LoadImages("Image", "", "ImagePath"))
        .Append(ml.Transforms.ResizeImages("Image", Side, Side))
        .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
        .Append(ml.Transforms.DnnFeaturizeImage("Features", m => m.ModelSelector.ResNet18(ml, m.OutputColumn, m.InputColumn), "Pixels"))
        .Append(ml.Transforms.DropColumns("Image", "Pixels"));

    /// <summary>The features of a folder's images, from the file beside it or, the first time, from the network.</summary>
    public IDataView Of(string folder)
    {
        var file = Path.TrimEndingDirectorySeparator(folder) + ".features";
        if (!File.Exists(file))
        {
            var clock = Stopwatch.StartNew();
            var images = ml.Data.LoadImageFolder(folder);
            var rows = ml.Data.Cache(Pipeline.Fit(images).Transform(images));
            var count = rows.Preview(0).Schema.Count == 0 ? 0 : ml.Data.CreateEnumerable<Kept>(rows, reuseRowObject: true).Count();

            // Written beside its place and moved: a run that is cut off leaves no half of a file.
            var unfinished = file + ".unfinished";
            using (var stream = File.Create(unfinished))
            {
                ml.Data.SaveAsBinary(rows, stream);
            }

            File.Move(unfinished, file, overwrite: true);
            Console.WriteLine($"{folder}: {count} images through ResNet18 in {clock.Elapsed.TotalSeconds:0} s");
        }

        return ml.Data.Cache(ml.Data.LoadFromBinary(file));
    }
}
