using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Models;

/// <summary>
/// The table of docs/starting-points.md: every row of it is a case here, and its weights are held against what the model predicts.
/// </summary>
public class StartingPointTableTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static readonly Dictionary<string, Func<IDataView, ITransformer>> Trainers = new()
    {
        ["Regression.Sdca"] = d => Ml.Regression.Trainers.Sdca().Fit(d),
        ["Regression.OnlineGradientDescent"] = d => Ml.Regression.Trainers.OnlineGradientDescent().Fit(d),
        ["Regression.LbfgsPoissonRegression"] = d => Ml.Regression.Trainers.LbfgsPoissonRegression().Fit(d),
        ["Regression.L2SpPoissonRegression"] = d => Ml.Regression.Trainers.L2SpPoissonRegression(tau: 1e-2).Fit(d),
        ["Regression.L2SpRidge"] = d => Ml.Regression.Trainers.L2SpRidge().Fit(d),
        ["BinaryClassification.LbfgsLogisticRegression"] = d => Ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(d),
        ["BinaryClassification.SdcaLogisticRegression"] = d => Ml.BinaryClassification.Trainers.SdcaLogisticRegression("Positive").Fit(d),
        ["BinaryClassification.SgdCalibrated"] = d => Ml.BinaryClassification.Trainers.SgdCalibrated("Positive").Fit(d),
        ["BinaryClassification.L2SpLogisticRegression"] = d =>
            Ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Positive").Fit(d),
        ["BinaryClassification.SdcaNonCalibrated"] = d => Ml.BinaryClassification.Trainers.SdcaNonCalibrated("Positive").Fit(d),
        ["BinaryClassification.SgdNonCalibrated"] = d => Ml.BinaryClassification.Trainers.SgdNonCalibrated("Positive").Fit(d),
        ["BinaryClassification.AveragedPerceptron"] = d => Ml.BinaryClassification.Trainers.AveragedPerceptron("Positive").Fit(d),
        ["BinaryClassification.LinearSvm"] = d => Ml.BinaryClassification.Trainers.LinearSvm("Positive").Fit(d),
        ["BinaryClassification.AveragedPerceptron, then Calibrators.Platt"] = d =>
            Ml.BinaryClassification.Trainers.AveragedPerceptron("Positive")
            .Append(Ml.BinaryClassification.Calibrators.Platt("Positive")).Fit(d),
        ["BinaryClassification.LinearSvm, then Calibrators.Isotonic"] = d => Ml.BinaryClassification.Trainers.LinearSvm("Positive")
            .Append(Ml.BinaryClassification.Calibrators.Isotonic("Positive")).Fit(d),
        ["MulticlassClassification.LbfgsMaximumEntropy"] = d => Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key").Fit(d),
        ["MulticlassClassification.SdcaMaximumEntropy"] = d => Ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Key").Fit(d),
        ["MulticlassClassification.L2SpMaximumEntropy"] = d =>
            Ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(labelColumnName: "Key").Fit(d),
        ["MulticlassClassification.SdcaNonCalibrated"] = d => Ml.MulticlassClassification.Trainers.SdcaNonCalibrated("Key").Fit(d),
        ["MulticlassClassification.OneVersusAll of LbfgsLogisticRegression"] = d => Ml.MulticlassClassification.Trainers
            .OneVersusAll(Ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Key"), "Key").Fit(d),
        ["MulticlassClassification.OneVersusAll of AveragedPerceptron"] = d => Ml.MulticlassClassification.Trainers
            .OneVersusAll(Ml.BinaryClassification.Trainers.AveragedPerceptron("Key"), "Key").Fit(d),
        ["MulticlassClassification.OneVersusAll of AveragedPerceptron, useProbabilities: false"] = d => Ml.MulticlassClassification.Trainers
            .OneVersusAll(Ml.BinaryClassification.Trainers.AveragedPerceptron("Key"), "Key", useProbabilities: false).Fit(d),
    };

    public static TheoryData<string, string> Rows => [.. DocumentedRows().Select(r => (r.Trainer, r.Unit))];

    [Fact]
    public void Every_row_of_the_table_has_a_trainer_here_and_every_trainer_here_a_row()
        => Assert.Equal(Trainers.Keys.Order(StringComparer.Ordinal), DocumentedRows().Select(r => r.Trainer).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Its_weights_are_those_of_what_the_model_predicts_fresh_and_loaded_alone_and_in_a_chain(string trainer, string unit)
    {
        var data = Data();
        var fitted = Trainers[trainer](data);
        ITransformer chain = new TransformerChain<ITransformer>(Ml.Transforms.CopyColumns("Copy", "Label").Fit(data), fitted);

        var start = StartingPoint.From(fitted);

        Assert.Equal(unit, Describe(start.Unit));
        AssertPredicts(start, fitted, data);
        foreach (var other in new[] { chain, Reload(fitted, data), Reload(chain, data) })
        {
            var same = StartingPoint.From(other);
            Assert.Equal(start.Weights, same.Weights);
            Assert.Equal(start.Biases, same.Biases);
            Assert.Equal(start.ClassNames, same.ClassNames);
            Assert.Equal(start.Unit, same.Unit);
        }

        Assert.Equal(trainer.StartsWith("Multiclass", StringComparison.Ordinal) ? ["middle", "low", "high"] : [], start.ClassNames);
    }

    [Fact]
    public void Every_kind_of_model_converts_by_itself()
    {
        var data = Data();
        StartingPoint?[] converted =
        [
            Ml.Regression.Trainers.Sdca().Fit(data).Model,
            Ml.BinaryClassification.Trainers.LinearSvm("Positive").Fit(data).Model,
            Ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(data).Model,
            Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key").Fit(data).Model,
            Ml.MulticlassClassification.Trainers.SdcaNonCalibrated("Key").Fit(data).Model,
            Ml.MulticlassClassification.Trainers.OneVersusAll(Ml.BinaryClassification.Trainers.LinearSvm("Key"), "Key").Fit(data).Model,
        ];

        Assert.Equal([1, 1, 1, 3, 3, 3], converted.Select(c => c!.ClassCount));
        Assert.Equal(["middle", "low", "high"], converted[3]!.ClassNames);
        Assert.Empty(converted[4]!.ClassNames); // ML.NET's SDCA does not write names into its model
        Assert.Empty(converted[5]!.ClassNames);
        Assert.Null((StartingPoint?)(MaximumEntropyModelParameters?)null);
        Assert.Null((StartingPoint?)(OneVersusAllModelParameters?)null);
        Assert.Null((StartingPoint?)(CalibratedModelParametersBase?)null);
    }

    [Fact]
    public void Models_that_are_not_linear_are_refused_by_name()
    {
        var data = Data();
        var constant = Ml.MulticlassClassification.Trainers.OneVersusAll(Ml.BinaryClassification.Trainers.Prior("Key"), "Key").Fit(data);
        Assert.Contains("OneVersusAllModelParameters", Assert.Throws<ArgumentException>(() => StartingPoint.From(constant.Model)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no linear predictor", Assert.Throws<ArgumentException>(() => StartingPoint.From(constant)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_weights_of_several_classes_are_checked()
    {
        Assert.Equal([1.0, 2, 3, 4], StartingPoint.From([[1.0, 2], [3, 4]], [0.5, 0.6]).Weights);
        Assert.Contains("1 weight vectors", Assert.Throws<ArgumentException>(() => StartingPoint.From([[1.0]], [0.0])).Message,
            StringComparison.Ordinal);
        Assert.Contains("3 intercepts", Assert.Throws<ArgumentException>(() => StartingPoint.From([[1.0], [2]], [0.0, 1, 2])).Message,
            StringComparison.Ordinal);
        Assert.Contains("1 of class 2", Assert.Throws<ArgumentException>(() => StartingPoint.From([[1.0, 2], [2.0]], [0.0, 1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("Weight 1 of class 2",
            Assert.Throws<ArgumentException>(() => StartingPoint.From([[1.0, 2], [2.0, double.NaN]], [0.0, 1])).Message,
            StringComparison.Ordinal);
    }

    private static void AssertPredicts(StartingPoint start, ITransformer model, IDataView data)
    {
        var scored = model.Transform(data);
        var rows = SmallRow.Make(200);
        var columns = scored.Schema.Select(c => c.Name).ToHashSet();
        var scores = scored.Schema["Score"].Type is VectorDataViewType ? scored.GetColumn<float[]>("Score").ToArray()
            : [.. scored.GetColumn<float>("Score").Select(s => new[] { s })];
        var chances = columns.Contains("Probability") ? scored.GetColumn<float>("Probability").ToArray() : null;
        for (var i = 0; i < rows.Length; i++)
        {
            double[] own = [.. Enumerable.Range(0, start.ClassCount).Select(k =>
                start.Biases[k] + rows[i].Features.Select((x, j) => x * start.Weights[(k * 3) + j]).Sum())];
            double[] expected = start.Unit switch
            {
                ScoreUnit.LogRate => [Math.Exp(own[0])],
                ScoreUnit.LogOdds when start.ClassCount == 1 => [1 / (1 + Math.Exp(-own[0]))],
                ScoreUnit.LogOdds when LayerInChain.Find(model)!.Layer.Model is OneVersusAllModelParameters =>
                    Normalised(own, s => 1 / (1 + Math.Exp(-s))),
                ScoreUnit.LogOdds => Normalised(own, Math.Exp),
                _ => own,
            };
            float[] predicted = start.ClassCount == 1 && start.Unit == ScoreUnit.LogOdds ? [chances![i]] : scores[i];
            Assert.All(expected.Zip(predicted), p => Assert.Equal(p.First, p.Second, 1e-3 * (1 + Math.Abs(p.First))));
        }
    }

    private static double[] Normalised(double[] scores, Func<double, double> weigh) =>
        [.. scores.Select(s => weigh(s) / scores.Sum(weigh))];

    private static string Describe(ScoreUnit unit) => unit switch
    {
        ScoreUnit.Label => "the label's",
        ScoreUnit.LogOdds => "log odds",
        ScoreUnit.Margin => "a margin",
        ScoreUnit.LogRate => "the logarithm of a rate",
        _ => "as given",
    };

    private static (string Trainer, string Unit)[] DocumentedRows() =>
    [
        .. File.ReadLines(Path.Combine(Checkout.Docs, "starting-points.md"))
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('|'))

            // The other table is of what FineTune moves; its trainers have no catalog before their name.
            .Where(c => c[1].Contains('.', StringComparison.Ordinal))
            .Select(c => (c[1].Trim().Replace("`", string.Empty, StringComparison.Ordinal), c[3].Trim())),
    ];

    private static IDataView Data()
    {
        var rows = SmallRow.Make(200);
        Array.ForEach(rows, r => r.Label = MathF.Round(Math.Abs(r.Label)));
        var view = Ml.Data.LoadFromEnumerable(rows);
        return Ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(view).Transform(view);
    }

    private static ITransformer Reload(ITransformer model, IDataView data)
    {
        using var file = new MemoryStream();
        Ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }
}
