// text-classification.ipynb as a program: dotnet run text-classification.cs
// Made from source/text-classification.md by the command in README.md: edit that one.
#:project ../../src/Transfer.MLNet/Transfer.MLNet.csproj
#:property TreatWarningsAsErrors=false
#:property NoWarn=$(NoWarn);CA1050;CA1812;CA1852
#:property PublishAot=false
using Microsoft.ML.Data;
using Microsoft.ML;
using Transfer.MLNet;

// Files are found from this folder, wherever the program is run from.
Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);
Directory.CreateDirectory("pictures");

// # Text: a classifier moved to how others write
//
// Messages to a company are sorted by topic. There are thousands from one country, and sixty from another where people use some words of their own.
// Text gives thousands of features; they stay sparse throughout.
var ml = new MLContext(seed: 1);
// Each topic has words of its own; where the target is, people use some others besides.
Message[] Write(int count, bool abroad, int seed)
{
    string[] topics = ["billing", "delivery", "returns"];
    var random = new Random(seed);
    return Enumerable.Range(0, count).Select(_ =>
    {
        int topic = random.Next(3);
        var words = Enumerable.Range(0, 20).Select(_ => random.Next(100) switch
        {
            < 10 => $"w{40 * topic + random.Next(40)}",
            < 16 when abroad => $"w{200 + 40 * topic + random.Next(40)}",
            _ => $"w{500 + random.Next(500)}",
        });
        return new Message { Text = string.Join(' ', words), Topic = topics[topic] };
    }).ToArray();
}

// One featurisation and one mapping of topics to keys, fitted on the source:
IDataView source = ml.Data.LoadFromEnumerable(Write(3000, abroad: false, seed: 1));
IDataView target = ml.Data.LoadFromEnumerable(Write(60, abroad: true, seed: 2));
IDataView later = ml.Data.LoadFromEnumerable(Write(2000, abroad: true, seed: 3));
var featurizer = ml.Transforms.Text.FeaturizeText("Features", "Text")
    .Append(ml.Transforms.Conversion.MapValueToKey("Label", "Topic"))
    .Fit(source);
IDataView sourceRows = ml.Data.Cache(featurizer.Transform(source)), targetRows = ml.Data.Cache(featurizer.Transform(target)), laterRows = featurizer.Transform(later);
Console.WriteLine($"{((VectorDataViewType)sourceRows.Schema["Features"].Type).Size} features");
var sourceModel = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(sourceRows);        // ML.NET's own
var tuned = ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(startingPoint: sourceModel.Model).Fit(targetRows);
var alone = ml.MulticlassClassification.Trainers.L2SpMaximumEntropy().Fit(targetRows);
void Report(string name, ITransformer model)
{
    var metrics = ml.MulticlassClassification.Evaluate(model.Transform(laterRows));
    Console.WriteLine($"{name}: accuracy {metrics.MicroAccuracy:0.00}, log-loss {metrics.LogLoss:0.00}");
}
Report("sixty messages alone", alone);
Report("source as it is     ", sourceModel);
Report("fine-tuned          ", tuned);

// The classes are matched by name: a source whose topics stand in another order, or that lacks one of them, is taken as it should be. tau was
// chosen by cross-validation on the sixty messages.
//
// ## As one saved model
//
// With the featurisation and the names of the topics, as a service wants it; `FineTune` finds the classifier in the chain:
var production = featurizer.Append(sourceModel).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(sourceModel.Transform(sourceRows)));
ITransformer retrained = ml.Model.FineTune(production, target);
ml.Model.Save(retrained, source.Schema, "topics.zip");
var engine = ml.Model.CreatePredictionEngine<Message, Sorted>(ml.Model.Load("topics.zip", out _));
foreach (Message message in Write(5, abroad: true, seed: 9))
{
    Console.WriteLine($"{engine.Predict(message).PredictedLabel} (it is {message.Topic})");
}

class Message
{
    public string Text { get; set; } = "";
    public string Topic { get; set; } = "";
}

class Sorted
{
    public string PredictedLabel { get; set; } = "";
}
