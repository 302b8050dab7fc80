using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

public class L2SpMaximumEntropyTrainerTests
{
    private static readonly string[] Three = ["sport", "politics", "science"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public L2SpMaximumEntropyTrainerTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Theory]
    [InlineData(false, false, 1, 3)]
    [InlineData(true, false, 1, 3)]
    [InlineData(true, true, 1, 3)]
    [InlineData(false, false, 0.6, 2)]
    public void The_gradient_of_the_objective_vanishes_at_its_weights(bool weighted, bool pull, double scale, int classes)
    {
        var names = Three[..classes];
        var rows = Classifications.Make(90, 4, names);
        var start = Enumerable.Range(0, classes).Select(k => new double[] { 1 + k, -2 * k, 0.5, k - 1 }).ToArray();
        double[] biases = [.. Enumerable.Range(0, classes).Select(k => 0.3 * k)];

        Trainer(new()
        {
            StartingPoint = StartingPoint.From(start, biases, names),
            StartingPointScale = scale,
            PullIntercept = pull,
            Tau = 0.05,
            ExampleWeightColumnName = weighted ? "Weight" : null,
            Tolerance = 1e-12,
        }).Fit(rows.View(_ml), out var report);

        var gradient = rows.Gradient(report.Weights, report.Intercepts, 0.05, [.. start.SelectMany(w => w).Select(w => scale * w)],
            weighted, pull ? biases : null);
        Assert.All(gradient, g => Assert.Equal(0, g, 1e-10));
        Assert.Equal(names, report.ClassNames);
        Assert.Equal(biases.Sum(), report.Intercepts.Sum(), 1e-9);
    }

    [Fact]
    public void It_is_ML_NET_s_maximum_entropy_with_an_L2_of_n_tau()
    {
        var rows = Classifications.Make(200, 4, Three).View(_ml);
        var stock = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = 200 * 0.02f,
            OptimizationTolerance = 1e-9f,
            NumberOfThreads = 1,
        }).Fit(rows);

        var ours = Trainer(new() { Tau = 0.02 }).Fit(rows);

        Assert.All(Scores(stock.Transform(rows)).Zip(Scores(ours.Transform(rows))), s => Assert.Equal(s.First, s.Second, 2e-3));
        Assert.Equal(NamesOf("PredictedLabel", stock.Transform(rows)), NamesOf("PredictedLabel", ours.Transform(rows)));
    }

    [Fact]
    public void The_model_has_the_report_s_weights_and_the_names_of_its_classes()
    {
        var rows = Classifications.Make(90, 3, Three).View(_ml);
        var model = _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(tau: 0.01).Fit(rows);
        Trainer(new() { Tau = 0.01 }).Fit(rows, out var report);
        var point = StartingPoint.From(model.Model);
        Assert.Equal(report.Weights.Select(w => (double)(float)w), point.Weights);

        // They put right what rounding the weights does at the features' means: not more than a few units in the last place of these.
        Assert.All(report.Intercepts.Zip(point.Biases), b => Assert.Equal(b.First, b.Second, 1e-6));
        Assert.Equal(Three, point.ClassNames);
    }

    [Theory]
    [InlineData(TauSelection.CrossValidation)]
    [InlineData(TauSelection.ApproximateLeaveOneOut)]
    public void Tau_left_out_is_chosen_by_rows_left_out(TauSelection selection)
    {
        var rows = Classifications.Make(60, 10, Three, strength: 0.5).View(_ml);
        var model = Trainer(new() { TauSelection = selection }).Fit(rows, out var report);
        Assert.False(report.TauAtLowerEdge || report.TauAtUpperEdge);
        Assert.InRange(report.LeftOutLogLoss!.Value, report.LogLoss, Math.Log(3));
        var fresh = Classifications.Make(4000, 10, Three, seed: 2, strength: 0.5).View(_ml);
        Assert.True(LogLoss(model.Transform(fresh)) < LogLoss(Trainer(new() { Tau = 1e-6 }).Fit(rows).Transform(fresh)));
    }

    [Fact]
    public void Classes_start_from_the_source_by_name_whatever_their_order()
    {
        var source = Trainer(new() { Tau = 1e-3 }).Fit(Classifications.Make(3000, 5, Three).View(_ml));
        var few = Classifications.Make(30, 5, Three, seed: 2);
        string[] other = ["science", "sport", "politics"];

        // By a strong pull the fit stays at its start but for the intercepts, and says what the source says.
        foreach (StartingPoint start in new[] { StartingPoint.From(source.Model), StartingPoint.From(source) })
        {
            var tuned = _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(startingPoint: start, tau: 1e6).Fit(few.View(_ml, other));
            var point = StartingPoint.From(tuned);
            Assert.Equal(other, point.ClassNames);
            Assert.All(Three, name => Assert.All(
                Vector(start, name).Zip(Vector(point, name)), w => Assert.Equal(w.First, w.Second, 1e-4)));
        }

        // And with the order of the source it is the same fit, class by class.
        var one = StartingPoint.From(Trainer(new() { StartingPoint = source.Model, Tau = 0.1 }).Fit(few.View(_ml)));
        var two = StartingPoint.From(Trainer(new() { StartingPoint = source.Model, Tau = 0.1 }).Fit(few.View(_ml, other)));
        Assert.All(Three, name => Assert.All(Vector(one, name).Zip(Vector(two, name)), w => Assert.Equal(w.First, w.Second, 1e-5)));
    }

    [Theory]
    [InlineData(NewClassStart.Zero)]
    [InlineData(NewClassStart.MeanOfClasses)]
    public void A_class_never_seen_in_the_source_starts_where_the_option_says(NewClassStart option)
    {
        var start = StartingPoint.From([[1.0, 2], [3, 6]], [0.5, 1], ["sport", "politics"]);
        var rows = Classifications.Make(60, 2, Three);

        Trainer(new() { StartingPoint = start, NewClassStart = option, Tau = 1e7 }).Fit(rows.View(_ml), out var report);

        double[] expected = [1, 2, 3, 6, .. option == NewClassStart.Zero ? new double[] { 0, 0 } : [2, 4]];
        Assert.All(expected.Zip(report.Weights), w => Assert.Equal(w.First, w.Second, 1e-5));
        Assert.Equal(option == NewClassStart.Zero ? 1.5 : 2.25, report.Intercepts.Sum(), 1e-6);
        Assert.Contains(_heard, e => e.RawMessage.Contains("1 of 3 classes are new", StringComparison.Ordinal)
            && e.RawMessage.Contains("'science'", StringComparison.Ordinal));
    }

    [Fact]
    public void Classes_that_only_the_source_has_are_dropped_or_kept_after_the_target_s()
    {
        string[] four = ["sport", "weather", "politics", "cooking"];
        var source = Trainer(new() { Tau = 1e-3 }).Fit(Classifications.Make(2000, 4, four).View(_ml));
        var target = Classifications.Make(60, 4, ["politics", "sport"], seed: 2).View(_ml);

        var dropped = Trainer(new() { StartingPoint = source.Model, Tau = 0.1 }).Fit(target);
        var kept = Trainer(new() { StartingPoint = source.Model, Tau = 0.1, MissingClasses = MissingClasses.Keep })
            .Fit(target, out var report);

        var (old, less, more) = (StartingPoint.From(source), StartingPoint.From(dropped), StartingPoint.From(Reload(kept, target.Schema)));
        Assert.Equal(["politics", "sport"], less.ClassNames);
        Assert.Equal(["politics", "sport", "weather", "cooking"], more.ClassNames);
        Assert.Equal(more.ClassNames, report.ClassNames);
        Assert.All(new[] { "politics", "sport" }, n => Assert.Equal(Vector(less, n), Vector(more, n)));
        Assert.All(new[] { "weather", "cooking" }, n => Assert.Equal(Vector(old, n), Vector(more, n)));

        // The mean of the trained intercepts stays where the source had it: the scores of all classes remain comparable.
        Assert.Equal(Bias(old, "politics") + Bias(old, "sport"), Bias(more, "politics") + Bias(more, "sport"), 1e-4);
        Assert.Equal(["politics", "sport", "weather", "cooking"], KeyValues(kept.Transform(target).Schema["PredictedLabel"]));

        // The label's keys are the first of the predicted label's: ML.NET's own metrics remain right.
        var (correct, total) = (0, 0);
        foreach (var (label, predicted) in NamesOf("Label", kept.Transform(target)).Zip(NamesOf("PredictedLabel", kept.Transform(target))))
        {
            (correct, total) = (correct + (label == predicted ? 1 : 0), total + 1);
        }

        Assert.Equal((double)correct / total, _ml.MulticlassClassification.Evaluate(kept.Transform(target)).MicroAccuracy, 1e-9);
        Assert.Contains(_heard, e => e.RawMessage.Contains("'weather', 'cooking'", StringComparison.Ordinal)
            && e.RawMessage.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_that_no_row_has_stays_as_the_source_has_it()
    {
        var source = Trainer(new() { Tau = 1e-3 }).Fit(Classifications.Make(2000, 4, Three).View(_ml));
        var rows = Classifications.Make(90, 4, Three, seed: 2);

        var tuned = Trainer(new() { StartingPoint = source.Model, Tau = 0.1 }).Fit(rows.Only(i => rows.Y[i] != 1).View(_ml));

        var (old, point) = (StartingPoint.From(source), StartingPoint.From(tuned));
        Assert.Equal(Vector(old, "politics"), Vector(point, "politics"));
        Assert.Equal(Bias(old, "politics"), Bias(point, "politics"));
        Assert.NotEqual(Vector(old, "sport"), Vector(point, "sport"));
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("have no row: 'politics'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_that_neither_a_row_nor_the_source_has_gets_half_a_row()
    {
        var rows = Classifications.Make(90, 4, Three);
        var present = rows.Only(i => rows.Y[i] != 1);

        var model = Trainer(new() { Tau = 0.1 }).Fit(present.View(_ml));

        var chances = model.Transform(present.View(_ml)).GetColumn<float[]>("Score").Select(s => (double)s[1]).ToArray();
        Assert.InRange(chances.Average() * present.Rows, 0.4, 0.8); // geometric mean over the rows: not exactly half
        Assert.DoesNotContain("politics", NamesOf("PredictedLabel", model.Transform(present.View(_ml))));
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning && e.RawMessage.Contains("half a row", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_of_numbers_keep_their_numbers()
    {
        var rows = Classifications.Make(90, 3, ["1980", "2000", "1990"]).View(_ml);
        var years = _ml.Transforms.Conversion.ConvertType("Year", "Kind", DataKind.Single)
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Year")).Fit(rows).Transform(rows);
        var source = Trainer(new() { Tau = 0.01 }).Fit(years);
        var fewer = _ml.Data.FilterRowsByColumn(years, "Year", 1985);
        var target = _ml.Transforms.Conversion.MapValueToKey("Label", "Year").Fit(fewer).Transform(fewer);

        var kept = Trainer(new() { StartingPoint = StartingPoint.From(source), Tau = 0.01, MissingClasses = MissingClasses.Keep })
            .Fit(target);

        var named = _ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel").Fit(kept.Transform(target))
            .Transform(kept.Transform(target));
        Assert.All(named.GetColumn<float>("Predicted"), year => Assert.Contains(year, new[] { 1980f, 1990, 2000 }));
        var last = default(VBuffer<float>);
        kept.Transform(target).Schema["PredictedLabel"].GetKeyValues(ref last);
        Assert.Equal(1980, last.GetItemOrDefault(2));
        Assert.Equal(3, last.Length);
    }

    [Fact]
    public void Names_that_are_not_known_are_matched_by_position_and_the_log_says_so()
    {
        var data = Classifications.Make(300, 4, Three).View(_ml);
        var each = _ml.MulticlassClassification.Trainers.OneVersusAll(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression())
            .Fit(data);

        Trainer(new() { StartingPoint = each.Model, Tau = 1e7 }).Fit(data, out var byPosition);

        Assert.All(StartingPoint.From(each.Model).Weights.Zip(byPosition.Weights), w => Assert.Equal(w.First, w.Second, 1e-5));
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning && e.RawMessage.Contains("by position", StringComparison.Ordinal)
            && e.RawMessage.Contains("OneVersusAllModelParameters", StringComparison.Ordinal));
        _heard.Clear();
        Trainer(new() { StartingPoint = StartingPoint.From(each), Tau = 1e7 }).Fit(data);
        Assert.DoesNotContain(_heard, e => e.RawMessage.Contains("by position", StringComparison.Ordinal));
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        var rows = Classifications.Make(300, 20, Three).View(_ml);
        Trainer(new() { NumberOfThreads = 1 }).Fit(rows, out var one);
        Trainer(new() { NumberOfThreads = 4 }).Fit(rows, out var four);
        Assert.Equal(one.Weights, four.Weights);
        Assert.Equal(one.LeftOutLogLoss, four.LeftOutLogLoss);
    }

    private static double[] Vector(StartingPoint point, string name)
        => [.. point.Weights.Skip(point.ClassNames.ToList().IndexOf(name) * point.FeatureCount).Take(point.FeatureCount)];

    private static double Bias(StartingPoint point, string name) => point.Biases[point.ClassNames.ToList().IndexOf(name)];

    private static string[] KeyValues(DataViewSchema.Column column)
    {
        var values = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(v => v.ToString())];
    }

    private static float[] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score").SelectMany(s => s)];

    private string[] NamesOf(string column, IDataView rows) =>
        [.. _ml.Transforms.Conversion.MapKeyToValue("Name", column).Fit(rows).Transform(rows).GetColumn<string>("Name")];

    private double LogLoss(IDataView scored) => _ml.MulticlassClassification.Evaluate(scored).LogLoss;

    private ITransformer Reload(MulticlassPredictionTransformer<MaximumEntropyModelParameters> model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    private L2SpMaximumEntropyTrainer Trainer(L2SpMaximumEntropyTrainer.Options options) =>
        _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(options);
}
