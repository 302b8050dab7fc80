using Microsoft.ML.Data;

namespace Transfer.MLNet.Trees.Ensembles;

/// <summary>
/// A model whose score is linear in leaf indicators: score = offset + unit * (the sum over its trees of the value of the leaf that the row
/// falls into). Leaves of all trees are numbered one after the other, 0 to L - 1.
/// </summary>
internal abstract class LeafScore
{
    /// <summary>How many features it was trained on.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>T, the trees with at least two leaves: others give every row the same.</summary>
    public abstract int Trees { get; }

    /// <summary>L, the leaves of these trees.</summary>
    public abstract int LeafCount { get; }

    /// <summary>What the sum of the leaves is multiplied by.</summary>
    public abstract double Unit { get; }

    /// <summary>What every row gets besides.</summary>
    public abstract double Offset { get; }

    /// <summary>The last leaf of a tree, in the common numbering.</summary>
    public abstract int LastLeafOf(int tree);

    /// <summary>A copy of the values of the leaves (L).</summary>
    public abstract double[] Values();

    /// <summary>The leaf (one a tree, T) that a row falls into.</summary>
    public abstract void LeavesOf(in VBuffer<float> row, Span<int> leaves);

    /// <summary>
    /// Writes leaf values into the model itself, and <paramref name="intercept"/> (in units of the score) to where it acts. Views of the
    /// model
    /// that were made before stay as they were, so that it has to be saved and loaded afterwards.
    /// </summary>
    public abstract void Write(ReadOnlySpan<double> values, double intercept);
}
