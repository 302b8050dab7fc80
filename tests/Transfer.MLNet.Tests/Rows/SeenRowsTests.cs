using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

/// <summary>The rule of copies, counted pair by pair.</summary>
public class SeenRowsTests
{
    [Fact]
    public void Numbers_are_copies_where_equal_rows_are_ten_times_as_many_as_equal_labels_explain()
    {
        var (yes, no) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            // Some rows share their features, some of these their labels; from few labels to many.
            var (kinds, labels) = (random.Next(5, 60), random.Next(1, 5) * random.Next(1, 60));
            var copied = random.NextDouble() * 0.3;
            var rows = new List<(double[] Features, double Label)>();
            for (var i = 0; i < 80; i++)
            {
                rows.Add(i > 0 && random.NextDouble() < copied
                    ? rows[random.Next(i)] : ([random.Next(kinds), 0.5], random.Next(labels)));
            }

            var copies = Add(rows, labelsRepeat: false).AreCopies;
            var pairs = Pairs(rows).ToArray();
            var equal = pairs.Count(p => Same(p.A, p.B) && p.A.Label == p.B.Label);
            var different = Pairs([.. rows.DistinctBy(r => (r.Features[0], r.Label))]).ToArray();
            var share = different.Count(p => p.A.Label == p.B.Label) / (double)different.Length;
            var others = pairs.Count(p => Same(p.A, p.B)) - equal;
            Assert.Equal(equal > 0 && share <= 0.05 && equal > 10 * others * share, copies);
            (yes, no) = (yes + (copies ? 1 : 0), no + (copies ? 0 : 1));
        }

        Assert.True(yes > 50 && no > 50, $"{yes} and {no}");
    }

    [Fact]
    public void Classes_are_copies_where_equal_rows_are_ten_times_as_many_as_agree_in_the_feature_with_most_values()
    {
        var (yes, no) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            int[] values = [random.Next(2, 60), random.Next(2, 400), random.Next(2, 40)];
            var copied = random.NextDouble();
            var rows = new List<(double[] Features, double Label)>();
            for (var i = 0; i < 60; i++)
            {
                rows.Add(i > 0 && random.NextDouble() < copied
                    ? rows[random.Next(i)] : ([.. values.Select(v => (double)random.Next(v))], random.Next(2)));
            }

            var copies = Add(rows, labelsRepeat: true).AreCopies;
            var equal = Pairs(rows).Count(p => Same(p.A, p.B) && p.A.Label == p.B.Label);
            var different = Pairs([.. rows.DistinctBy(r => (r.Features[0], r.Features[1], r.Features[2]))]).ToArray();
            var agreeing = Enumerable.Range(0, 3).Min(j => different.Count(p => p.A.Features[j] == p.B.Features[j]));
            Assert.Equal(equal > 10 * agreeing, copies);
            (yes, no) = (yes + (copies ? 1 : 0), no + (copies ? 0 : 1));
        }

        Assert.True(yes > 50 && no > 50, $"{yes} and {no}");
    }

    [Fact]
    public void Classes_with_one_feature_or_of_one_row_again_and_again_are_no_copies()
    {
        Assert.False(Add([.. Enumerable.Range(0, 40).Select(i => (new double[] { i / 2 }, 1.0))], labelsRepeat: true).AreCopies);
        Assert.False(Add([.. Enumerable.Range(0, 40).Select(i => (new double[] { 1, 2 }, 1.0))], labelsRepeat: false) is
        { AreCopies: false });
    }

    [Fact]
    public void The_owner_is_that_of_the_first_row_with_the_same_features_and_label()
    {
        var seen = new SeenRows(2);
        Assert.Equal(SeenRows.Nobody, seen.Add([1, 2], 5, owner: 3));
        Assert.Equal(SeenRows.Nobody, seen.Add([1, 2], 6, owner: 4));
        Assert.Equal(SeenRows.Nobody, seen.Add([1, 2], 7, owner: 5));
        Assert.Equal(4, seen.Add([1, 2], 6, owner: 8));
        Assert.Equal(3, seen.Add([1, 2], 5, owner: 8));
        Assert.Equal(5, seen.Add([1, 2], 7, owner: 8));
        Assert.False(seen.IsFull);
    }

    [Fact]
    public void Numbers_that_are_nearly_the_same_are_others()
    {
        var seen = new SeenRows(1);
        foreach (var value in new[] { 0, 1e-300, 1e-20, 1, 1 + 1e-15, -1e-20 })
        {
            Assert.Equal(SeenRows.Nobody, seen.Add([value], 1));
            Assert.Equal(SeenRows.Nobody, seen.Add([7], value));
        }
    }

    private static SeenRows Add(List<(double[] Features, double Label)> rows, bool labelsRepeat)
    {
        var seen = new SeenRows(rows[0].Features.Length, labelsRepeat);
        foreach (var (features, label) in rows)
        {
            seen.Add(features, label);
        }

        return seen;
    }

    private static bool Same((double[] Features, double Label) a, (double[] Features, double Label) b) =>
        a.Features.SequenceEqual(b.Features);

    private static IEnumerable<((double[] Features, double Label) A, (double[] Features, double Label) B)> Pairs(
        List<(double[] Features, double Label)> rows) =>
        Enumerable.Range(0, rows.Count).SelectMany(i => Enumerable.Range(i + 1, rows.Count - i - 1).Select(j => (rows[i], rows[j])));
}
