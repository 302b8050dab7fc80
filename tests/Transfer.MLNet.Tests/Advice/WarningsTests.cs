using Transfer.MLNet.Advice;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Each warning on both sides of its bound, and how much it names.</summary>
public class WarningsTests
{
    [Theory]
    [InlineData(29, 4, true)]
    [InlineData(30, 4, false)]
    [InlineData(30, 61, false)]
    [InlineData(30, 62, true)]
    [InlineData(99, 200, true)]
    [InlineData(100, 200, false)]
    public void Fewer_than_30_rows_or_half_of_the_features_are_few(long rows, int features, bool told) =>
        Assert.Equal(told, Warnings.OfRows(rows, features)?.Kind == AdviceWarningKind.FewTargetRows);

    [Theory]
    [InlineData(1e-8, 1, true)]
    [InlineData(1.01e-8, 1, false)]
    [InlineData(1e-8, 0.9, false)]
    [InlineData(5e-8, 6, true)]
    [InlineData(null, 1, false)]
    public void Noise_of_a_hundred_millionth_of_the_labels_variance_is_none(double? noise, double power, bool told) =>
        Assert.Equal(told, Warnings.OfNoise(noise, power, "target")?.Kind == AdviceWarningKind.NoiseAtBound);

    [Theory]
    [InlineData(0, 5, "smallest")]
    [InlineData(1, 5, null)]
    [InlineData(3, 5, null)]
    [InlineData(4, 5, "largest")]
    public void A_tau_at_an_end_of_its_grid_is_told_with_the_end(int at, int count, string? end) =>
        Assert.Contains(end ?? "", Warnings.OfEdge("target", at, count)?.Message ?? (end is null ? "" : "nothing"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 1, "divides the source into 1 group, 1 of them with 3 rows or more")]
    [InlineData(2, 5, "divides the source into 5 groups, 2 of them with 3 rows or more; how groups differ is learnt from 3 at least")]
    [InlineData(3, 5, "2 of 5 groups of column 'shop' have fewer than 3 rows")]
    [InlineData(3, 3, null)]
    public void Groups_that_teach_nothing_are_counted(int usable, int all, string? told) =>
        Assert.Contains(told ?? "", Warnings.OfGroups("shop", usable, all)?.Message ?? (told is null ? "" : "nothing"),
            StringComparison.Ordinal);

    [Fact]
    public void Three_groups_that_both_tasks_have_are_named()
    {
        Assert.Null(Warnings.OfOwnGroups("shop", []));
        Assert.Contains("rows of a group of the source (column 'shop'): 'a'. If", Told("a"), StringComparison.Ordinal);
        Assert.Contains("rows of 3 groups of the source (column 'shop'): 'a', 'b', 'c'. If", Told("a", "b", "c"), StringComparison.Ordinal);
        Assert.Contains("rows of 4 groups of the source (column 'shop'): 'a', 'b', 'c', .... If", Told("a", "b", "c", "d"),
            StringComparison.Ordinal);

        static string Told(params string[] names) => Warnings.OfOwnGroups("shop", names)!.Message;
    }

    [Theory]
    [InlineData(0.9, 1.1, true)]
    [InlineData(1.0, 1.1, false)]
    [InlineData(0.9, 1.0, false)]
    [InlineData(0.2, 0.5, false)]
    [InlineData(null, 1.5, false)]
    [InlineData(0.5, null, false)]
    public void An_interval_of_rho_that_holds_1_is_told(double? lower, double? upper, bool told)
    {
        var warning = Warnings.OfAlignment(new AlignmentEstimate(1, 0.1, lower, upper, ""));
        Assert.Equal(told, warning?.Kind == AdviceWarningKind.AlignmentStraddlesOne);
        if (told)
        {
            Assert.Contains("[0.9, 1.1], holds 1", warning!.Message, StringComparison.Ordinal);
        }

        Assert.Equal(AdviceWarningKind.AlignmentNotIdentified, Warnings.OfAlignment(AlignmentEstimate.NotIdentified("no rows"))!.Kind);
    }

    [Theory]
    [InlineData(1, 0, "1 row of the source is an exact copy of a target row", "a row before")]
    [InlineData(2, 0, "2 rows of the source are exact copies of target rows", "rows before")]
    [InlineData(0, 1, "1 row of the source is an exact copy of a row before it", "in common")]
    [InlineData(0, 7, "7 rows of the source are exact copies of rows before them", "in common")]
    public void Copies_are_counted_and_said_to_be_of_what(long inTarget, long repeated, string told, string untold)
    {
        var message = Warnings.OfSourceCopies(inTarget, repeated).Message;
        Assert.StartsWith(told, message, StringComparison.Ordinal);
        Assert.DoesNotContain(untold, message, StringComparison.Ordinal);
        var both = Warnings.OfSourceCopies(3, 4).Message;
        Assert.Contains("3 rows of the source are exact copies of target rows", both, StringComparison.Ordinal);
        Assert.Contains("4 rows of the source are exact copies of rows before them", both, StringComparison.Ordinal);
        Assert.Contains("2 rows of the target are exact copies of rows before them, features and label alike: 9 different rows count",
            Warnings.OfTargetCopies(2, 9).Message, StringComparison.Ordinal);
    }
}
