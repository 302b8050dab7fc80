using System.Globalization;
using System.Text.RegularExpressions;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

/// <summary>What a refusal says would fit does fit, and one more does not.</summary>
public class MemoryBudgetLimitTests
{
    private const string Column = "Features";

    [Theory]
    [InlineData(10 * 8 * 100 * 100, 10)]
    [InlineData(80_003, 1)]
    [InlineData(123_456_789, 7)]
    public void Of_grams_the_features_that_are_named_fit_and_one_more_does_not(long bytes, int count)
    {
        var budget = new MemoryBudget(bytes);
        var said = Refusal(() => budget.RequireGrams(40_000, count, Column));

        var fits = Number(said, @"What fits: (\d+) features or fewer");
        budget.RequireGrams(fits, count, Column);
        Refusal(() => budget.RequireGrams(fits + 1, count, Column));
        Assert.Equal(count > 1, said.Contains("in one", StringComparison.Ordinal));
        if (count > 1)
        {
            var inOne = Number(said, @"\((\d+) in one: take fewer folds\)");
            budget.RequireGrams(inOne, 1, Column);
            Refusal(() => budget.RequireGrams(inOne + 1, 1, Column));
            Assert.True(budget.FitsGram(inOne) && !budget.FitsGram(inOne + 1));
        }

        var rows = Number(said, @"up to (\d+) rows");
        Assert.True(budget.FitsRows(rows, 40_000) && !budget.FitsRows(rows + 1, 40_000));
    }

    [Fact]
    public void The_side_of_a_gram_is_bounded_by_what_an_array_holds_whatever_the_memory()
    {
        var endless = new MemoryBudget(long.MaxValue);
        // The largest square that an array of .NET holds.
        var side = (int)Math.Sqrt(Array.MaxLength);

        Assert.True(endless.FitsGram(side) && !endless.FitsGram(side + 1));
        endless.RequireGrams(side, 3, Column);
        Assert.Equal(side, Number(Refusal(() => endless.RequireGrams(side + 1, 3, Column)), @"What fits: (\d+) features"));
        Assert.True(endless.FitsRows(Array.MaxLength, 1) && !endless.FitsRows(Array.MaxLength + 1L, 1));
        Assert.True(endless.FitsRows(Array.MaxLength / 7, 7) && !endless.FitsRows((Array.MaxLength / 7) + 1L, 7));
    }

    [Fact]
    public void Of_rows_as_many_fit_as_are_named()
    {
        var budget = new MemoryBudget((8 * 20 * 30) + 5);
        var said = Refusal(() => budget.RequireRows(41, 20, Column));

        Assert.Contains("More than 40 rows", said, StringComparison.Ordinal);
        var fits = Number(said, @"What fits: (\d+) rows");
        budget.RequireRows(fits, 20, Column);
        Refusal(() => budget.RequireRows(fits + 1, 20, Column));
    }

    [Fact]
    public void Of_groups_as_many_fit_as_are_named_or_all_with_as_many_features()
    {
        var budget = new MemoryBudget(1_000_003);
        var said = Refusal(() => budget.RequireGroups(60, 90, "Shop"));

        var groups = Number(said, @"What fits: (\d+) groups");
        budget.RequireGroups(groups, 90, "Shop");
        Refusal(() => budget.RequireGroups(groups + 1, 90, "Shop"));
        var features = Number(said, @"or (\d+) features");
        budget.RequireGroups(60, features, "Shop");
        Refusal(() => budget.RequireGroups(60, features + 1, "Shop"));
    }

    [Fact]
    public void Of_scores_as_many_classes_fit_as_are_named()
    {
        var budget = new MemoryBudget(5_000_001);
        var said = Refusal(() => budget.RequireScores(1000, 4000, Column));

        var classes = Number(said, @"What fits: (\d+) classes");
        budget.RequireScores(1000, classes, Column);
        Refusal(() => budget.RequireScores(1000, classes + 1, Column));
        Assert.Contains("12 vectors of 4000000 scores", said, StringComparison.Ordinal);

        // 12 vectors of 2^20 numbers of 8 bytes are 96 MB, in four budgets of 1 MB.
        said = Refusal(() => new MemoryBudget(1 << 20).RequireScores(1 << 10, 1 << 10, Column));
        Assert.Contains("(96.0 MB), and 4.0 MB may be used", said, StringComparison.Ordinal);
    }

    [Fact]
    public void No_vector_of_scores_is_longer_than_an_array_can_be()
    {
        var endless = new MemoryBudget(long.MaxValue);
        endless.RequireScores(Array.MaxLength, 1, Column);
        var said = Refusal(() => endless.RequireScores(1 << 20, 1 << 20, Column));

        var classes = Number(said, @"What fits: (\d+) classes");
        endless.RequireScores(1 << 20, classes, Column);
        Refusal(() => endless.RequireScores(1 << 20, classes + 1, Column));
    }

    [Fact]
    public void Of_sparse_rows_those_before_the_first_too_many_fit_and_as_many_features_as_are_named()
    {
        var budget = new MemoryBudget(3200);
        budget.RequireValues(100, 32, 10, 1000, Column);
        var said = Refusal(() => budget.RequireValues(101, 32, 11, 1000, Column));

        Assert.Contains("More than 10 rows", said, StringComparison.Ordinal);
        Assert.Contains("about 10 rows like these", said, StringComparison.Ordinal);
        var features = Number(said, @"or (\d+) features");
        Assert.True(budget.FitsGram(features) && !budget.FitsGram(features + 1));

        var endless = new MemoryBudget(long.MaxValue);
        endless.RequireValues(Array.MaxLength, 32, 10, 1000, Column);
        Refusal(() => endless.RequireValues(Array.MaxLength + 1L, 32, 10, 1000, Column));
    }

    [Theory]
    [InlineData(1, "2.0 MB")]
    [InlineData(3, "6.0 MB")]
    [InlineData(511, "1022.0 MB")]
    [InlineData(512, "1.0 GB")]
    [InlineData(1280, "2.5 GB")]
    public void Sizes_are_told_in_powers_of_1024(long groups, string size)
    {
        // A matrix of 512 x 512 numbers of 8 bytes is 2 MB.
        Assert.Contains(
            $"take {size}, and 0.5 MB may be used", Refusal(() => new MemoryBudget(1 << 19).RequireGroups(groups, 512, "Shop")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_holds_its_last_byte()
    {
        Assert.True(new MemoryBudget(17).FitsBytes(17));
        Assert.False(new MemoryBudget(17).FitsBytes(18));
    }

    [Fact]
    public void The_processs_share_is_a_quarter() =>
        // What is available may change a little between the two questions.
        Assert.InRange(4.0 * MemoryBudget.OfProcess.Bytes / GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 0.8, 1.25);

    private static string Refusal(Action ask) => Assert.Throws<InvalidOperationException>(ask).Message;

    private static int Number(string said, string pattern) =>
        int.Parse(Regex.Match(said, pattern).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
}
