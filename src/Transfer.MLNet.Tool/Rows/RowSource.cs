using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>Rows that the user named: those of a file that pass some tests.</summary>
/// <param name="File">Where they are.</param>
/// <param name="Tests">Which of them.</param>
/// <param name="Name">For people: the file, or the condition.</param>
internal sealed record RowSource(TableFile File, IReadOnlyList<RowTest> Tests, string Name);
