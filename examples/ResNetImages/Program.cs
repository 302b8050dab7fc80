// A classifier on ResNet18's features, moved to few own images: what 5, 20 and 100 images a class are worth, and a model for your own
// folder.
using System.Globalization;
using Microsoft.ML;
using ResNetImages;
using Transfer.MLNet;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const string Help = """
    Images through ResNet18 (ImageNet) to a linear classifier that is moved by L2-SP.

      dotnet run -c Release --project examples/ResNetImages -- cifar CIFAR FOLDER        makes FOLDER/source, own and later from train.bin.gz and test.bin.gz
      dotnet run -c Release --project examples/ResNetImages -- compare FOLDER [N ...]    N own images a class (5, 20 and 100): alone, source as it is, advised
      dotnet run -c Release --project examples/ResNetImages -- tune SOURCE OWN MODEL     trains on a folder, moves to another, saves MODEL (.zip)

    A folder has a subfolder a class with its images. What ResNet18 makes of a folder is kept in FOLDER.features and read from there next time; delete it
    when the images change.
    """;

var ml = new MLContext(seed: 1);
switch (args)
{
    case ["cifar", var cifar, var folder]:
        CifarFolders.Write(cifar, folder);
        return 0;
    case ["compare", var folder, .. var sizes]:
        Comparison.Run(ml, folder, sizes is [] ? [5, 20, 100] : Array.ConvertAll(sizes, int.Parse));
        return 0;
    case ["tune", var sourceFolder, var ownFolder, var file]:
        var features = new Features(ml);
        var source = features.Of(sourceFolder);
        var head = ml.MulticlassClassification.Trainers.L2SpMaximumEntropy().Fit(source);

        // One chain from the path of an image to its class; FineTune takes images as they lie in their folders and moves the last layer.
        var images = ml.Data.LoadImageFolder(sourceFolder);
        var production = features.Pipeline.Fit(images).Append(head);
        var own = ml.Data.LoadImageFolder(ownFolder, new() { Unreadable = UnreadableImages.Skip });
        var tuned = ml.Model.FineTune(production, own, out var report);
        Console.WriteLine(report);
        ml.Model.Save(tuned, own.Schema, file);
        return 0;
    default:
        Console.Error.WriteLine(Help);
        return 2;
}
