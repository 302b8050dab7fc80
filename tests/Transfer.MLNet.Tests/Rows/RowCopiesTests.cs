using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Evidence;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

public class RowCopiesTests
{
    [Fact]
    public void Copies_of_rows_with_many_values_are_dropped_and_the_others_stay_in_their_order()
    {
        var rows = SimulatedTask.Rows(new Random(1), 20, [1, -1, 0.5], 1);
        var doubled = rows.Only([.. Enumerable.Range(0, 20).SelectMany(i => i % 3 == 0 ? new[] { i, i } : [i])]);
        Assert.Equal(27, doubled.Rows);
        var once = RowCopies.Once(doubled);
        Assert.Equal(rows.Features.Values, once.Features.Values);
        Assert.Equal(rows.Labels, once.Labels);
        Assert.Same(rows, RowCopies.Once(rows));
    }

    [Fact]
    public void Equal_rows_of_few_values_may_be_chance_and_stay()
    {
        var random = new Random(2);
        HeldRows Discrete(int levels) => new(
            new Matrix(400, 3, [.. Enumerable.Range(0, 1200).Select(_ => (double)random.Next(2))]),
            [.. Enumerable.Range(0, 400).Select(_ => (double)random.Next(levels))]);
        foreach (var levels in new[] { 2, 10, 40, 100, 1000 })
        {
            var rows = Discrete(levels);
            Assert.Same(rows, RowCopies.Once(rows));
        }
    }

    [Fact]
    public void The_same_customer_with_other_labels_is_no_copy()
    {
        var rows = SimulatedTask.Rows(new Random(3), 20, [1, -1, 0.5], 1).Only([.. Enumerable.Range(0, 60).Select(i => i / 3)]);
        for (var i = 0; i < rows.Rows; i++)
        {
            rows.Labels[i] += 0.001 * i;
        }

        Assert.Same(rows, RowCopies.Once(rows));
    }

    [Fact]
    public void Minus_zero_is_zero_and_a_row_of_other_order_is_another_row()
    {
        var seen = new SeenRows(2);
        Assert.Equal(SeenRows.Nobody, seen.Add([0, 1], 2, owner: 0));
        Assert.Equal(0, seen.Add([-0.0, 1], 2, owner: 1));
        Assert.Equal(SeenRows.Nobody, seen.Add([1, 0], 2, owner: 1));
        Assert.Equal(SeenRows.Nobody, seen.Add([0, 1], 1, owner: 1));
    }
}
