// Somebody's service that knows Microsoft.ML, its ImageAnalytics and its OnnxTransformer only: loads a model, scores the rows of a text
// file, and prints what it got as JSON. Usage: Transfer.MLNet.OnnxConsumer model.zip rows.tsv (rows: one header line, tabs, the features;
// or images' paths)
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: Transfer.MLNet.OnnxConsumer model.zip rows.tsv");
    return 2;
}

var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out var schema);
var column = schema?.GetColumnOrNull("Features") is { } features
    ? new TextLoader.Column("Features", DataKind.Single, 0, ((VectorDataViewType)features.Type).Size - 1)
    : new TextLoader.Column("ImagePath", DataKind.String, 0);
var rows = ml.Data.LoadFromTextFile(args[1], [column], hasHeader: true);
var predicted = model.Transform(rows);
var scored = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(predicted).Transform(predicted);
Console.WriteLine(JsonSerializer.Serialize(new
{
    scores = scored.GetColumn<float[]>("Score").ToArray(),
    labels = scored.GetColumn<string>("PredictedLabel").ToArray(),
    assemblies = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name).ToArray(),
}));
return 0;
