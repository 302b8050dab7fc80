using Microsoft.ML;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Evidence;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class AdviceBadInputTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void A_missing_column_is_named_with_the_task_it_is_missing_from()
    {
        var (source, target) = Views();
        var options = new AdviceOptions { LabelColumnName = "Price" };
        var refused = Assert.Throws<ArgumentException>(() => Ml.Regression.AdviseTransfer(source, target, options));
        Assert.Contains("source", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'Price'", refused.Message, StringComparison.Ordinal);

        var bare = Ml.Transforms.SelectColumns("Features").Fit(target).Transform(target);
        refused = Assert.Throws<ArgumentException>(() => Ml.Regression.AdviseTransfer(source, bare));
        Assert.Contains("In the target", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'Label'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_the_wrong_type_is_named()
    {
        var (source, target) = Views();
        var text = Ml.Transforms.Conversion.ConvertType("Label", outputKind: Microsoft.ML.Data.DataKind.String).Fit(target)
            .Transform(target);
        var refused = Assert.Throws<ArgumentException>(() => Ml.Regression.AdviseTransfer(source, text));
        Assert.Contains("In the target", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'Label'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_and_target_with_other_numbers_of_features_are_refused()
    {
        var (source, _) = Views(p: 4);
        var (_, target) = Views(p: 5);
        var moments = Ml.Regression.ComputeMoments(source);
        foreach (var ask in new Action[]
        {
            () => Ml.Regression.AdviseTransfer(source, target),
            () => Ml.Regression.AdviseTransfer(moments, target),
            () => Ml.Regression.AdviseTransfer(moments, Ml.Regression.ComputeMoments(target)),
        })
        {
            var refused = Assert.Throws<ArgumentException>(ask);
            Assert.Contains("4 features", refused.Message, StringComparison.Ordinal);
            Assert.Contains("5", refused.Message, StringComparison.Ordinal);
        }

        var model = Assert.Throws<ArgumentException>(() => Ml.Regression.AdviseTransfer(StartingPoint.From([1.0, 2, 3, 4]), target));
        Assert.Contains("4 weights", model.Message, StringComparison.Ordinal);
        Assert.Contains("'Features'", model.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Too_few_rows_on_either_side_are_refused_with_their_number(int rows)
    {
        var (source, target) = Views();
        var few = First(target, rows);
        var fewSource = First(source, rows);
        Assert.Contains("target", Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(source, few)).Message,
            StringComparison.Ordinal);
        Assert.Contains("source", Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(fewSource, target)).Message,
            StringComparison.Ordinal);
        if (rows > 0)
        {
            Assert.Contains($"{rows} row", Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(source, few))
                .Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_with_nan_or_infinity_are_left_out_and_counted_in_a_warning()
    {
        var (source, target) = Rows();
        var clean = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(Without(target, 3, 7)));
        target.Features[3, 1] = double.NaN;
        target.Labels[7] = double.PositiveInfinity;
        var advice = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target));
        Assert.Equal(target.Rows - 2, advice.TargetRows);
        var warning = Assert.Single(advice.Warnings, w => w.Kind == AdviceWarningKind.RowsSkipped);
        Assert.Contains("target", warning.Message, StringComparison.Ordinal);
        Assert.Contains("2", warning.Message, StringComparison.Ordinal);
        Assert.Equal(clean.Ways, advice.Ways);
    }

    [Fact]
    public void Where_no_row_is_left_that_is_an_error()
    {
        var (source, target) = Rows();
        Array.Fill(target.Labels, double.NaN);
        var refused = Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target)));
        Assert.Contains("In the target", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Negative_and_all_zero_weights_are_refused()
    {
        var options = new AdviceOptions { ExampleWeightColumnName = "Weight" };
        var (source, target) = Rows();
        foreach (var weight in new[] { -1f, 0f })
        {
            var spoilt = View.Of(target.FeatureCount, Enumerable.Range(0, target.Rows).Select(i => new View.Row
            {
                Features = new(target.FeatureCount, [.. target.Features.Row(i).ToArray().Select(v => (float)v)]),
                Label = (float)target.Labels[i],
                Weight = weight,
            }));
            var refused = Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(View.Of(source), spoilt, options));
            Assert.Contains("'Weight'", refused.Message, StringComparison.Ordinal);
            Assert.Contains("target", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Features_that_never_vary_are_refused_with_the_task_named()
    {
        var (source, target) = Rows();
        var flat = new HeldRows(new Matrix(target.Rows, target.FeatureCount), target.Labels);
        var refused = Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(View.Of(source), View.Of(flat)));
        Assert.Contains("target", refused.Message, StringComparison.Ordinal);
        flat = new HeldRows(new Matrix(source.Rows, source.FeatureCount), source.Labels);
        refused = Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(View.Of(flat), View.Of(target)));
        Assert.Contains("source", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constant_and_duplicate_columns_change_nothing_of_substance()
    {
        var (source, target) = Rows(n1: 40);
        var plain = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target));
        var constant = Ml.Regression.AdviseTransfer(View.Of(Wider(source, _ => 3)), View.Of(Wider(target, _ => 3)));
        double Retrained(TransferAdvice advice) => advice.Way(TransferWayKind.FromTransferOptimal)!.LeftOutRisk;
        Close.To(Retrained(plain), Retrained(constant), 0.01);
        Assert.Equal(plain.Verdict, constant.Verdict);

        var doubled = Ml.Regression.AdviseTransfer(View.Of(Wider(source, row => row[0])), View.Of(Wider(target, row => row[0])));
        Assert.Equal(plain.Verdict, doubled.Verdict);
        Assert.InRange(Retrained(doubled) / Retrained(plain), 0.9, 1.1);
    }

    [Fact]
    public void Far_more_features_than_rows_are_advised_on_in_the_dual()
    {
        var (source, target) = Rows(p: 3000, n0: 60, n1: 25);
        var advice = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target));
        Assert.All(advice.Ways, way => Assert.True(double.IsFinite(way.LeftOutRisk)));
        Assert.Equal(3000, advice.FeatureCount);
        Assert.Contains(advice.Warnings, w => w.Kind == AdviceWarningKind.FewTargetRows);
    }

    [Fact]
    public void A_label_that_never_varies_is_refused()
    {
        var (source, target) = Rows();
        Array.Fill(target.Labels, 2.5);
        var refused = Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target)));
        Assert.Contains("target", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<InvalidOperationException>(
            () => Ml.Regression.AdviseTransfer(StartingPoint.From(new double[target.FeatureCount]), View.Of(source)));
        Assert.Contains("score", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_their_range_are_named()
    {
        var (source, target) = Views();
        foreach (var (options, named) in new[]
        {
            (new AdviceOptions { SourceTauCount = 1 }, "SourceTauCount"), (new AdviceOptions { TargetTauCount = 0 }, "TargetTauCount"),
            (new AdviceOptions { Folds = 1 }, "Folds"), (new AdviceOptions { HeldBytes = -1 }, "HeldBytes"),
                (new AdviceOptions { NumberOfThreads = 0 }, "NumberOfThreads"),
        })
        {
            var refused = Assert.Throws<ArgumentOutOfRangeException>(() => Ml.Regression.AdviseTransfer(source, target, options));
            Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => Ml.Regression.AdviseTransfer(source, target, new AdviceOptions { FeatureColumnName = "" }));
        Assert.Throws<ArgumentNullException>(() => Ml.Regression.AdviseTransfer((IDataView)null!, target));
        Assert.Throws<ArgumentNullException>(() => Ml.Regression.AdviseTransfer(source, null!));
    }

    [Fact]
    public void Cancelled_before_and_in_the_middle_it_throws_and_leaves_the_options_as_they_were()
    {
        var (source, target) = Views(p: 150, n0: 1500, n1: 300);
        using var gone = new CancellationTokenSource();
        gone.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => Ml.Regression.AdviseTransfer(source, target, new AdviceOptions { CancellationToken = gone.Token }));

        // In the middle of the source's rows, wherever that is.
        using var soon = new CancellationTokenSource();
        var counted = Ml.Transforms.CustomMapping<View.Row, Seen>(
            (row, seen) =>
            {
                soon.Cancel();
                seen.Again = row.Label;
            },
            null).Fit(source).Transform(source);
        var filtered = Ml.Data.FilterRowsByColumn(counted, "Again", double.NegativeInfinity, double.PositiveInfinity);
        Assert.ThrowsAny<OperationCanceledException>(
            () => Ml.Regression.AdviseTransfer(filtered, target, new AdviceOptions { CancellationToken = soon.Token }));
    }

    private static (HeldRows Source, HeldRows Target) Rows(int p = 5, int n0 = 60, int n1 = 20)
    {
        var random = new Random(11);
        var (w0, w1) = SimulatedTask.Truths(random, p, 0.8, 0.2);
        return (SimulatedTask.Rows(random, n0, w0, 0.5), SimulatedTask.Rows(random, n1, w1, 0.5));
    }

    private static (IDataView Source, IDataView Target) Views(int p = 5, int n0 = 60, int n1 = 20)
    {
        var (source, target) = Rows(p, n0, n1);
        return (View.Of(source), View.Of(target));
    }

    private static IDataView First(IDataView data, int rows) => rows == 0 ? Ml.Data.SkipRows(data, 1000) : Ml.Data.TakeRows(data, rows);

    private static HeldRows Without(HeldRows rows, params int[] left)
    {
        int[] kept = [.. Enumerable.Range(0, rows.Rows).Except(left)];
        var features = new Matrix(kept.Length, rows.FeatureCount);
        for (var i = 0; i < kept.Length; i++)
        {
            rows.Features.Row(kept[i]).CopyTo(features.Row(i));
        }

        return new HeldRows(features, [.. kept.Select(i => rows.Labels[i])]);
    }

    private static HeldRows Wider(HeldRows rows, Func<double[], double> more)
    {
        var features = new Matrix(rows.Rows, rows.FeatureCount + 1);
        for (var i = 0; i < rows.Rows; i++)
        {
            rows.Features.Row(i).CopyTo(features.Row(i));
            features[i, rows.FeatureCount] = more(rows.Features.Row(i).ToArray());
        }

        return new HeldRows(features, rows.Labels);
    }

    internal sealed class Seen
    {
        public float Again { get; set; }
    }
}
