using Microsoft.ML;
using Transfer.MLNet.Networks.Native;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

/// <summary>Images to a network that is trained as a whole.</summary>
[Trait("Needs", "TorchSharp")]
public sealed class ImageNetworkTests
{
    public ImageNetworkTests() => Assert.SkipWhen(TorchLibrary.Missing is not null, TorchLibrary.Missing ?? "");

    [Fact]
    public void A_network_learns_from_the_pixels_and_moves_to_other_images()
    {
        var ml = new MLContext(1);
        using var source = new Pictures().With(40, contrast: 100);
        using var target = new Pictures().With(6, seed: 2, contrast: 40);
        using var later = new Pictures().With(20, seed: 3, contrast: 40);
        IEstimator<ITransformer> Pipeline(ITransformer? start) => ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Pixels", "", "ImagePath"))
            .Append(ml.Transforms.ResizeImages("Pixels", 16, 16))
            .Append(ml.Transforms.ExtractPixels("Pixels", offsetImage: 128, scaleImage: 1 / 64f))
            .Append(ml.MulticlassClassification.Trainers.L2SpNetwork(new()
            {
                FeatureColumnName = "Pixels",
                Network = Network.Cnn(3, 16, 16, [4], [8]),
                StartingPoint = start is null ? null : NetworkStartingPoint.From(start),
                Tau = start is null ? 0 : 1e-3,
                Epochs = start is null ? 8 : 4,
                BatchSize = 8,
                LearningRate = 5e-3,
                Seed = 1,
            }));
        IDataView Rows(Pictures pictures) => ml.Data.LoadImageFolder(pictures.Folder);
        double Accuracy(ITransformer model, Pictures pictures) => ml.MulticlassClassification.Evaluate(model.Transform(Rows(pictures)))
            .MicroAccuracy;

        var first = Pipeline(null).Fit(Rows(source));
        Assert.True(Accuracy(first, source) > 0.9, $"{Accuracy(first, source)}");
        var tuned = Pipeline(first).Fit(Rows(target));
        Assert.True(Accuracy(tuned, later) > 0.8, $"{Accuracy(tuned, later)}");
    }
}
