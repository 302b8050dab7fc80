// retraining.ipynb as a program: dotnet run retraining.cs
// Made from source/retraining.md by the command in README.md: edit that one.
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

// # Retraining a model that is in production
//
// A model was trained on last year's rows and saved. This month's rows are few, and the world has moved a little. Training on them alone throws last
// year away; keeping the model ignores what has changed. `FineTune` keeps the model's featurisation and moves its last linear layer towards the new
// rows, as far as they justify.
var ml = new MLContext(seed: 1);

// Rides of a bicycle rental, made up: what was true last year holds still, but for the weather, which matters more, and for weekends.
Ride[] Rides(int count, double weather, double weekend, int seed)
{
    var random = new Random(seed);
    return Enumerable.Range(0, count).Select(_ =>
    {
        var ride = new Ride
        {
            Temperature = random.Next(-5, 35), Rain = 10 * random.NextSingle(), Wind = random.Next(0, 60), Hour = random.Next(6, 22),
            Weekend = random.Next(7) < 2 ? "yes" : "no", Station = "station " + random.Next(8),
        };
        double expected = 80 + weather * (3 * ride.Temperature - 6 * ride.Rain - 0.5 * ride.Wind) + (ride.Weekend == "yes" ? weekend : 0) + 5 * (ride.Station[^1] - '0');
        ride.Rentals = (float)(expected + 30 * (random.NextDouble() + random.NextDouble() - 1));
        return ride;
    }).ToArray();
}

// ## Last year: an ordinary ML.NET pipeline
//
// Nothing of this library in it, and nothing needs to be: any linear model that ML.NET trained can be moved.
IDataView lastYear = ml.Data.LoadFromEnumerable(Rides(20_000, weather: 1, weekend: 10, seed: 1));
var pipeline = ml.Transforms.Categorical.OneHotEncoding(new[] { new InputOutputColumnPair("Weekend"), new InputOutputColumnPair("Station") })
    .Append(ml.Transforms.Concatenate("Features", "Temperature", "Rain", "Wind", "Hour", "Weekend", "Station"))
    .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
    .AppendCacheCheckpoint(ml)
    .Append(ml.Regression.Trainers.Sdca(labelColumnName: "Rentals"));
ml.Model.Save(pipeline.Fit(lastYear), lastYear.Schema, "production.zip");

// ## This month: one call
IDataView thisMonth = ml.Data.LoadFromEnumerable(Rides(60, weather: 1.4, weekend: 35, seed: 2));
ITransformer production = ml.Model.Load("production.zip", out DataViewSchema schema);
ITransformer retrained = ml.Model.FineTune(production, thisMonth, new() { LabelColumnName = "Rentals" });
ml.Model.Save(retrained, schema, "retrained.zip");

// tau, how strongly the weights are held to the old ones, was chosen by exact leave-one-out on the new rows. Compare on rows that nobody has seen:
IDataView later = ml.Data.LoadFromEnumerable(Rides(5_000, weather: 1.4, weekend: 35, seed: 3));
double Error(ITransformer model) => ml.Regression.Evaluate(model.Transform(later), labelColumnName: "Rentals").RootMeanSquaredError;
ITransformer alone = pipeline.Fit(thisMonth);
Console.WriteLine($"as it was:             {Error(production):0.0}");
Console.WriteLine($"this month alone:      {Error(alone):0.0}");
Console.WriteLine($"fine-tuned:            {Error(retrained):0.0}");

// The old file is still there, and the new one has the same columns: the service that loads it need not change.
ITransformer inService = ml.Model.Load("retrained.zip", out _);
var engine = ml.Model.CreatePredictionEngine<Ride, Forecast>(inService);
Console.WriteLine($"{engine.Predict(new Ride { Temperature = 22, Rain = 0, Wind = 10, Hour = 12, Weekend = "yes", Station = "station 3" }).Score:0} rentals");

class Ride
{
    public float Temperature { get; set; }
    public float Rain { get; set; }
    public float Wind { get; set; }
    public float Hour { get; set; }
    public string Weekend { get; set; } = "";
    public string Station { get; set; } = "";
    public float Rentals { get; set; }
}

class Forecast
{
    public float Score { get; set; }
}
