using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>The rows of a table that pass some tests, or one of several parts of them.</summary>
/// <param name="Table">Where they are.</param>
/// <param name="Tests">Which of them.</param>
/// <param name="Part">From 0.</param>
/// <param name="Parts">How many there are; every so manieth chunk belongs to one.</param>
internal sealed record TableSlice(Table Table, IReadOnlyList<RowTest> Tests, int Part = 0, int Parts = 1)
{
    public TableSlice With(params RowTest[] more) => this with { Tests = [.. Tests, .. more] };

    /// <param name="share">Is told which share of a file that is parsed is done.</param>
    public IEnumerable<Chunk> Chunks(Action<double>? share = null) =>
        Parts == 1 ? Table.Chunks(share) : Table.Chunks(share).Where((_, i) => i % Parts == Part);
}
