using System.Globalization;
using Microsoft.ML;
using Transfer.MLNet;

namespace RetrainingService;

/// <summary>The versions on the disk: what the service starts with, and what it leaves behind.</summary>
internal sealed class Models(MLContext ml, string folder)
{
    public ModelStore Store { get; } = new(folder);

    /// <summary>The current version; where there is none, one of the sales that lie beside the program.</summary>
    public (ITransformer Model, DataViewSchema Schema, int Version) LoadOrTrain()
    {
        if (Store.Current is null)
        {
            Add();
        }

        return Load();
    }

    public (ITransformer Model, DataViewSchema Schema, int Version) Load()
    {
        var version = Store.Current!.Number;
        return (Store.Load(ml.Model, version, out var schema), schema, version);
    }

    /// <summary>House sales of Ames, Iowa: in five expensive neighbourhoods, or elsewhere.</summary>
    public static IEnumerable<Sale> Sales(string csv, bool expensive)
    {
        string[] there = ["Northridge", "Northridge_Heights", "Stone_Brook", "Timberland", "Veenker"];
        var lines = File.ReadLines(csv);
        var header = lines.First().Split(',');
        int At(string name) => Array.IndexOf(header, name);
        var (place, lot, year, basement, living, cars, price) = (
            At("Neighborhood"), At("Lot_Area"), At("Year_Built"), At("Total_Bsmt_SF"), At("Gr_Liv_Area"), At("Garage_Cars"),
            At("Sale_Price"));
        foreach (var cells in lines.Skip(1).Select(l => l.Split(',')).Where(c => there.Contains(c[place]) == expensive))
        {
            float Number(int column) => float.Parse(cells[column], CultureInfo.InvariantCulture);
            yield return new Sale
            {
                LotArea = Number(lot),
                YearBuilt = Number(year),
                BasementArea = Number(basement),
                LivingArea = Number(living),
                GarageCars = Number(cars),
                Price = Number(price),
            };
        }
    }

    // A fifth is held out: what the first batches are compared with.
    private void Add()
    {
        var sales = ml.Data.LoadFromEnumerable(Sales(Path.Combine(AppContext.BaseDirectory, "ames.csv"), expensive: false));
        var parts = ml.Data.TrainTestSplit(sales, testFraction: 0.2, seed: 1);
        string[] features = [nameof(House.LotArea), nameof(House.YearBuilt), nameof(House.BasementArea), nameof(House.LivingArea),
            nameof(House.GarageCars)];
        var model = ml.Transforms.Concatenate("Features", features)
            .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Append(ml.Regression.Trainers.L2SpRidge(labelColumnName: nameof(Sale.Price)))
            .Fit(parts.TrainSet);
        Store.Add(ml.Model, model, ml.Data.LoadFromEnumerable<House>([]).Schema, parts.TestSet, nameof(Sale.Price), "the first");
    }
}
