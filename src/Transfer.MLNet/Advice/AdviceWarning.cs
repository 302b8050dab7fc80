namespace Transfer.MLNet;

/// <summary>Something that whoever follows an advice should know.</summary>
/// <param name="Kind">Which warning it is, for programs.</param>
/// <param name="Message">What was found, and what can be done about it.</param>
public sealed record AdviceWarning(AdviceWarningKind Kind, string Message);

/// <summary>The kinds of <see cref="AdviceWarning"/>.</summary>
public enum AdviceWarningKind
{
    /// <summary>The data does not identify rho: its interval is unbounded.</summary>
    AlignmentNotIdentified,

    /// <summary>The interval of rho holds 1: whether the source should be shrunk more or less than is best for itself is open.</summary>
    AlignmentStraddlesOne,

    /// <summary>The features of source and target differ in their means or their spread.</summary>
    CovariateShift,

    /// <summary>The target has few rows.</summary>
    FewTargetRows,

    /// <summary>An estimate of noise or of signal lies at the end of what was searched.</summary>
    NoiseAtBound,

    /// <summary>The best tau lies at the edge of the grid.</summary>
    GridEdge,

    /// <summary>
    /// The multiple c of the source's weights is at an end of -1 to 3 or beyond it, or so near zero that it can only be a change of unit:
    /// the labels are likely in different units.
    /// </summary>
    UnitsDiffer,

    /// <summary>Part of the source could not be used; the message says which.</summary>
    SourcePartlyUsed,

    /// <summary>Rows were left out because a feature or the label is missing or infinite.</summary>
    RowsSkipped,

    /// <summary>Rows are exact copies of others, features and label alike, and were counted once.</summary>
    RowsCopied,

    /// <summary>Target rows with the same features have errors alike: they may not be independent of one another.</summary>
    RowsDependent,

    /// <summary>The target has rows of a group that the source has too: if they are the same rows, noise looks like alignment.</summary>
    GroupsShared,
}
