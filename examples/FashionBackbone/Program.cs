using FashionBackbone;

const string Help = """
    Trains a small convolutional network on Fashion-MNIST and writes all but its last layer as an ONNX backbone for 28 x 28 images.

      dotnet run -c Release --project examples/FashionBackbone -- FOLDER FILE

      FOLDER    the four IDX files, compressed or not (Debian's package dataset-fashion-mnist puts them into /usr/share/datasets/fashion-mnist)
      FILE      what is written; examples/data/fashion-backbone.onnx was made so
    """;

if (args is not [var folder, var file])
{
    (args is ["--help" or "-h"] ? Console.Out : Console.Error).WriteLine(Help);
    return args is ["--help" or "-h"] ? 0 : 2;
}

try
{
    Console.WriteLine("Five epochs: some minutes.");
    var report = FashionNetwork.Train(folder);
    foreach (var epoch in report.Epochs)
    {
        Console.WriteLine(FormattableString.Invariant($"epoch {epoch.Epoch}: loss {epoch.TrainingLoss:F4}; on the test images {epoch.ValidationLoss:F4}, accuracy {epoch.ValidationAccuracy:F4}"));
    }

    Backbone.Save(report.Network, FashionNetwork.Side, file);
    Console.WriteLine($"{file}: {new FileInfo(file).Length:N0} bytes");
    return 0;
}
catch (Exception e) when (e is IOException or FormatException or PlatformNotSupportedException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
