using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace Transfer.MLNet.Tests.Trees;

/// <summary>Every model of trees that ML.NET 5.0.1 trains, by name.</summary>
internal static class StockTrees
{
    private const int Trees = 12;

    public static readonly string[] Names =
    [
        "FastTreeRegression", "FastTreeTweedie", "FastTreeBinary", "FastTreeRanking", "FastForestRegression", "FastForestBinary",
        "GamRegression", "GamBinary", "LightGbmRegression", "LightGbmBinary", "LightGbmRanking", "LightGbmSoftmax", "LightGbmOneVersusAll",
        "OneVersusAllOfFastTree", "OneVersusAllOfFastForest", "OneVersusAllOfGam",
    ];

    public static string LabelOf(string name) => name switch
    {
        "FastTreeTweedie" => "Rate",
        _ when name.Contains("Ranking", StringComparison.Ordinal) => "Rank",
        _ when name.Contains("OneVersusAll", StringComparison.Ordinal) || name == "LightGbmSoftmax" => "Key",
        _ when name.Contains("Binary", StringComparison.Ordinal) => "Flag",
        _ => "Number",
    };

    /// <summary>A fitted transformer.</summary>
    public static ITransformer Train(MLContext ml, string name, IDataView rows) => name switch
    {
        "FastTreeRegression" => ml.Regression.Trainers.FastTree("Number", numberOfTrees: Trees).Fit(rows),
        "FastTreeTweedie" => ml.Regression.Trainers.FastTreeTweedie("Rate", numberOfTrees: Trees).Fit(rows),
        "FastTreeBinary" => ml.BinaryClassification.Trainers.FastTree("Flag", numberOfTrees: Trees).Fit(rows),
        "FastTreeRanking" => ml.Ranking.Trainers.FastTree("Rank", rowGroupColumnName: "GroupId", numberOfTrees: Trees).Fit(rows),
        "FastForestRegression" => ml.Regression.Trainers.FastForest("Number", numberOfTrees: Trees).Fit(rows),
        "FastForestBinary" => ml.BinaryClassification.Trainers.FastForest("Flag", numberOfTrees: Trees).Fit(rows),
        "GamRegression" => ml.Regression.Trainers.Gam("Number", numberOfIterations: 300).Fit(rows),
        "GamBinary" => ml.BinaryClassification.Trainers.Gam("Flag", numberOfIterations: 300).Fit(rows),
        "LightGbmRegression" => ml.Regression.Trainers.LightGbm("Number", numberOfIterations: Trees).Fit(rows),
        "LightGbmBinary" => ml.BinaryClassification.Trainers.LightGbm("Flag", numberOfIterations: Trees).Fit(rows),
        "LightGbmRanking" => ml.Ranking.Trainers.LightGbm("Rank", rowGroupColumnName: "GroupId", numberOfIterations: Trees).Fit(rows),
        "LightGbmSoftmax" => ml.MulticlassClassification.Trainers.LightGbm(
            new LightGbmMulticlassTrainer.Options { LabelColumnName = "Key", NumberOfIterations = Trees, UseSoftmax = true }).Fit(rows),
        "LightGbmOneVersusAll" => ml.MulticlassClassification.Trainers.LightGbm("Key", numberOfIterations: Trees).Fit(rows),
        "OneVersusAllOfFastTree" => ml.MulticlassClassification.Trainers.OneVersusAll(
            ml.BinaryClassification.Trainers.FastTree("Key", numberOfTrees: Trees), "Key").Fit(rows),
        "OneVersusAllOfFastForest" => ml.MulticlassClassification.Trainers.OneVersusAll(
            ml.BinaryClassification.Trainers.FastForest("Key", numberOfTrees: Trees), "Key").Fit(rows),
        "OneVersusAllOfGam" => ml.MulticlassClassification.Trainers.OneVersusAll(
            ml.BinaryClassification.Trainers.Gam("Key", numberOfIterations: 300), "Key").Fit(rows),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such model."),
    };

    /// <summary>The scores of all rows: one a row, or one a class of a row.</summary>
    public static float[] Scores(ITransformer model, IDataView rows)
    {
        var scored = model.Transform(rows);
        return scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score").SelectMany(s => s)]
            : [.. scored.GetColumn<float>("Score")];
    }

    public static IReadOnlyList<Type> PublicTypes => [typeof(FastTreeRegressionTrainer), typeof(LightGbmRegressionTrainer)];
}
