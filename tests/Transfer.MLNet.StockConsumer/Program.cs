// Somebody's service that knows only Microsoft.ML: loads a model, scores the rows of a text file, and prints what it got as JSON.
// Usage: Transfer.MLNet.StockConsumer model.zip rows.tsv    (rows: one header line, tabs, the columns of the model's input in their order)
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: Transfer.MLNet.StockConsumer model.zip rows.tsv");
    return 2;
}

var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out var schema);
var position = 0;
var columns = schema.Where(c => !c.IsHidden).Select(c =>
{
    var size = (c.Type as VectorDataViewType)?.Size ?? 1;
    var range = new TextLoader.Range(position, position + size - 1) { ForceVector = c.Type is VectorDataViewType };
    position += size;
    return new TextLoader.Column(c.Name, KindOf(c.Type), [range]);
}).ToArray();
var rows = ml.Data.LoadFromTextFile(args[1], columns, separatorChar: '\t', hasHeader: true);
var scored = model.Transform(rows);

// What follows is written as its owner would: by ML.NET's types.
var (weights, biases) = Predictors(model).Reverse().Select(Linear).FirstOrDefault(found => found.Weights.Length > 0, ([], []));
Console.WriteLine(JsonSerializer.Serialize(new
{
    scores = scored.Schema["Score"].Type is VectorDataViewType ? scored.GetColumn<float[]>("Score").SelectMany(s => s).ToArray()
        : [.. scored.GetColumn<float>("Score")],
    labels = scored.Schema.GetColumnOrNull("PredictedLabel") switch
    {
        { Type: BooleanDataViewType } column => scored.GetColumn<bool>(column).Select(l => l.ToString()).ToArray(),
        { Type: TextDataViewType } column => [.. scored.GetColumn<string>(column)],
        _ => [],
    },
    weights,
    biases,
    assemblies = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name).ToArray(),
}));
return 0;

static (float[] Weights, float[] Biases) Linear(ITransformer predictor)
{
    switch (predictor)
    {
        case RegressionPredictionTransformer<LinearRegressionModelParameters> { Model: var model }:
            return ([.. model.Weights], [model.Bias]);
        case RegressionPredictionTransformer<PoissonRegressionModelParameters> { Model: var model }:
            return ([.. model.Weights], [model.Bias]);
        case BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters,
            PlattCalibrator>> { Model.SubModel: var model }:
            return ([.. model.Weights], [model.Bias]);
        case MulticlassPredictionTransformer<MaximumEntropyModelParameters> { Model: var model }:
            VBuffer<float>[]? weights = null;
            model.GetWeights(ref weights!, out _);
            return ([.. weights.SelectMany(w => w.DenseValues())], [.. model.GetBiases()]);
        default:
            return ([], []);
    }
}

static DataKind KindOf(DataViewType type) => ((type as VectorDataViewType)?.ItemType ?? type) switch
{
    NumberDataViewType { RawType: var raw } when raw == typeof(float) => DataKind.Single,
    BooleanDataViewType => DataKind.Boolean,
    TextDataViewType => DataKind.String,
    var other => throw new NotSupportedException($"Columns of {other} are not read here."),
};

static IEnumerable<ITransformer> Predictors(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Predictors)
    : [model];
