using System.Globalization;
using System.Text;

namespace Transfer.MLNet;

/// <summary>What <c>ml.Model.FineTune</c> did, and what it was chosen from. Immutable.</summary>
public sealed class FineTuneReport
{
    internal FineTuneReport()
    {
    }

    /// <summary>
    /// The way that was taken, where several were compared. Of trees their average, or one alone that is better by more than two standard
    /// errors (of very many rows the one of the least left-out error); of linear models the one that moves least among those within one
    /// standard error of the least left-out error.
    /// </summary>
    public FineTuneWay Way { get; internal init; }

    /// <summary>Its tau, for all rows; null where no weight and no leaf was moved, or many taus are averaged.</summary>
    public double? Tau { get; internal init; }

    /// <summary>c, what the model's own score is multiplied by; null where it is not fitted, or each class has its own.</summary>
    public double? Scale { get; internal init; }

    /// <summary>The column that the model was moved to: the label that the options name, or one that the model makes from it.</summary>
    public string LabelColumnName { get; internal set; } = string.Empty;

    /// <summary>What was left out of the comparison, and why; null where nothing was.</summary>
    public string? Skipped { get; internal init; }

    /// <summary>What the errors are: 'mean squared error', 'log-loss' (nats), 'Poisson deviance', of trees 'Poisson loss'.</summary>
    public string Measure { get; internal init; } = string.Empty;

    /// <summary>n, the rows that the model was moved to.</summary>
    public long Rows { get; internal init; }

    /// <summary>
    /// The rows that were left out to compare the ways: all, or of very many a sample. A tau of a candidate is per row of these.
    /// </summary>
    public long RowsCompared { get; internal init; }

    /// <summary>
    /// The ways, from the least to the most that is fitted. Of linear classifiers and counts they are the model as it is and the one that
    /// was fitted: nothing is chosen between them, and the errors say what came of it.
    /// </summary>
    public IReadOnlyList<FineTuneCandidate> Candidates { get; internal init; } = [];

    /// <summary>A line for each way, for a log.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Rows} rows: {Way}");
        if (Tau is { } tau)
        {
            text.Append(CultureInfo.InvariantCulture, $", tau = {tau:G4}");
        }

        if (Scale is { } scale)
        {
            text.Append(CultureInfo.InvariantCulture, $", c = {scale:G4}");
        }

        text.Append('.');
        if (Skipped is not null)
        {
            text.Append(' ').Append(Skipped);
        }

        foreach (var candidate in Candidates.Where(c => c.LeftOutError is not null))
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"  {candidate.Way}: left-out {Measure} {candidate.LeftOutError:G6}");
            if (candidate.Way != Way && candidate.StandardErrorOfDifference is { } error)
            {
                text.Append(CultureInfo.InvariantCulture, $" (standard error of the difference {error:G3})");
            }
        }

        return text.ToString();
    }
}
