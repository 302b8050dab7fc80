using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Rows;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Accumulation;

public class TaskReaderTests
{
    private static readonly Workers One = new(1);

    [Theory]
    [InlineData(300, 300, 0, true)]
    [InlineData(301, 300, 0, false)]
    [InlineData(301, 300, 301 * 300 * 8, true)]
    [InlineData(302, 300, 301 * 300 * 8, false)]
    public void Rows_are_kept_up_to_as_many_as_there_are_features_or_fit(int n, int p, long keepBytes, bool kept)
    {
        var rows = View.Rounded(Sample.Rows(n, p, 1, weighted: true));
        var reader = new RowReader(View.Of(rows), View.Weighted);

        var task = TaskReader.Read(reader, keepBytes, One);

        Assert.Equal(kept, task.Rows is not null);
        Assert.Equal(kept, task.Moments is null);
        if (kept)
        {
            Assert.Equal(rows.Features.Values, task.Rows!.Features.Values);
            Assert.Equal(rows.Weights, task.Rows.Weights);
        }
        else
        {
            var direct = MomentsReader.Of(rows, 1, 0, One);
            Assert.Equal(direct.Total.Scatter.Values, task.Moments!.Total.Scatter.Values);
            Assert.Equal(direct.Total.Cross, task.Moments.Total.Cross);
            Assert.Equal(n, task.Moments.Count);
        }
    }

    [Fact]
    public void More_rows_than_features_are_refused_where_their_gram_does_not_fit()
    {
        var reader = new RowReader(View.Of(Sample.Rows(41, 40, 1)), new TaskColumns());

        Assert.NotNull(TaskReader.Read(reader, 0, One).Moments);
        var error = Assert.Throws<InvalidOperationException>(
            () => TaskReader.Read(reader, 0, One, budget: new MemoryBudget((8 * 40 * 40) - 1)));
        Assert.Contains("39 features or fewer; or up to 39 rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_that_knows_it_has_too_many_rows_is_refused_before_any_is_read()
    {
        var rows = View.Of(Sample.Rows(5, 40, 1));
        var small = new MemoryBudget((8 * 40 * 40) - 1);
        var error = Assert.Throws<InvalidOperationException>(
            () => TaskReader.Read(new RowReader(new Unreadable(rows, 1_000), new TaskColumns()), 0, One, budget: small));
        Assert.Contains("39 features or fewer; or up to 39 rows", error.Message, StringComparison.Ordinal);

        // Few enough, or not known: they are read.
        Assert.Throws<NotImplementedException>(
            () => TaskReader.Read(new RowReader(new Unreadable(rows, 39), new TaskColumns()), 0, One, budget: small));
        Assert.Throws<NotImplementedException>(
            () => TaskReader.Read(new RowReader(new Unreadable(rows, null), new TaskColumns()), 0, One, budget: small));
    }

    private sealed class Unreadable(IDataView inner, long? rows) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => inner.Schema;

        public long? GetRowCount() => rows;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            throw new NotImplementedException();

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            throw new NotImplementedException();
    }

    [Fact]
    public void Rows_that_do_not_fit_become_moments_where_these_do()
    {
        var reader = new RowReader(View.Of(Sample.Rows(100, 5, 1)), new TaskColumns());

        Assert.NotNull(TaskReader.Read(reader, long.MaxValue / 2, One, budget: new MemoryBudget(8 * 5 * 100)).Rows);
        Assert.NotNull(TaskReader.Read(reader, long.MaxValue / 2, One, budget: new MemoryBudget(8 * 5 * 99)).Moments);
    }
}
