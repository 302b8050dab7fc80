using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Xunit;

namespace Transfer.MLNet.Tests.Trees;

/// <summary>
/// The table of docs/starting-points.md against the trainers that ML.NET has, and against what FineTune does with each of them.
/// </summary>
public sealed partial class TrainerTableTests
{
    private static readonly Dictionary<string, string> _rows = Table();

    /// <summary>Every public trainer of Microsoft.ML, Microsoft.ML.FastTree and Microsoft.ML.LightGbm.</summary>
    private static IEnumerable<string> Trainers =>
        new[] { typeof(SdcaRegressionTrainer), typeof(KMeansTrainer), typeof(RandomizedPcaTrainer), typeof(FastTreeRegressionTrainer),
        typeof(LightGbmRegressionTrainer) }
        .SelectMany(t => t.Assembly.GetExportedTypes())
        .Where(t => t is { IsAbstract: false, IsGenericTypeDefinition: false } && t.Name.EndsWith("Trainer", StringComparison.Ordinal)
            && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEstimator<>)))
        .Select(t => t.Name[..^"Trainer".Length]);

    [Fact]
    public void Every_trainer_has_a_row_and_every_row_is_of_a_trainer()
        => Assert.Equal(Trainers.Order(StringComparer.Ordinal), _rows.Keys.Order(StringComparer.Ordinal));

    /// <summary>That trees are moved, each of them, the other tests show; here that the table says so.</summary>
    [Fact]
    public void Trees_are_moved_and_rankers_are_not()
    {
        foreach (var trainer in new[] { typeof(FastTreeRegressionTrainer), typeof(LightGbmRegressionTrainer) }.SelectMany(
            t => t.Assembly.GetExportedTypes()).Select(t => t.Name).Where(n => n.EndsWith("Trainer", StringComparison.Ordinal)))
        {
            if (_rows.TryGetValue(trainer[..^"Trainer".Length], out var moved))
            {
                Assert.Equal(trainer.Contains("Ranking", StringComparison.Ordinal) ? "no" : "yes, with Transfer.MLNet.Trees", moved);
            }
        }
    }

    [Theory]
    [InlineData("Prior", "Train it on the new rows")]
    [InlineData("LdSvm", "Train LinearSvm on the source")]
    [InlineData("FieldAwareFactorizationMachine", "ML.NET trains it further")]
    [InlineData("NaiveBayesMulticlass", "LbfgsMaximumEntropy on the source")]
    [InlineData("KMeans", "It has no label to move to")]
    [InlineData("RandomizedPca", "It has no label to move to")]
    public void What_is_not_moved_is_refused_with_what_to_do_instead(string trainer, string instead)
    {
        var ml = new MLContext(seed: 1);
        var rows = new Sample(60, seed: 1).View(ml);
        ITransformer model = trainer switch
        {
            "Prior" => ml.BinaryClassification.Trainers.Prior("Flag").Fit(rows),
            "LdSvm" => ml.BinaryClassification.Trainers.LdSvm("Flag").Fit(rows),
            "FieldAwareFactorizationMachine" => ml.BinaryClassification.Trainers.FieldAwareFactorizationMachine(["Features"], "Flag")
                .Fit(rows),
            "NaiveBayesMulticlass" => ml.MulticlassClassification.Trainers.NaiveBayes("Key").Fit(rows),
            "KMeans" => ml.Clustering.Trainers.KMeans(numberOfClusters: 3).Fit(rows),
            _ => ml.AnomalyDetection.Trainers.RandomizedPca(rank: 2).Fit(rows),
        };
        Assert.StartsWith("no", _rows[trainer], StringComparison.Ordinal);
        var complaint = Assert.Throws<ArgumentException>(() => ml.Model.FineTune(model, rows, new() { LabelColumnName = "Number" }));
        Assert.Contains(instead, complaint.Message, StringComparison.Ordinal);
        Assert.Contains("docs/starting-points.md", complaint.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SdcaRegression", "yes")]
    [InlineData("OnlineGradientDescent", "yes")]
    [InlineData("LbfgsLogisticRegressionBinary", "yes")]
    [InlineData("AveragedPerceptron", "yes")]
    [InlineData("LinearSvm", "yes")]
    [InlineData("LbfgsMaximumEntropyMulticlass", "yes")]
    [InlineData("OneVersusAll", "yes")]
    [InlineData("PairwiseCoupling", "yes")]
    [InlineData("LbfgsPoissonRegression", "yes")]
    public void Linear_models_are_moved(string trainer, string moved)
    {
        var ml = new MLContext(seed: 1);
        var rows = new Sample(60, seed: 1).View(ml);
        var (label, model) = trainer switch
        {
            "SdcaRegression" => ("Number", (ITransformer)ml.Regression.Trainers.Sdca("Number").Fit(rows)),
            "OnlineGradientDescent" => ("Number", ml.Regression.Trainers.OnlineGradientDescent("Number").Fit(rows)),
            "LbfgsLogisticRegressionBinary" => ("Flag", ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Flag").Fit(rows)),
            "AveragedPerceptron" => ("Flag", ml.BinaryClassification.Trainers.AveragedPerceptron("Flag").Fit(rows)),
            "LinearSvm" => ("Flag", ml.BinaryClassification.Trainers.LinearSvm("Flag").Fit(rows)),
            "LbfgsMaximumEntropyMulticlass" => ("Key", ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key").Fit(rows)),
            "LbfgsPoissonRegression" => ("Count", ml.Regression.Trainers.LbfgsPoissonRegression("Count").Fit(rows)),
            "PairwiseCoupling" => (
                "Key", ml.MulticlassClassification.Trainers.PairwiseCoupling(
                    ml.BinaryClassification.Trainers.SdcaLogisticRegression("Key"), "Key").Fit(rows)),
            _ => ("Key", ml.MulticlassClassification.Trainers.OneVersusAll(
                ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Key"), "Key").Fit(rows)),
        };
        Assert.StartsWith(moved, _rows[trainer], StringComparison.Ordinal);
        Assert.NotSame(model, ml.Model.FineTune(model, rows, out var report, new() { LabelColumnName = label, CompareWays = false }));
        Assert.Equal(FineTuneWay.FromModel, report.Way);
    }

    private static Dictionary<string, string> Table()
    {
        var page = File.ReadAllText(Checkout.PathOf("docs", "starting-points.md"));
        return Row().Matches(page[page.IndexOf("## Every trainer of ML.NET", StringComparison.Ordinal)..])
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
    }

    [GeneratedRegex(@"^\| `(\w+)` \| ([^|]+) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
