using System.Globalization;
using System.Text;

namespace Transfer.MLNet;

/// <summary>What <c>ml.Model.FineTune</c> did, and what it was chosen from. Immutable.</summary>
public sealed class FineTuneReport
{
    internal FineTuneReport()
    {
    }

    /// <summary>The way that was taken: the one of the least left-out error where several were compared.</summary>
    public FineTuneWay Way { get; internal init; }

    /// <summary>Its tau, for all rows; null where no weight and no leaf was moved.</summary>
    public double? Tau { get; internal init; }

    /// <summary>What the errors are: 'mean squared error', 'log-loss' (nats) or 'Poisson loss'.</summary>
    public string Measure { get; internal init; } = string.Empty;

    /// <summary>n, the rows that the model was moved to.</summary>
    public long Rows { get; internal init; }

    /// <summary>The rows that were left out to compare the ways: all, or of very many a sample. A tau of a candidate is per row of these.</summary>
    public long RowsCompared { get; internal init; }

    /// <summary>The ways, from the least to the most that is fitted.</summary>
    public IReadOnlyList<FineTuneCandidate> Candidates { get; internal init; } = [];

    /// <summary>A line for each way, for a log.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Rows} rows: {Way}");
        text.Append(Tau is { } tau ? string.Create(CultureInfo.InvariantCulture, $", tau = {tau:G4}.") : ".");
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
