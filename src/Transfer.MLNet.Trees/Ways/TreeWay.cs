namespace Transfer.MLNet.Trees.Ways;

/// <summary>What can be done with a model of trees and rows of another task, from the least to the most that is fitted.</summary>
internal enum TreeWay
{
    /// <summary>The model as it is.</summary>
    AsItIs,

    /// <summary>a + score.</summary>
    Shifted,

    /// <summary>a + c score.</summary>
    Rescaled,

    /// <summary>a + score + moved leaves.</summary>
    LeavesFromSource,

    /// <summary>a + c score + moved leaves.</summary>
    LeavesFromScaledSource,

    /// <summary>a + leaves from zero: the trees' splits alone.</summary>
    StructureAlone,

    /// <summary>A linear model of the target's rows alone.</summary>
    LinearAlone,
}
