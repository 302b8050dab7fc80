using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

// Somebody's programs that know ML.NET alone: one trains and saves, the other serves what lies there.
//   train FOLDER    lightgbm.zip and fasttree.zip, and rows.tsv of another shop
//   serve FOLDER    prints the bits of the scores of every moved-*.zip
var ml = new MLContext(seed: 1);
ml.ComponentCatalog.RegisterAssembly(typeof(FastTreeRegressionTrainer).Assembly);
ml.ComponentCatalog.RegisterAssembly(typeof(LightGbmRegressionTrainer).Assembly);
string At(string file) => Path.Combine(args[1], file);
if (args[0] == "train")
{
    Write(At("source.tsv"), 500, seed: 1, shift: 0);
    Write(At("rows.tsv"), 80, seed: 2, shift: 3);
    var rows = ml.Data.LoadFromTextFile<Sale>(At("source.tsv"));
    var features = ml.Transforms.Concatenate("Features", nameof(Sale.Area), nameof(Sale.Year), nameof(Sale.Rooms));
    ml.Model.Save(features.Append(ml.Regression.Trainers.LightGbm(numberOfIterations: 20)).Fit(rows), rows.Schema, At("lightgbm.zip"));
    ml.Model.Save(features.Append(ml.Regression.Trainers.FastTree(numberOfTrees: 20)).Fit(rows), rows.Schema, At("fasttree.zip"));
    return;
}

foreach (var file in Directory.GetFiles(args[1], "moved-*.zip").Order(StringComparer.Ordinal))
{
    var scored = ml.Model.Load(file, out _).Transform(ml.Data.LoadFromTextFile<Sale>(At("rows.tsv")));
    Console.WriteLine($"{Path.GetFileName(file)} "
        + $"{string.Join(' ', scored.GetColumn<float>("Score").Select(BitConverter.SingleToInt32Bits))}");
}

static void Write(string file, int count, int seed, float shift)
{
    var random = new Random(seed);
    File.WriteAllLines(file, Enumerable.Range(0, count).Select(_ =>
    {
        var (area, year, rooms) = (random.NextSingle(), random.NextSingle(), random.Next(1, 6));
        var price = shift + (3 * area) - (2 * year * area) + (rooms > 3 ? 1 : 0) + (0.1f * random.NextSingle());
        return FormattableString.Invariant($"{price}\t{area}\t{year}\t{rooms}");
    }));
}

internal sealed class Sale
{
    [LoadColumn(0)]
    public float Label { get; set; }

    [LoadColumn(1)]
    public float Area { get; set; }

    [LoadColumn(2)]
    public float Year { get; set; }

    [LoadColumn(3)]
    public float Rooms { get; set; }
}
