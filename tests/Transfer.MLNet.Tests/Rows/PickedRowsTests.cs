using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

public class PickedRowsTests
{
    private static readonly Workers One = new(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_of_the_mask_come_in_order_with_their_own_places(bool andBeyond)
    {
        var view = View.Of(1, Enumerable.Range(0, 6).Select(i => new View.Row { Features = new(1, [(float)i]), Label = i }));
        var picked = new PickedRows(view, [true, false, false, true], andBeyond);
        long[] expected = andBeyond ? [0, 3, 4, 5] : [0, 3];

        var places = new List<long>();
        var cursor = picked.GetRowCursor(picked.Schema);
        Assert.Equal(-1, cursor.Position);
        while (cursor.MoveNext())
        {
            places.Add(cursor.Position);
        }

        Assert.Equal(-1, cursor.Position);
        cursor.Dispose();
        Assert.Equal(expected, places);
        Assert.Equal(andBeyond ? null : 2, picked.GetRowCount());
        var labels = HeldRowsReader.Read(picked, new TaskColumns(), One).Labels;
        Assert.Equal([.. expected.Select(i => (double)i)], labels);
        Assert.Equal(labels, HeldRowsReader.Read(picked, new TaskColumns(), One).Labels);
    }

    [Fact]
    public void A_complaint_names_the_row_that_was_given()
    {
        var view = View.Of(1, Enumerable.Range(0, 4).Select(i => new View.Row { Features = new(1, [1f]), Weight = i == 3 ? -1 : 1 }));
        var error = Assert.Throws<InvalidOperationException>(() =>
            HeldRowsReader.Read(new PickedRows(view, [false, true, false, true]), View.Weighted, One));
        Assert.Contains("row 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_is_left_without_the_targets_rows_and_without_copies_of_its_own()
    {
        var random = new Random(1);
        View.Row Row() => new() { Features = new(2, [random.NextSingle(), random.NextSingle()]), Label = random.NextSingle() };
        View.Row[] own = [.. Enumerable.Range(0, 5).Select(_ => Row())];
        View.Row[] shared = [.. Enumerable.Range(0, 3).Select(_ => Row())];
        var source = View.Of(2, [own[0], shared[1], own[1], own[0], own[2], shared[0], own[3], own[4], own[4], own[4]]);
        var target = View.Of(2, [.. shared, Row()]);

        var seen = RowCopies.Seen(new(target, new()), default);
        var (rows, inTarget, repeated) = RowCopies.Once(source, new(source, new()), seen, default);
        Assert.Equal((2L, 3L), (inTarget, repeated));
        Assert.Equal([.. own.Select(r => (double)r.Label)], HeldRowsReader.Read(rows, new TaskColumns(), One).Labels);

        // Where none is a copy the view itself, and where all are there is nothing left.
        var other = View.Of(2, [Row(), Row(), Row()]);
        Assert.Same(other, RowCopies.Once(other, new(other, new()), RowCopies.Seen(new(target, new()), default), default).Rows);
        var all = View.Of(2, [shared[0], shared[1], shared[0]]);
        Assert.Throws<InvalidOperationException>(() =>
            RowCopies.Once(all, new(all, new()), RowCopies.Seen(new(target, new()), default), default));
    }
}
