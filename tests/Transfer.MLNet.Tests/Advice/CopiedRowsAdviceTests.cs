using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Evidence;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class CopiedRowsAdviceTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void Copies_in_the_source_are_told_and_count_once_in_the_advice_and_in_its_model()
    {
        var (source, target) = Tasks(seed: 1);
        var plain = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target));
        var twice = source.Only([.. Enumerable.Range(0, 2 * source.Rows).Select(i => i % source.Rows)]);
        var advice = Ml.Regression.AdviseTransfer(View.Of(twice), View.Of(target));
        Assert.DoesNotContain(plain.Warnings, w => w.Kind == AdviceWarningKind.RowsCopied);
        Assert.Contains("200 rows of the source", Told(advice), StringComparison.Ordinal);
        Assert.Equal(plain.Sources[0].Alignment, advice.Sources[0].Alignment);
        Assert.Equal(plain.ProbabilityOfHelp, advice.ProbabilityOfHelp);
        foreach (var way in advice.Ways)
        {
            Assert.Equal(Weights(plain.Fit(plain.Way(way.Kind)!, View.Of(target))), Weights(advice.Fit(way, View.Of(target))));
        }
    }

    [Fact]
    public void Source_rows_that_are_the_targets_own_are_left_out_of_the_source()
    {
        var (source, target) = Tasks(seed: 2);
        var plain = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target));
        var mixed = new HeldRows(
            new Matrix(source.Rows + target.Rows, source.FeatureCount, [.. target.Features.Values, .. source.Features.Values]),
            [.. target.Labels, .. source.Labels]);
        var advice = Ml.Regression.AdviseTransfer(View.Of(mixed), View.Of(target));
        Assert.Contains("40 rows of the source are exact copies of target rows", Told(advice), StringComparison.Ordinal);
        Assert.Equal(plain.Sources[0].Alignment, advice.Sources[0].Alignment);
        Assert.Equal(plain.ProbabilityOfHelp, advice.ProbabilityOfHelp);

        var grouped = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, mixed.Rows).Select(i => new Grouped
        {
            Features = [.. mixed.Features.Row(i).ToArray().Select(v => (float)v)],
            Label = (float)mixed.Labels[i],
            Group = i % 4,
        }));
        var ofGroups = Ml.Regression.AdviseTransfer(grouped, View.Of(target), new AdviceOptions { GroupColumnName = "Group" });
        Assert.Contains("40 rows of the source", Told(ofGroups), StringComparison.Ordinal);
        Assert.Equal(source.Rows, ofGroups.Sources[0].Rows);
    }

    [Fact]
    public void A_source_that_is_the_target_leaves_nothing()
    {
        var (_, target) = Tasks(seed: 3);
        var refused = Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(View.Of(target), View.Of(target)));
        Assert.Contains("Every row of the source is an exact copy of a target row", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_in_the_target_are_told_and_count_once()
    {
        var (source, target) = Tasks(seed: 4);
        var plain = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target));
        var copied = View.Of(FiveTimes(target));
        var advice = Ml.Regression.AdviseTransfer(View.Of(source), copied);
        Assert.Contains("160 rows of the target", Told(advice), StringComparison.Ordinal);
        Assert.Equal(40, advice.TargetRows);
        Assert.Equal(plain.Sources[0].Alignment, advice.Sources[0].Alignment);
        var blend = Ml.Regression.Trainers.L2SpBlend(source: Ml.Regression.ComputeMoments(View.Of(source)));
        Assert.Equal(Weights(blend.Fit(View.Of(target))), Weights(blend.Fit(copied)));
    }

    [Fact]
    public void Rows_of_one_customer_are_doubtful_until_a_cluster_column_is_given()
    {
        var random = new Random(5);
        var (source, target) = Tasks(seed: 5);
        var rows = FiveTimes(target);
        for (var i = 0; i < rows.Rows; i++)
        {
            rows.Labels[i] += 0.3 * random.NextDouble();
        }

        IDataView Clustered() => Ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows.Rows).Select(i => new Grouped
        {
            Features = [.. rows.Features.Row(i).ToArray().Select(v => (float)v)],
            Label = (float)rows.Labels[i],
            Group = i % target.Rows,
        }));
        var advice = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(rows));
        Assert.Contains(advice.Warnings, w => w.Kind == AdviceWarningKind.RowsDependent
            && w.Message.Contains("ClusterColumnName", StringComparison.Ordinal));
        var told = Ml.Regression.AdviseTransfer(View.Of(source), Clustered(), new AdviceOptions { ClusterColumnName = "Group" });
        Assert.DoesNotContain(told.Warnings, w => w.Kind == AdviceWarningKind.RowsDependent);
        double Width(TransferAdvice a) => a.Sources[0].Alignment is { Lower: { } lower, Upper: { } upper } ? upper - lower : 4;
        Assert.True(Width(told) > 1.2 * Width(advice), $"{Width(told)} against {Width(advice)}");
    }

    [Fact]
    public void The_interval_of_c_covers_where_copies_count_once()
    {
        const int Draws = 60;
        var covered = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var (source, target) = Tasks(seed: 100 + draw, apart: 0, n0: 2000);
            var prepared = BlendSource.Of(TaskSpectrum.Of(source, true, new Workers(1)), new Workers(1));
            var (lower, upper) = BlendRule.Apply(prepared, RowCopies.Once(FiveTimes(target)), true, 1, new Workers(1)).ScaleInterval;
            covered += lower <= Rho && Rho <= upper ? 1 : 0;
        }

        // 95 % of 60 is 57, its standard error 1.7.
        Assert.InRange(covered, 52, Draws);
    }

    private const double Rho = 0.7;

    private static (HeldRows Source, HeldRows Target) Tasks(int seed, double apart = 0.3, int n0 = 200)
    {
        var random = new Random(seed);
        var (w0, w1) = SimulatedTask.Truths(random, 8, Rho, apart);
        return (View.Rounded(SimulatedTask.Rows(random, n0, w0, 1)), View.Rounded(SimulatedTask.Rows(random, 40, w1, 1)));
    }

    private static HeldRows FiveTimes(HeldRows rows) => rows.Only([.. Enumerable.Range(0, 5 * rows.Rows).Select(i => i % rows.Rows)]);

    private static string Told(TransferAdvice advice) => advice.Warnings.Single(w => w.Kind == AdviceWarningKind.RowsCopied).Message;

    private static IReadOnlyList<double> Weights(ITransformer model) => StartingPoint.From(model).Weights;

    private sealed class Grouped
    {
        [VectorType(8)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public int Group { get; set; }
    }
}
