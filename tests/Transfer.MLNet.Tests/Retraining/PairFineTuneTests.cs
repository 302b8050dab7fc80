using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

/// <summary>PairwiseCoupling of linear models.</summary>
public class PairFineTuneTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public PairFineTuneTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Theory]
    [InlineData("LbfgsLogisticRegression")]
    [InlineData("AveragedPerceptron")]
    public void A_loaded_model_of_pairs_is_moved_pair_by_pair_and_stays_stock(string trainer)
    {
        var production = Reload(Production(trainer), out var schema);
        var fresh = SmallRow.Make(150, 7).Select(Turned).ToArray();

        var moved = _ml.Model.FineTune(production, View(fresh), out var report);

        var (before, after) = (Pairs(production), Pairs(moved));
        Assert.Equal(6, after.Length);
        Assert.IsType<MulticlassPredictionTransformer<PairwiseCouplingModelParameters>>(Last(moved));
        Assert.Equal(Names(production), Names(moved));
        foreach (var (i, j, at) in new[] { (0, 0, 0), (1, 0, 1), (2, 1, 4) })
        {
            // true: a row of one of the two.
            var (one, other) = (Names(moved)[i], Names(moved)[j]);
            var pair = fresh.Select(r => new SmallRow { Features = r.Features, Positive = r.Kind == one || r.Kind == other });
            var expected = _ml.BinaryClassification.Trainers.L2SpLogisticRegression(
                labelColumnName: "Positive", startingPoint: StartOf(before[at]))
                .Fit(_ml.Data.LoadFromEnumerable(pair));
            Assert.Equal(StartingPoint.From(expected.Model).Weights, StartOf(after[at]).Weights);
            Assert.Equal(StartingPoint.From(expected.Model).Biases, StartOf(after[at]).Biases);
        }

        Assert.Equal(FineTuneWay.FromModel, report.Way);
        Assert.NotNull(report.Candidates[0].LeftOutError);
        var test = SmallRow.Make(2000, 9).Select(Turned).ToArray();
        Assert.True(Accuracy(moved, test) > Accuracy(production, test) + 0.1, $"{Accuracy(production, test)}, {Accuracy(moved, test)}");

        using var folder = new TemporaryFolder();
        _ml.Model.Save(moved, schema, folder.File("m.zip"));
        var served = StockConsumer.Run(
            folder.File("m.zip"), fresh.Select(r => (object[])[.. r.Features.Cast<object>(), r.Label, r.Positive, r.Kind, r.Weight]));
        Assert.Equal(Scores(moved, fresh), served.Scores);
        Assert.DoesNotContain("Transfer.MLNet", served.Assemblies);
    }

    [Fact]
    public void Pairs_that_all_rows_or_none_are_of_stay_as_they_are()
    {
        var production = Production("LbfgsLogisticRegression");
        var fresh = SmallRow.Make(200, 7).Where(r => r.Kind != "low").ToArray();

        var moved = _ml.Model.FineTune(production, View(fresh), out var report);

        var (before, after, low) = (Pairs(production), Pairs(moved), Array.IndexOf(Names(production), "low"));
        var other = Enumerable.Range(0, 3).Where(k => k != low).ToArray();
        Assert.Same(before[Place(low, low)], after[Place(low, low)]);                  // none is low
        Assert.Same(before[Place(other[0], other[1])], after[Place(other[0], other[1])]);  // all are of the other two
        Assert.NotSame(before[Place(low, other[0])], after[Place(low, other[0])]);
        Assert.Contains("2 stay as they are", report.Skipped, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_the_model_does_not_know_is_refused_by_name()
    {
        var production = _ml.Transforms.Conversion.MapValueToKey("Label2", "Kind").Append(_ml.Transforms.CopyColumns("L", "Label2"))
            .Append(_ml.MulticlassClassification.Trainers.PairwiseCoupling(
            _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("L"), "L"))
            .Fit(View([.. SmallRow.Make(300, 1).Where(r => r.Kind != "low")]));
        var rows = SmallRow.Make(100, 7);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Own", "Kind").Fit(View(rows)).Transform(View(rows));
        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.Model.FineTune(production, keyed, new() { LabelColumnName = "Own" }));
        Assert.Contains("'low'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Own'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_class_are_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.Model.FineTune(Production("LbfgsLogisticRegression"), View([.. SmallRow.Make(90, 7).Where(r => r.Kind == "high")])));
        Assert.Contains("'high'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_that_are_not_all_linear_are_refused_with_what_to_do()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.MulticlassClassification.Trainers.PairwiseCoupling(_ml.BinaryClassification.Trainers.LdSvm()))
            .Fit(SmallRow.View(_ml, 200));
        var error = Assert.Throws<ArgumentException>(() => _ml.Model.FineTune(model, SmallRow.View(_ml, 50)));
        Assert.Contains("not all of them are linear", error.Message, StringComparison.Ordinal);
    }

    private static int Place(int i, int j) => (Math.Max(i, j) * (Math.Max(i, j) + 1) / 2) + Math.Min(i, j);

    /// <summary>The classes lie in another direction than in the source.</summary>
    private static SmallRow Turned(SmallRow row)
    {
        var score = 1 + (2 * row.Features[0]) + row.Features[1];
        return new() { Features = row.Features, Kind = score < 1 ? "low" : score < 4 ? "middle" : "high", Weight = row.Weight };
    }

    private static StartingPoint StartOf(object pair) => StartingPoint.From((Microsoft.ML.Calibrators.CalibratedModelParametersBase)pair);

    private static ITransformer Last(ITransformer model) =>
        PlaceInChain.FindLast(model, t => t is IPredictionTransformer<object>)!.Transformer;

    private static object[] Pairs(ITransformer model) =>
        StockModels.SubModels((PairwiseCouplingModelParameters)((IPredictionTransformer<object>)Last(model)).Model);

    private string[] Names(ITransformer model)
    {
        var keys = default(VBuffer<ReadOnlyMemory<char>>);
        model.Transform(SmallRow.View(_ml, 5)).Schema["PredictedLabel"].GetKeyValues(ref keys);
        return [.. keys.DenseValues().Select(k => k.ToString())];
    }

    private TransformerChain<MulticlassPredictionTransformer<PairwiseCouplingModelParameters>> Production(string trainer) =>
        _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
        .Append(trainer == "AveragedPerceptron"
            ? _ml.MulticlassClassification.Trainers.PairwiseCoupling(_ml.BinaryClassification.Trainers.AveragedPerceptron())
            : _ml.MulticlassClassification.Trainers.PairwiseCoupling(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression()))
        .Fit(SmallRow.View(_ml, 400));

    private ITransformer Reload(ITransformer model, out DataViewSchema schema)
    {
        using var folder = new TemporaryFolder();
        _ml.Model.Save(model, SmallRow.View(_ml, 1).Schema, folder.File("m.zip"));
        return _ml.Model.Load(folder.File("m.zip"), out schema);
    }

    private IDataView View(IEnumerable<SmallRow> rows) => _ml.Data.LoadFromEnumerable(rows);

    private float[] Scores(ITransformer model, SmallRow[] rows) =>
        [.. model.Transform(View(rows)).GetColumn<float[]>("Score").SelectMany(s => s)];

    private double Accuracy(ITransformer model, SmallRow[] rows)
    {
        var names = Names(model);
        return model.Transform(View(rows)).GetColumn<uint>("PredictedLabel").Zip(rows, (k, r) => names[k - 1] == r.Kind ? 1.0 : 0)
            .Average();
    }
}
