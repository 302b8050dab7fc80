// images.ipynb as a program: dotnet run images.cs
// Made from source/images.md by the command in README.md: edit that one.
#:project ../../src/Transfer.MLNet.Vision/Transfer.MLNet.Vision.csproj
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

// # Images: a classifier moved to another camera
//
// You have a classifier of images, and few images of your own that look otherwise. A frozen network (any ONNX file) turns images into numbers, and the
// linear classifier behind it is what moves: seconds on a laptop, and the advice can be asked as for any other linear model.
var ml = new MLContext(seed: 1);

// ## The images
//
// The source is 900 handwritten digits, scanned. Of your own there are 400, by other writers and through another camera: grey ink on grey paper, darker
// towards a corner, tilted, with noise; 497 more are left for judging. The digits are real (UCI, 8 x 8 dots), the camera is computed. As with
// images of your own, each class has a folder of PNG files.
const int Side = 28;
int[][] digits = File.ReadLines(Path.Combine("..", "data", "digits.csv")).Skip(1)
    .Select(line => line.Split(',').Select(int.Parse).ToArray()).ToArray();
var noise = new Random(1);
Write("images/scanned", first: 0, count: 900, Scanned);
Write("images/own", first: 900, count: 400, Photographed);
Write("images/later", first: 1300, count: 497, Photographed);
// The grey at a place that is so many dots right of the middle and below it.
double Scanned(int[] digit, double x, double y) => 255 - (255 * Ink(digit, x, y));
double Photographed(int[] digit, double x, double y) =>
    125 - (3 * (x + y)) - (70 * Ink(digit, (0.87 * x) + (0.25 * y), (0.87 * y) - (0.25 * x))) + noise.Next(-10, 11);
// From 0 to 1, in straight lines between the dots.
double Ink(int[] digit, double x, double y)
{
    var (column, row) = ((int)Math.Floor(x + 3.5), (int)Math.Floor(y + 3.5));
    var (right, down) = (x + 3.5 - column, y + 3.5 - row);
    double Dot(int c, int r) => c is >= 0 and < 8 && r is >= 0 and < 8 ? digit[(8 * r) + c] / 16.0 : 0;
    return ((1 - down) * (((1 - right) * Dot(column, row)) + (right * Dot(column + 1, row))))
        + (down * (((1 - right) * Dot(column, row + 1)) + (right * Dot(column + 1, row + 1))));
}
void Write(string folder, int first, int count, Func<int[], double, double, double> seen)
{
    for (int i = first; i < first + count; i++)
    {
        using var image = new SKBitmap(Side, Side);
        for (int at = 0; at < Side * Side; at++)
        {
            var (x, y) = (at % Side, at / Side);
            byte grey = (byte)Math.Clamp(Math.Round(seen(digits[i], (x - 13.5) / 3, (y - 13.5) / 3)), 0, 255);
            image.SetPixel(x, y, new SKColor(grey, grey, grey));
        }

        string place = Path.Combine(folder, $"{digits[i][64]}");
        Directory.CreateDirectory(place);
        using var file = File.Create(Path.Combine(place, $"{i:0000}.png"));
        image.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}

// `LoadImageFolder` decodes each file once and would name those that cannot be used. One image of each class, as scanned and as your own:
IDataView scanned = ml.Data.LoadImageFolder("images/scanned");
IDataView own = ml.Data.LoadImageFolder("images/own");
IDataView later = ml.Data.LoadImageFolder("images/later");
Picture[] PicturesOf(IDataView images) =>
    ml.Data.CreateEnumerable<Picture>(images, reuseRowObject: false).ToArray();
string[] OneOfEach(IDataView images) =>
    PicturesOf(images).GroupBy(p => p.Label).Select(g => g.First().ImagePath).ToArray();
Sheet("cameras.png", OneOfEach(scanned), OneOfEach(own));
void Sheet(string name, params string[][] rows)
{
    const int Place = 66, Size = 62;
    using var sheet = new SKBitmap(rows.Max(r => r.Length) * Place, rows.Length * Place);
    using var canvas = new SKCanvas(sheet);
    canvas.Clear(SKColors.White);
    for (int row = 0; row < rows.Length; row++)
    {
        for (int column = 0; column < rows[row].Length; column++)
        {
            using var image = SKBitmap.Decode(rows[row][column]);
            canvas.DrawBitmap(image, SKRect.Create(column * Place, row * Place, Size, Size));
        }
    }

    canvas.Flush();
    using var file = File.Create(Path.Combine("pictures", name));
    sheet.Encode(file, SKEncodedImageFormat.Png, 100);
}

// ## The source, as it is
//
// The backbone was trained on pictures of clothes (Fashion-MNIST, by `examples/FashionBackbone`) and has never seen a digit. `ImageBackbone` reads sizes and
// names from the file; each image goes through it once, and its 64 numbers are kept.
var featurizer = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.ImageBackbone("Features", Path.Combine("..", "data", "fashion-backbone.onnx")))
    .Fit(scanned);
IDataView scannedRows = ml.Data.Cache(featurizer.Transform(scanned));
IDataView ownRows = ml.Data.Cache(featurizer.Transform(own));
IDataView laterRows = ml.Data.Cache(featurizer.Transform(later));
var source = ml.MulticlassClassification.Trainers.L2SpMaximumEntropy().Fit(scannedRows);
MulticlassClassificationMetrics Judge(ITransformer head) =>
    ml.MulticlassClassification.Evaluate(head.Transform(laterRows));
var asItIs = Judge(source);
double error = Math.Sqrt(asItIs.MicroAccuracy * (1 - asItIs.MicroAccuracy) / 497);
Console.WriteLine($"accuracy {asItIs.MicroAccuracy:0.00} +/- {error:0.00}, log-loss {asItIs.LogLoss:0.00}");

// Half of them are read right, but the log-loss is hardly better than that of plain guessing (2.3): it is just as sure where it is wrong.
//
// ## Ask first
//
// As if only five images of each class had been labelled:
Picture[] ownPictures = PicturesOf(own);
HashSet<string> Draw(int perClass, int seed)
{
    Picture[] shuffled = [.. ownPictures];
    new Random(seed).Shuffle(shuffled);
    return shuffled.GroupBy(p => p.Label).SelectMany(g => g.Take(perClass))
        .Select(p => p.ImagePath).ToHashSet();
}
IDataView Only(IDataView rows, HashSet<string> paths) =>
    ml.Data.Cache(ml.Data.FilterByCustomPredicate<Place>(rows, p => !paths.Contains(p.ImagePath)));
HashSet<string> fifty = Draw(perClass: 5, seed: 0);
TransferAdvice advice = ml.MulticlassClassification.AdviseTransfer(
    scannedRows, Only(ownRows, fifty), new() { SourceTauCount = 7 });
Console.WriteLine(advice);

// rho is well below 1: what tells the scanned digits apart tells yours apart too, only more weakly. A source regularised as is best for itself holds to it
// too firmly, so it is retrained with the larger tau. (Seven taus of the source are compared instead of thirteen, to be quick.)
//
// ## Does it hold?
//
// One draw of fifty images is luck. So: five draws of several sizes, each judged on the 497 images; the source is the one that was best for itself, or the
// one retrained with the advice of the first draw.
var advised = ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(tau: advice.SourceTraining!.TransferOptimalTau).Fit(scannedRows);
var trainers = ml.MulticlassClassification.Trainers;
(string Name, Func<IDataView, ITransformer> Fit)[] ways =
[
    ("own images alone", rows => trainers.L2SpMaximumEntropy().Fit(rows)),
    ("from the source", rows => trainers.L2SpMaximumEntropy(startingPoint: source.Model).Fit(rows)),
    ("from the source as advised", rows => trainers.L2SpMaximumEntropy(startingPoint: advised.Model).Fit(rows)),
];
// A mean over the draws, and its standard error.
string Mean(IEnumerable<double> values)
{
    var (mean, count) = (values.Average(), values.Count());
    double variance = values.Sum(v => (v - mean) * (v - mean)) / (count - 1);
    return $"{mean,5:0.00} +/- {Math.Sqrt(variance / count):0.00}";
}
Console.WriteLine("a class                              accuracy         log-loss         against alone");
foreach (int perClass in new[] { 2, 5, 20 })
{
    IDataView[] draws = Enumerable.Range(0, 5).Select(seed => Only(ownRows, Draw(perClass, seed))).ToArray();
    double[]? alone = null;
    foreach (var (name, fit) in ways)
    {
        var judged = draws.Select(rows => Judge(fit(rows))).ToArray();
        double[] losses = judged.Select(m => m.LogLoss).ToArray();
        string accuracy = Mean(judged.Select(m => m.MicroAccuracy));
        string gain = alone is null ? "" : Mean(losses.Zip(alone, (loss, other) => loss - other));
        Console.WriteLine($"{perClass,7}  {name,-26} {accuracy}   {Mean(losses)}   {gain}".TrimEnd());
        alone ??= losses;
    }
}

// Two images a class: coming from the source as advised reads more of them right than the images alone, and knows better how sure it is. From the source that
// was best for itself about as many are read right, but the log-loss is worse than without any source, at every size: it is sure of what it
// misreads. With five a class the gain is within a point or two; with twenty the own images suffice, and transfer as advised neither gains nor harms. The errors
// are those of the draws; that 497 images judge adds about 0.02 to an accuracy, the same for all ways.
//
// ## As one saved model
//
// Featurisation, backbone and classifier in one chain; `FineTune` takes images as they lie in their folders and moves the classifier. The file is loaded by
// a program that references ML.NET's own packages alone.
var names = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(advised.Transform(scannedRows));
var production = featurizer.Append(advised).Append(names);
ITransformer tuned = ml.Model.FineTune(production, Only(own, fifty));
ml.Model.Save(tuned, own.Schema, "own.zip");
var engine = ml.Model.CreatePredictionEngine<Picture, Sorted>(ml.Model.Load("own.zip", out _));
var read = PicturesOf(later).Select(p => (Picture: p, As: engine.Predict(p).PredictedLabel)).ToArray();
Console.WriteLine($"read right: {read.Average(r => r.As == r.Picture.Label ? 1.0 : 0):0.00} of {read.Length}");
// Of each class the first that is misread.
var misread = read.Where(r => r.As != r.Picture.Label).GroupBy(r => r.Picture.Label)
    .Select(g => g.First()).ToArray();
Console.WriteLine(string.Join(", ", misread.Select(r => $"{r.Picture.Label} as {r.As}")));
Sheet("misread.png", misread.Select(r => r.Picture.ImagePath).ToArray());

class Picture
{
    public string ImagePath { get; set; } = "";
    public string Label { get; set; } = "";
}

class Place
{
    public string ImagePath { get; set; } = "";
}

class Sorted
{
    public string PredictedLabel { get; set; } = "";
}
