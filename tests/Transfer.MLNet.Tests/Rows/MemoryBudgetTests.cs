using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

public class MemoryBudgetTests
{
    private static readonly Workers One = new(1);

    [Fact]
    public void Grams_that_do_not_fit_are_refused_with_what_would()
    {
        var budget = new MemoryBudget(10 * 8 * 100 * 100);

        budget.RequireGrams(100, 10, "Features");
        var error = Assert.Throws<InvalidOperationException>(() => budget.RequireGrams(101, 10, "Features"));

        Assert.Contains("'Features' has 101 features", error.Message, StringComparison.Ordinal);
        Assert.Contains("100 features or fewer in 10 matrices (316 in one: take fewer folds)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_gram_is_larger_than_an_array_can_be() =>
        Assert.Throws<InvalidOperationException>(() => new MemoryBudget(long.MaxValue).RequireGrams(46_341, 1, "Features"));

    [Fact]
    public void Moments_that_do_not_fit_are_refused_before_any_row_is_read()
    {
        var view = View.Of(Sample.Rows(5, 20, 1));

        var error = Assert.Throws<InvalidOperationException>(() =>
            MomentsReader.Read(view, new TaskColumns(), 2, 0, One, budget: new MemoryBudget(8 * 20 * 20)));

        Assert.Contains("14 features or fewer in 2 matrices (20 in one: take fewer folds)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_when_the_first_too_many_comes()
    {
        var view = View.Of(Sample.Rows(50, 20, 1));

        var error = Assert.Throws<InvalidOperationException>(() =>
            HeldRowsReader.Read(view, new TaskColumns(), One, budget: new MemoryBudget(8 * 20 * 30)));

        Assert.Contains("More than 30 rows of column 'Features' (20 features)", error.Message, StringComparison.Ordinal);
        Assert.Contains("ComputeMoments", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_processs_share_is_a_part_of_what_it_may_use() =>
        Assert.InRange(MemoryBudget.OfProcess.Bytes, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
}
