using System.Globalization;
using Microsoft.ML;
using Transfer.MLNet;
using Transfer.MLNet.Files;

namespace RetrainingService;

/// <summary>The model on the disk: what the service starts with, and what it leaves behind.</summary>
internal sealed class ModelFile(MLContext ml, string path)
{
    /// <summary>The saved model; where there is none, one of the sales that lie beside the program.</summary>
    public (ITransformer Model, DataViewSchema Schema) LoadOrTrain()
    {
        if (File.Exists(path))
        {
            return (ml.Model.Load(path, out var schema), schema);
        }

        var sales = ml.Data.LoadFromEnumerable(Sales(Path.Combine(AppContext.BaseDirectory, "ames.csv"), expensive: false));
        string[] features = [nameof(House.LotArea), nameof(House.YearBuilt), nameof(House.BasementArea), nameof(House.LivingArea),
            nameof(House.GarageCars)];
        var model = ml.Transforms.Concatenate("Features", features)
            .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Append(ml.Regression.Trainers.L2SpRidge(labelColumnName: nameof(Sale.Price)))
            .Fit(sales);
        var input = ml.Data.LoadFromEnumerable<House>([]).Schema;
        Save(model, input);
        return (model, input);
    }

    /// <summary>Written beside and moved: a program that reads it meanwhile sees the old model or the new one.</summary>
    public void Save(ITransformer model, DataViewSchema schema) => AtomicFile.Write(path, stream => ml.Model.Save(model, schema, stream));

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
}
