namespace Transfer.MLNet;

/// <summary>One way that <c>ml.Model.FineTune</c> looked at. Immutable.</summary>
public sealed class FineTuneCandidate
{
    internal FineTuneCandidate()
    {
    }

    /// <summary>Which way.</summary>
    public FineTuneWay Way { get; internal init; }

    /// <summary>
    /// How strongly weights or leaves are held, per row, the largest where each class has its own; null where none is moved.
    /// </summary>
    public double? Tau { get; internal init; }

    /// <summary>The mean error of rows that were left out, in <see cref="FineTuneReport.Measure"/>; null where none was.</summary>
    public double? LeftOutError { get; internal init; }

    /// <summary>
    /// Of a linear classifier, the share of the rows that were left out whose likeliest class is theirs; null elsewhere, and where no row
    /// was.
    /// </summary>
    public double? LeftOutAccuracy { get; internal init; }

    /// <summary>
    /// The standard error of the difference between this error and that of the way that was taken, over the rows; null where none was left
    /// out.
    /// </summary>
    public double? StandardErrorOfDifference { get; internal init; }
}
