using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>What the classifiers refuse, and in which words; and what they make of input that is odd but can be used.</summary>
public class ClassifierBadInputTests
{
    private static readonly string[] Three = ["sport", "politics", "science"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public ClassifierBadInputTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_tau_that_is_none_is_refused_at_once(double tau)
    {
        Refuses<ArgumentOutOfRangeException>(
            () => _ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: tau), "Tau must be", "zero or above");
        Refuses<ArgumentOutOfRangeException>(
            () => _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(tau: tau), "Tau must be", "zero or above");
    }

    [Fact]
    public void Options_out_of_range_or_against_each_other_are_refused_at_once()
    {
        Refuses<ArgumentException>(() => Binary(new() { PullIntercept = true, FitIntercept = false, StartingPoint = new float[] { 1 } }),
            "PullIntercept", "FitIntercept");
        Refuses<ArgumentException>(() => Binary(new() { PullIntercept = true }), "PullIntercept", "StartingPoint");
        Refuses<ArgumentOutOfRangeException>(() => Binary(new() { StartingPointScale = double.NaN }), "StartingPointScale");
        Refuses<ArgumentOutOfRangeException>(() => Binary(new() { NumberOfThreads = 0 }), "NumberOfThreads");
        Refuses<ArgumentOutOfRangeException>(() => Binary(new() { Folds = 1 }), "Folds must be 2 or more");
        Refuses<ArgumentOutOfRangeException>(() => Binary(new() { Tolerance = 0 }), "Tolerance");
        Refuses<ArgumentOutOfRangeException>(() => Binary(new() { MaximumIterations = 0 }), "MaximumIterations");
        Refuses<ArgumentOutOfRangeException>(() => Binary(new() { TauSelection = (TauSelection)9 }), "TauSelection");
        Refuses<ArgumentException>(() => Binary(new() { FeatureColumnName = string.Empty }), "FeatureColumnName");
        Refuses<ArgumentOutOfRangeException>(
            () => Several(new() { MissingClasses = (MissingClasses)9 }), "MissingClasses must be one of Drop, Keep");
        Refuses<ArgumentOutOfRangeException>(() => Several(new() { NewClassStart = (NewClassStart)9 }), "NewClassStart must be one of");
    }

    [Fact]
    public void A_label_of_the_wrong_type_is_named_with_what_to_do()
    {
        var data = Keyed(SmallRow.Make(20));
        Refuses<ArgumentException>(() => Binary(new(), "Label").Fit(data), "'Label' is of type Single", "must be Boolean",
            "ConvertType(\"Label\", outputKind: DataKind.Boolean)");
        Refuses<ArgumentException>(() => Binary(new(), "Kind").Fit(data), "'Kind' is of type String", "must be Boolean");
        Refuses<ArgumentException>(() => Binary(new(), "Key").Fit(data), "'Key' is of type Key", "ml.MulticlassClassification");
        Refuses<ArgumentException>(() => Several(new(), "Kind").Fit(data), "'Kind' is of type String", "must be a key",
            "MapValueToKey(\"Kind\")");
        Refuses<ArgumentException>(() => Several(new(), "Positive").Fit(data), "'Positive' is of type Boolean", "must be a key");
        Refuses<ArgumentException>(() => Several(new(), "Absent").Fit(data), "no column 'Absent' for the label");
        Refuses<ArgumentException>(() => Several(new(), "Features").Fit(data), "'Features' is of type Vector", "choose one of its slots");
    }

    [Fact]
    public void Rows_of_one_class_only_are_refused_with_the_class()
    {
        var rows = SmallRow.Make(30);
        Array.ForEach(rows, r => (r.Positive, r.Kind) = (true, "low"));
        var data = Keyed(rows);
        foreach (double? tau in new double?[] { 0.1, null })
        {
            Refuses<InvalidOperationException>(() => Binary(new() { Tau = tau }).Fit(data),
                "All rows have the label true in column 'Positive'", "another class", "starting point as it is");
            Refuses<InvalidOperationException>(() => Several(new() { Tau = tau }).Fit(data),
                "All rows have the label 'low' in column 'Key'");
        }
    }

    [Fact]
    public void A_class_whose_weights_are_all_zero_does_not_count_and_the_message_says_why()
    {
        var rows = SmallRow.Make(30);
        Array.ForEach(rows, r => r.Kind = r.Positive ? "yes" : "no");
        Array.ForEach(rows, r => r.Weight = r.Positive ? r.Weight : 0);
        var data = Keyed(rows);
        Refuses<InvalidOperationException>(
            () => Binary(new() { ExampleWeightColumnName = "Weight" }).Fit(data), "Only rows of the label true in column 'Positive' count",
                "false", "weight zero in column 'Weight'");
        Refuses<InvalidOperationException>(
            () => Several(new() { ExampleWeightColumnName = "Weight" }).Fit(data), "Only rows of the label 'yes' in column 'Key' count",
                "'no'", "weight zero in column 'Weight'");
    }

    [Fact]
    public void A_class_whose_features_are_all_NaN_does_not_count_and_the_message_says_why()
    {
        var rows = SmallRow.Make(30);
        Array.ForEach(rows, r => r.Features[1] = r.Positive ? r.Features[1] : float.NaN);
        Refuses<InvalidOperationException>(() => Binary(new()).Fit(Keyed(rows)), "Only rows of the label true", "NaN or an infinity",
            "'Features'");
    }

    [Fact]
    public void Rows_with_a_NaN_or_without_a_key_are_left_out_with_one_warning()
    {
        var rows = SmallRow.Make(60);
        Binary(new() { Tau = 0.1 }).Fit(Keyed([.. rows.Skip(2)]), out var expected);
        rows[0].Features[2] = float.NaN;
        rows[1].Features[0] = float.PositiveInfinity;

        Binary(new() { Tau = 0.1 }).Fit(Keyed(rows), out var actual);

        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Equal(58, actual.Rows);
        Assert.Single(_heard, e => e.Kind == ChannelMessageKind.Warning && e.RawMessage.StartsWith("2 of 60 rows", StringComparison.Ordinal)
            && e.RawMessage.Contains("'Features'", StringComparison.Ordinal));
        var keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(_ml.Data.LoadFromEnumerable(rows));
        rows[3].Kind = "never seen";
        Several(new() { Tau = 0.1 }).Fit(keys.Transform(_ml.Data.LoadFromEnumerable(rows)), out var several);
        Assert.Equal(57, several.Rows);
        Assert.Contains(_heard, e => e.RawMessage.StartsWith(
            "3 of 60 rows were left out because of a missing key", StringComparison.Ordinal));
        Refuses<InvalidOperationException>(() => Binary(new()).Fit(Keyed([.. rows.Take(2)])), "None of the 2 rows");
    }

    [Fact]
    public void Rows_that_can_be_separated_need_a_pull_and_get_an_answer_with_one()
    {
        var rows = SmallRow.Make(40);
        Array.ForEach(rows, r => (r.Positive, r.Kind) = (r.Features[0] > 0, r.Features[0] > 0 ? "up" : "down"));
        var data = Keyed(rows);
        Refuses<InvalidOperationException>(() => Binary(new() { Tau = 0 }).Fit(data), "separable", "tau = 0", "Set tau above zero");
        Refuses<InvalidOperationException>(() => Several(new() { Tau = 0 }).Fit(data), "separable", "tau = 0", "Set tau above zero");
        Binary(new() { Tau = 1e-3 }).Fit(data, out var pulled);
        Assert.True(pulled.Converged);
        Binary(new()).Fit(data, out var chosen);
        Assert.True(chosen.Converged && chosen.Tau > 0);
    }

    [Fact]
    public void A_starting_point_of_another_size_or_kind_is_refused_with_both()
    {
        var data = Keyed(SmallRow.Make(60));
        var several = StartingPoint.From([[1.0, 2], [3, 4], [5, 6]], [0, 0, 0.0], ["low", "middle", "high"]);
        Refuses<ArgumentException>(() => Binary(new() { StartingPoint = new float[] { 1, 2 } }).Fit(data), "has 2 weights",
            "'Features' has 3 features");
        Refuses<ArgumentException>(() => Several(new() { StartingPoint = several }).Fit(data), "has 2 weights a class",
            "'Features' has 3 features");
        Refuses<ArgumentException>(() => Binary(new() { StartingPoint = several }).Fit(data), "weights of 3 classes",
            "one weight vector is needed");
        Refuses<ArgumentException>(() => _ml.Regression.Trainers.L2SpRidge(startingPoint: several, tau: 1).Fit(data),
            "weights of 3 classes",
            "one weight vector is needed");
        Refuses<ArgumentException>(() => Several(new() { StartingPoint = new float[] { 1, 2, 3 } }).Fit(data), "has one weight vector",
            "'Key' has 3 classes");
    }

    [Fact]
    public void Keys_without_values_are_matched_by_position_or_refused()
    {
        var rows = SmallRow.Make(60);
        var data = Unnamed(rows, 3);
        var start = StartingPoint.From([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], [0, 0, 0.0], ["a", "b", "c"]);

        var model = Several(new() { StartingPoint = start, Tau = 1e7 }).Fit(data, out var report);

        Assert.All(start.Weights.Zip(report.Weights), w => Assert.Equal(w.First, w.Second, 1e-4));
        Assert.Empty(report.ClassNames);
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning && e.RawMessage.Contains("by position", StringComparison.Ordinal)
            && e.RawMessage.Contains("'Key'", StringComparison.Ordinal));
        Assert.Null(model.Transform(data).Schema["PredictedLabel"].Annotations.Schema.GetColumnOrNull("KeyValues"));
        Refuses<ArgumentException>(
            () => Several(new() { StartingPoint = start }).Fit(Unnamed(rows, 4)), "'Key' has 4 classes",
                "3, and they cannot be matched by name", "MapValueToKey");
    }

    [Fact]
    public void Kept_classes_need_values_of_the_same_type()
    {
        var numbers = SmallRow.Make(60);
        var view = _ml.Data.LoadFromEnumerable(numbers.Select(r => new Numbered { Features = r.Features, Number = r.Kind.Length }));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Number").Fit(view).Transform(view);
        var start = StartingPoint.From([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], [0, 0, 0.0], ["3", "4", "sixteen"]);
        Several(new() { StartingPoint = start, Tau = 1 }).Fit(keyed);
        Refuses<ArgumentException>(
            () => Several(new() { StartingPoint = start, Tau = 1, MissingClasses = MissingClasses.Keep }).Fit(keyed), "'sixteen'",
                "of another type", "MissingClasses.Drop");
    }

    [Fact]
    public void No_class_in_common_is_allowed_but_told()
    {
        var start = StartingPoint.From([[1.0, 2, 3], [4, 5, 6]], [0, 0.0], ["cars", "boats"]);
        Several(new() { StartingPoint = start, Tau = 1e7 }).Fit(Keyed(SmallRow.Make(60)), out var report);
        Assert.All(report.Weights, w => Assert.Equal(0, w, 1e-4));
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("nothing carries over", StringComparison.Ordinal)
            && e.RawMessage.Contains("'cars', 'boats'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_start_in_another_unit_than_log_odds_is_told()
    {
        var data = Keyed(SmallRow.Make(100));
        var regression = _ml.Regression.Trainers.Sdca().Fit(data).Model;
        var margin = _ml.BinaryClassification.Trainers.AveragedPerceptron("Positive").Fit(data).Model;
        var calibrated = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(data).Model;

        Binary(new() { StartingPoint = regression, Tau = 1 }).Fit(data);
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("LinearRegressionModelParameters", StringComparison.Ordinal)
            && e.RawMessage.Contains("not in log odds", StringComparison.Ordinal));
        Binary(new() { StartingPoint = margin, Tau = 1 }).Fit(data);
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("is not calibrated", StringComparison.Ordinal)
            && e.RawMessage.Contains("StartingPointScale", StringComparison.Ordinal));
        _heard.Clear();
        Binary(new() { StartingPoint = calibrated, Tau = 1 }).Fit(data);
        Binary(new() { StartingPoint = new float[] { 1, 2, 3 }, Tau = 1 }).Fit(data);
        Assert.DoesNotContain(_heard, e => e.Kind == ChannelMessageKind.Warning);
    }

    [Fact]
    public void Weights_beyond_single_precision_are_refused()
    {
        var rows = SmallRow.Make(40);
        Array.ForEach(rows, r => r.Features = [r.Features[0] * 1e-38f, r.Features[1] * 1e-38f, 0]);
        Refuses<InvalidOperationException>(() => Binary(new() { StartingPoint = StartingPoint.From([1e39, 0, 0]), Tau = 1 })
            .Fit(Keyed(rows)), "The weight of feature 0 of column 'Features'", "single precision");
    }

    [Fact]
    public void A_class_with_one_row_can_be_trained_and_cross_validated()
    {
        var rows = Classifications.Make(61, 4, Three);
        var single = rows.Only(i => rows.Y[i] != 1 || i == Array.IndexOf(rows.Y, 1));
        _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy().Fit(single.View(_ml), out var report);
        Assert.True(report.Converged);
        Assert.Equal(3, report.ClassNames.Count);
    }

    [Fact]
    public void A_cancelled_token_ends_the_training()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => Binary(new() { CancellationToken = cancelled.Token }).Fit(Keyed(SmallRow.Make(60))));
        Assert.ThrowsAny<OperationCanceledException>(
            () => Several(new() { CancellationToken = cancelled.Token }).Fit(Keyed(SmallRow.Make(60))));
    }

    private static void Refuses<T>(Action act, params string[] words)
        where T : Exception
    {
        var error = Assert.ThrowsAny<T>(act);
        Assert.All(words, w => Assert.Contains(w, error.Message, StringComparison.Ordinal));
    }

    private L2SpLogisticRegressionTrainer Binary(L2SpLogisticRegressionTrainer.Options options, string label = "Positive")
    {
        options.LabelColumnName = label;
        return _ml.BinaryClassification.Trainers.L2SpLogisticRegression(options);
    }

    private L2SpMaximumEntropyTrainer Several(L2SpMaximumEntropyTrainer.Options options, string label = "Key")
    {
        options.LabelColumnName = label;
        return _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(options);
    }

    private IDataView Keyed(SmallRow[] rows)
    {
        var view = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(view).Transform(view);
    }

    private IDataView Unnamed(SmallRow[] rows, int count)
    {
        var schema = SchemaDefinition.Create(typeof(Unkeyed));
        schema["Key"].ColumnType = new KeyDataViewType(typeof(uint), count);
        return _ml.Data.LoadFromEnumerable(rows.Select((r, i) => new Unkeyed { Features = r.Features, Key = (uint)(1 + (i % count)) }),
            schema);
    }

    private sealed class Unkeyed
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public uint Key { get; set; }
    }

    private sealed class Numbered
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public int Number { get; set; }
    }
}
