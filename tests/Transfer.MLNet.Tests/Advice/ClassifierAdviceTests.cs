using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class ClassifierAdviceTests
{
    private const int Width = 16;

    private static readonly double[] _direction =
        [.. Enumerable.Range(0, Width).Select(j => j % 2 == 0 ? 0.6 : -0.6)];

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_source_that_points_the_same_way_is_used_and_following_the_advice_pays()
    {
        var (source, target, fresh) = (Binary(2000, 1, 1), Binary(100, 1, 2), Binary(4000, 1, 3));
        var advice = _ml.BinaryClassification.AdviseTransfer(source, target);

        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.True(advice.Advised.UsesSource);
        Assert.Equal(RiskMeasure.LogLoss, advice.Measure);
        Assert.True(advice.Sources[0].Alignment.Contains(1), advice.ToString());
        Assert.Contains("log-loss expected on new target rows", advice.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("|w0|^2", advice.ToString(), StringComparison.Ordinal); // nobody estimates it of classes

        var tuned = LogLoss(advice.Fit(target).Transform(fresh));
        var scratch = LogLoss(advice.Fit(advice.TargetAlone, target).Transform(fresh));
        Assert.True(tuned < 0.9 * scratch, $"{tuned} after the advice, {scratch} without the source");
    }

    [Fact]
    public void Of_a_source_that_points_the_other_way_the_blend_uses_the_opposite()
    {
        var advice = _ml.BinaryClassification.AdviseTransfer(Binary(600, 1, 1), Binary(300, -1, 2));

        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.Equal(TransferWayKind.Blend, advice.Advised.Kind);
        Assert.True(advice.Advised.Scale < 0);
        Assert.True(advice.Way(TransferWayKind.SourceAsIs)!.Gain < 0);
        Assert.Equal(TransferRegime.Misaligned, advice.Sources[0].Alignment.Regime);
    }

    [Fact]
    public void The_advice_survives_json_but_for_nothing()
    {
        var advice = _ml.BinaryClassification.AdviseTransfer(Binary(300, 1, 1), Binary(40, 1, 2));
        Assert.Equal(advice.ToJson(), TransferAdvice.FromJson(advice.ToJson()).ToJson());
        Assert.Equal(RiskMeasure.LogLoss, TransferAdvice.FromJson(advice.ToJson()).Measure);
    }

    [Fact]
    public void The_advice_does_not_depend_on_the_number_of_threads()
    {
        var (source, target) = (Binary(300, 1, 1), Binary(60, 0.5, 2));
        Assert.Equal(
            _ml.BinaryClassification.AdviseTransfer(source, target, new() { NumberOfThreads = 1 }).ToJson(),
            _ml.BinaryClassification.AdviseTransfer(source, target, new() { NumberOfThreads = 2 }).ToJson());
    }

    [Fact]
    public void From_a_model_alone_it_says_how_to_scale_it_and_nothing_of_its_rows()
    {
        var model = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(l2Regularization: 1f).Fit(Binary(2000, 1, 1));
        var advice = _ml.BinaryClassification.AdviseTransfer(model, Binary(100, 1, 2));

        var scaled = advice.Way(TransferWayKind.ScaledStart)!;
        Assert.Equal(TransferWayKind.Blend, advice.Advised.Kind);
        Assert.Null(advice.Advised.Metrics!.Gram);
        Assert.InRange(scaled.Scale!.Value, 0.25, 2);
        Assert.Null(scaled.SourceTau);
        Assert.Null(advice.SourceTraining);
        Assert.True(advice.Sources[0].Alignment.Contains(1));
        Assert.Null(advice.Sources[0].Rows);
    }

    [Fact]
    public void Several_classes_are_matched_by_name_in_whatever_order_their_keys_come()
    {
        var (source, target) = (Several(600, 1, ["a", "b", "c"]), Several(60, 2, ["c", "a", "b"]));
        var mapped = _ml.Transforms.Conversion.MapValueToKey("Label", "Text");
        var byOrderSeen = _ml.MulticlassClassification.AdviseTransfer(
            mapped.Fit(source).Transform(source), mapped.Fit(target).Transform(target));
        var inOrder = mapped.Fit(source);
        var byOneMapping = _ml.MulticlassClassification.AdviseTransfer(inOrder.Transform(source), inOrder.Transform(target));

        Assert.Equal(TransferVerdict.Yes, byOrderSeen.Verdict);
        Assert.True(byOrderSeen.Sources[0].Alignment.Contains(1), byOrderSeen.ToString());
        Assert.Equal(byOneMapping.Sources[0].Alignment.Estimate!.Value, byOrderSeen.Sources[0].Alignment.Estimate!.Value, 1e-9);
    }

    [Fact]
    public void Without_a_common_class_rho_is_not_defined_and_nothing_carries_over()
    {
        var mapped = _ml.Transforms.Conversion.MapValueToKey("Label", "Text");
        var (source, target) = (Several(300, 1, ["a", "b", "c"]), Several(60, 2, ["x", "y", "z"]));
        var advice = _ml.MulticlassClassification.AdviseTransfer(
            mapped.Fit(source).Transform(source), mapped.Fit(target).Transform(target));

        Assert.False(advice.Sources[0].Alignment.IsIdentified);
        Assert.Contains("no class in common", advice.Sources[0].Alignment.Method, StringComparison.Ordinal);
        Assert.NotEqual(TransferVerdict.Yes, advice.Verdict);
    }

    [Fact]
    public void Beyond_the_bytes_that_may_be_held_rho_is_withheld_and_the_reason_said()
    {
        var advice = _ml.BinaryClassification.AdviseTransfer(Binary(300, 1, 1), Binary(40, 1, 2), new() { HeldBytes = 1000 });
        Assert.False(advice.Sources[0].Alignment.IsIdentified);
        Assert.Contains("HeldBytes", advice.Sources[0].Alignment.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_class_are_refused_with_the_task_and_the_column()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _ml.BinaryClassification.AdviseTransfer(Binary(100, 1, 1), OnlyTrue()));
        Assert.Contains("In the target", error.Message, StringComparison.Ordinal);
        Assert.Contains("true in column 'Label'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_numbers_of_features_are_refused_with_both()
    {
        var other = _ml.Data.LoadFromEnumerable([new Narrow { Label = true, Features = [1, 2] }, new Narrow { Features = [2, 1] }]);
        var error = Assert.Throws<ArgumentException>(() => _ml.BinaryClassification.AdviseTransfer(Binary(100, 1, 1), other));
        Assert.Contains(
            $"'Features' of the source has {Width} features, but that of the target has 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_missing_or_of_another_type_is_named()
    {
        Assert.Contains("'Missing'", Assert.Throws<ArgumentException>(
            () => _ml.BinaryClassification.AdviseTransfer(
                Binary(50, 1, 1), Binary(50, 1, 2), new() { LabelColumnName = "Missing" })).Message, StringComparison.Ordinal);
        Assert.Contains("'Label'", Assert.Throws<ArgumentException>(
            () => _ml.MulticlassClassification.AdviseTransfer(Binary(50, 1, 1), Binary(50, 1, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        var rows = Binary(50, 1, 1);
        Assert.Equal("SourceTauCount", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.BinaryClassification.AdviseTransfer(rows, rows, new() { SourceTauCount = 1 })).ParamName);
        Assert.Equal("Folds", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.BinaryClassification.AdviseTransfer(rows, rows, new() { Folds = 1 })).ParamName);
        Assert.Equal("HeldBytes", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.BinaryClassification.AdviseTransfer(rows, rows, new() { HeldBytes = -1 })).ParamName);
    }

    [Fact]
    public void A_cancelled_advice_ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => _ml.BinaryClassification.AdviseTransfer(
                Binary(50, 1, 1), Binary(50, 1, 2), new() { CancellationToken = cancelled.Token }));
    }

    private double LogLoss(IDataView scored) => _ml.BinaryClassification.Evaluate(scored).LogLoss;

    private IDataView OnlyTrue() => _ml.Data.LoadFromEnumerable(
        _ml.Data.CreateEnumerable<Row>(Binary(100, 1, 2), reuseRowObject: false).Where(r => r.Label).ToList());

    private IDataView Binary(int count, double alignment, int seed)
    {
        var random = new Random(seed);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            var x = Draw(random);
            var score = alignment * x.Zip(_direction, (a, b) => a * b).Sum();
            return new Row { Features = x, Label = random.NextDouble() < 1 / (1 + Math.Exp(-score)) };
        }).ToList());
    }

    /// <summary>Three kinds of rows, about three centres; the names of the kinds come first in the order given.</summary>
    private IDataView Several(int count, int seed, string[] order)
    {
        var random = new Random(seed);
        string[] kinds = [.. order.Order(StringComparer.Ordinal)];
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
        {
            var kind = i < 3 ? Array.IndexOf(kinds, order[i]) : random.Next(3);
            var x = Draw(random);
            x[2 * kind] += 1.2f;
            return new TextRow { Features = x, Text = kinds[kind] };
        }).ToList());
    }

    private static float[] Draw(Random random)
    {
        // Sums of uniforms: normal enough, and the same everywhere.
        return [.. Enumerable.Range(0, Width).Select(_ => (float)(Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6))];
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        [VectorType(Width)]
        public float[] Features { get; set; } = [];
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        [VectorType(Width)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Narrow
    {
        public bool Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
