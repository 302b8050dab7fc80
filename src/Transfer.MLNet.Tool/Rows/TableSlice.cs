using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>The rows of a table that pass some tests.</summary>
internal sealed record TableSlice(Table Table, IReadOnlyList<RowTest> Tests)
{
    public TableSlice With(params RowTest[] more) => this with { Tests = [.. Tests, .. more] };
}
