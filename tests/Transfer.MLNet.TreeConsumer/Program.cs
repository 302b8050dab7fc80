// Somebody's service that knows only Microsoft.ML, FastTree and LightGbm: loads the models of a folder, scores the rows of a file with
// each, and writes the scores beside it, bit for bit.
// Usage: Transfer.MLNet.TreeConsumer folder    (model-NAME.zip -> scores-NAME.bin; rows.bin: p, then rows of p Singles)
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

var ml = new MLContext();

// A program that trains with these packages has them loaded; one that only serves has to name them.
ml.ComponentCatalog.RegisterAssembly(typeof(FastTreeRegressionTrainer).Assembly);
ml.ComponentCatalog.RegisterAssembly(typeof(LightGbmRegressionTrainer).Assembly);
var rows = Rows(Path.Combine(args[0], "rows.bin"));
foreach (var file in Directory.GetFiles(args[0], "model-*.zip").Order(StringComparer.Ordinal))
{
    var model = ml.Model.Load(file, out _);
    var definition = SchemaDefinition.Create(typeof(Row));
    definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
    var scored = model.Transform(ml.Data.LoadFromEnumerable(rows, definition));
    var scores = scored.Schema["Score"].Type is VectorDataViewType
        ? scored.GetColumn<float[]>("Score").SelectMany(s => s)
        : scored.GetColumn<float>("Score");
    using var writer = new BinaryWriter(
        File.Create(Path.Combine(args[0], Path.GetFileNameWithoutExtension(file).Replace("model-", "scores-", StringComparison.Ordinal)
        + ".bin")));
    foreach (var score in scores)
    {
        writer.Write(score);
    }
}

Console.WriteLine(string.Join(' ', AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name)));

static Row[] Rows(string file)
{
    using var reader = new BinaryReader(File.OpenRead(file));
    var p = reader.ReadInt32();
    var rows = new List<Row>();
    while (reader.BaseStream.Position < reader.BaseStream.Length)
    {
        rows.Add(new() { Features = [.. Enumerable.Range(0, p).Select(_ => reader.ReadSingle())] });
    }

    return [.. rows];
}

internal sealed class Row
{
    public float[] Features { get; set; } = [];

    public uint GroupId { get; set; } = 1;
}
