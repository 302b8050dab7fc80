namespace Transfer.MLNet.Trees.Boosting;

/// <summary>How large the trees of an ensemble may become.</summary>
/// <param name="Leaves">At most so many leaves a tree.</param>
/// <param name="RowsOfALeaf">At least so many rows a leaf.</param>
internal readonly record struct TreeSize(int Leaves, int RowsOfALeaf);
