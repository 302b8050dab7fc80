using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Evidence;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Group columns of which little or nothing can be learnt, and moments that do not fit.</summary>
public class GroupAdviceTests
{
    private const int P = 3;

    private static readonly MLContext Ml = new(1);

    [Theory]
    [InlineData(1, "1 group, 1 of them")]
    [InlineData(2, "2 groups, 2 of them")]
    [InlineData(60, "60 groups, 0 of them")]
    [InlineData(30, "30 groups, 0 of them")]
    public void Too_few_groups_are_told_and_the_source_is_one_task(int groups, string said)
    {
        var (source, target) = Tasks();
        var plain = Ml.Regression.AdviseTransfer(Grouped(source, _ => "all"), View.Of(target));
        var advice = Ml.Regression.AdviseTransfer(
            Grouped(source, i => $"shop {i % groups}"), View.Of(target), new() { GroupColumnName = "Shop" });
        var told = Assert.Single(advice.Warnings, w => w.Kind == AdviceWarningKind.SourcePartlyUsed).Message;
        Assert.Contains($"Column 'Shop' divides the source into {said}", told, StringComparison.Ordinal);
        Assert.Null(advice.Way(TransferWayKind.GroupedBlend));
        Assert.Empty(advice.Sources[0].Groups);
        Close.To(plain.Way(TransferWayKind.Blend)!.LeftOutRisk, advice.Way(TransferWayKind.Blend)!.LeftOutRisk, 1e-9);
    }

    [Fact]
    public void Groups_of_one_or_two_rows_among_others_are_counted_and_told()
    {
        var (source, target) = Tasks();
        var advice = Ml.Regression.AdviseTransfer(
            Grouped(source, i => i < 3 ? "one" + i : i < 5 ? "two" : $"shop {i % 4}"), View.Of(target), new() { GroupColumnName = "Shop" });
        var told = Assert.Single(advice.Warnings, w => w.Kind == AdviceWarningKind.SourcePartlyUsed).Message;
        Assert.Contains("4 of 8 groups of column 'Shop' have fewer than 3 rows", told, StringComparison.Ordinal);
        Assert.Equal(4, advice.Sources[0].Groups.Count);
        Assert.NotNull(advice.Way(TransferWayKind.GroupedBlend));
    }

    [Theory]
    [InlineData("Label", "label")]
    [InlineData("Features", "feature")]
    public void A_group_column_that_has_another_role_is_refused(string column, string role)
    {
        var (source, target) = Tasks();
        var refused = Assert.Throws<ArgumentException>(
            () => Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target), new() { GroupColumnName = column }));
        Assert.Contains($"'{column}' is given as the group column and as the {role} column", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_that_the_target_has_rows_of_are_named()
    {
        var (source, target) = Tasks();
        var shops = Grouped(source, i => $"shop {i % 5}");
        var own = Grouped(target, i => i % 2 == 0 ? "shop 3" : "new");
        foreach (var advice in new[]
        {
            Ml.Regression.AdviseTransfer(shops, own, new() { GroupColumnName = "Shop" }),
            Ml.Regression.AdviseTransfer(Ml.Data.ComputeGroupedMoments(shops, "Shop"), own),
        })
        {
            var told = Assert.Single(advice.Warnings, w => w.Kind == AdviceWarningKind.GroupsShared).Message;
            Assert.Contains("(column 'Shop'): 'shop 3'.", told, StringComparison.Ordinal);
        }

        var others = Ml.Regression.AdviseTransfer(shops, Grouped(target, _ => "new"), new() { GroupColumnName = "Shop" });
        Assert.DoesNotContain(others.Warnings, w => w.Kind == AdviceWarningKind.GroupsShared);
    }

    [Fact]
    public void A_hundred_thousand_groups_that_do_not_fit_are_refused_before_a_row_is_read()
    {
        var rows = Ml.Data.LoadFromEnumerable(Unread());
        var refused = Assert.Throws<InvalidOperationException>(() => GroupedMomentsReader.Read(
            rows, new TaskColumns("Label", "Features", null), "Shop", new Workers(1), budget: new MemoryBudget(1L << 30)));
        // 8 x 50 x 50 x 100,000 bytes.
        Assert.Contains("100000 groups (column 'Shop') of 50 features", refused.Message, StringComparison.Ordinal);
        Assert.Contains("What fits: 53687 groups", refused.Message, StringComparison.Ordinal);

        static IEnumerable<Keyed> Unread()
        {
            foreach (var number in new[] { 1 })
            {
                yield return number == 1 ? throw new InvalidOperationException("A row was read.") : new Keyed();
            }
        }
    }

    [Fact]
    public void Moments_of_another_featurisation_are_refused_with_the_feature_that_differs()
    {
        var (source, target) = Tasks();
        string[] names = ["area", "rooms", "age"];
        var moments = Ml.Regression.ComputeMoments(View.Of(source, names: names), folds: 2);
        var other = View.Of(target, names: ["area", "age", "rooms"]);
        foreach (var ask in new Action[]
        {
            () => Ml.Regression.AdviseTransfer(moments, other),
            () => Ml.Regression.AdviseTransfer(moments, Ml.Regression.ComputeMoments(other, folds: 2)),
        })
        {
            var refused = Assert.Throws<ArgumentException>(ask);
            Assert.Contains("'age' as feature 1", refused.Message, StringComparison.Ordinal);
            Assert.Contains("'rooms'", refused.Message, StringComparison.Ordinal);
            Assert.Contains("same fitted featuriser", refused.Message, StringComparison.Ordinal);
        }

        Ml.Regression.AdviseTransfer(moments, View.Of(target, names: names));
        var march = Ml.Regression.ComputeMoments(
            View.Of(source), folds: 2, featurisation: new Dictionary<string, string> { ["map"] = "3" });
        var april = Ml.Regression.ComputeMoments(
            View.Of(target), folds: 2, featurisation: new Dictionary<string, string> { ["map"] = "4" });
        Assert.Contains("'map' is '3' in the one", Assert.Throws<ArgumentException>(() => Ml.Regression.AdviseTransfer(march, april))
            .Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_never_varies_and_a_start_of_zeros_are_refused_with_column_and_value()
    {
        var (source, target) = Tasks();
        var flat = new HeldRows(target.Features, [.. target.Labels.Select(_ => 2.5)]);
        var refused = Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(View.Of(source), View.Of(flat)));
        Assert.Contains("Every label of the target (column 'Label') is 2.5", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<InvalidOperationException>(
            () => Ml.Regression.AdviseTransfer(StartingPoint.From(new double[P]), View.Of(target)));
        Assert.Contains("All 3 weights of the source model are 0", refused.Message, StringComparison.Ordinal);
    }

    private static (HeldRows Source, HeldRows Target) Tasks()
    {
        var random = new Random(2);
        var (w0, w1) = SimulatedTask.Truths(random, P, 0.8, 0.3);
        return (SimulatedTask.Rows(random, 60, w0, 0.5), SimulatedTask.Rows(random, 20, w1, 0.5));
    }

    private static IDataView Grouped(HeldRows rows, Func<int, string> shop) => Ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, rows.Rows).Select(i => new Sale
        {
            Features = [.. rows.Features.Row(i).ToArray().Select(v => (float)v)],
            Label = (float)rows.Labels[i],
            Shop = shop(i),
        }));

    private sealed class Sale
    {
        [VectorType(P)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public string Shop { get; set; } = "";
    }

    private sealed class Keyed
    {
        [VectorType(50)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        [KeyType(100_000)]
        public uint Shop { get; set; }
    }
}
