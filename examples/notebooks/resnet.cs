// resnet.ipynb as a program: dotnet run resnet.cs
// Made from source/resnet.md by the command in README.md: edit that one.
#:project ../../src/Transfer.MLNet.Vision/Transfer.MLNet.Vision.csproj
#:package Microsoft.ML.DnnImageFeaturizer.ResNet18
#:package SkiaSharp
#:property SkiaSharpVersion=2.88.9
#:property TreatWarningsAsErrors=false
#:property NoWarn=$(NoWarn);CA1050;CA1812;CA1852
#:property PublishAot=false
using Microsoft.ML.Data;
using Microsoft.ML;
using SkiaSharp;
using Transfer.MLNet;

// Files are found from this folder, wherever the program is run from.
Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);
Directory.CreateDirectory("pictures");

// # Images: ResNet18 and few images of your own
//
// `Microsoft.ML.DnnImageFeaturizer.ResNet18` brings ResNet18 with ImageNet's weights: 512 numbers for any image. A linear classifier on them is quick to train, and
// is moved to few images of your own as any other linear model is. The numbers of each image are made once; the rest takes a second.
var ml = new MLContext(seed: 1);

// ## The images
//
// Put your own here: a folder with a subfolder of images for each class, for the source and for what is yours. So that this notebook runs by itself it draws some: handwritten
// digits (UCI, 8 x 8 dots), 120 as they were scanned for the source, and by other writers through another camera 50 of your own and 100 to judge by.
int[][] digits = File.ReadLines(Path.Combine("..", "data", "digits.csv")).Skip(1)
    .Select(line => line.Split(',').Select(int.Parse).ToArray()).ToArray();
var noise = new Random(1);
Draw("images/source", skip: 0, perClass: 12, dot => 255 - (255 * dot));
Draw("images/own", skip: 90, perClass: 5, dot => 125 - (70 * dot) + noise.Next(-10, 11));
Draw("images/later", skip: 100, perClass: 10, dot => 125 - (70 * dot) + noise.Next(-10, 11));
void Draw(string folder, int skip, int perClass, Func<double, double> seen)
{
    const int Dot = 8;
    foreach (var ofClass in digits.GroupBy(d => d[64]))
    {
        string place = Path.Combine(folder, $"{ofClass.Key}");
        Directory.CreateDirectory(place);
        foreach (var (digit, number) in ofClass.Skip(skip).Take(perClass).Select((d, i) => (d, i)))
        {
            using var image = new SKBitmap(8 * Dot, 8 * Dot);
            for (int at = 0; at < 64 * Dot * Dot; at++)
            {
                var (x, y) = (at % (8 * Dot), at / (8 * Dot));
                byte grey = (byte)Math.Clamp(seen(digit[(8 * (y / Dot)) + (x / Dot)] / 16.0), 0, 255);
                image.SetPixel(x, y, new SKColor(grey, grey, grey));
            }

            using var file = File.Create(Path.Combine(place, $"{number:00}.png"));
            image.Encode(file, SKEncodedImageFormat.Png, 100);
        }
    }
}

// ## Through the network, once
//
// From a path to 512 numbers: ML.NET's own transforms, all of which are saved with the model.
IDataView sourceImages = ml.Data.LoadImageFolder("images/source");
IDataView ownImages = ml.Data.LoadImageFolder("images/own");
IDataView laterImages = ml.Data.LoadImageFolder("images/later");
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadImages("Image", "", "ImagePath"))
    .Append(ml.Transforms.ResizeImages("Image", 224, 224))
    .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
    .Append(ml.Transforms.DnnFeaturizeImage(
        "Features", m => m.ModelSelector.ResNet18(ml, m.OutputColumn, m.InputColumn), "Pixels"))
    .Append(ml.Transforms.DropColumns("Image", "Pixels"));
var featurizer = pipeline.Fit(sourceImages);
IDataView sourceRows = ml.Data.Cache(featurizer.Transform(sourceImages));
IDataView ownRows = ml.Data.Cache(featurizer.Transform(ownImages));
IDataView laterRows = ml.Data.Cache(featurizer.Transform(laterImages));

// ## Alone, as it is, and moved
var trainers = ml.MulticlassClassification.Trainers;
var source = trainers.L2SpMaximumEntropy().Fit(sourceRows);
var alone = trainers.L2SpMaximumEntropy().Fit(ownRows);
var moved = ml.Model.FineTune(source, ownRows);
void Judge(string name, ITransformer head)
{
    var judged = ml.MulticlassClassification.Evaluate(head.Transform(laterRows));
    Console.WriteLine($"{name,-18} accuracy {judged.MicroAccuracy:0.0}   log-loss {judged.LogLoss:0.0}");
}
Judge("own images alone", alone);
Judge("source as it is", source);
Judge("source, moved", moved);

// ## One model from a path to a class
//
// The same call takes images as they lie in their folders, and gives the whole chain with another last layer. What loads it needs ML.NET's packages alone.
var production = featurizer.Append(source);
ITransformer tuned = ml.Model.FineTune(production, ownImages);
ml.Model.Save(tuned, ownImages.Schema, "own.zip");
var served = ml.Model.Load("own.zip", out _);
var first = served.Transform(ml.Data.TakeRows(laterImages, 10)).GetColumn<float[]>("Score").First();
Console.WriteLine($"{first.Length} classes, probabilities that sum to {first.Sum():0.00}");

// How much there is to gain by the number of images a class, on photographs: see `docs/images.md`.
