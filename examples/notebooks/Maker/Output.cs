namespace NotebookMaker;

/// <summary>What a cell gave.</summary>
/// <param name="Text">What it wrote.</param>
/// <param name="Pictures">The PNG files it made, in the order of their names.</param>
internal sealed record Output(string Text, IReadOnlyList<byte[]> Pictures);
