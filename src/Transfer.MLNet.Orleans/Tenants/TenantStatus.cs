using System.Globalization;

namespace Transfer.MLNet;

/// <summary>How it stands with a tenant.</summary>
[GenerateSerializer]
[Immutable]
[Alias("Transfer.MLNet.TenantStatus")]
public sealed class TenantStatus
{
    /// <summary>The last batch that was counted; 0 where none was. The next one has the number after it.</summary>
    [Id(0)]
    public long LastBatch { get; internal init; }

    /// <summary>Whether the batch of this call had been counted before, and was not counted again.</summary>
    [Id(1)]
    public bool WasCountedBefore { get; internal init; }

    /// <summary>Rows that count, of all batches.</summary>
    [Id(2)]
    public long Rows { get; internal init; }

    /// <summary>Rows that were left out for a NaN or an infinity.</summary>
    [Id(3)]
    public long RowsLeftOut { get; internal init; }

    /// <summary>Rows that the tenant's weights were made of; 0: it predicts with the model that all began with.</summary>
    [Id(4)]
    public long RowsTuned { get; internal init; }

    /// <summary>Per row; null where it predicts with the model that all began with, or <see cref="LearntPrior"/>.</summary>
    [Id(5)]
    public double? Tau { get; internal init; }

    /// <summary>Root mean squared error of left-out rows (of folds, where moments are kept), with two classes their log-loss; null where
    /// tau was given.</summary>
    [Id(6)]
    public double? LeftOutError { get; internal init; }

    /// <summary>Whether the rows themselves are kept; else their moments.</summary>
    [Id(7)]
    public bool KeepsRows { get; internal init; }

    /// <summary>Why a retuning left the weights as they were; null where it did not.</summary>
    [Id(8)]
    public string? ReasonUnchanged { get; internal init; }

    /// <summary>Whether its weights were drawn to what tenants teach of each other (<see cref="TenantSet.LearnPriorAsync"/>).</summary>
    [Id(9)]
    public bool LearntPrior { get; internal init; }

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"batch {LastBatch}, {Rows} rows{(RowsLeftOut > 0 ? $" ({RowsLeftOut} left out)" : string.Empty)}, ")
        + (LearntPrior ? string.Create(CultureInfo.InvariantCulture, $"tuned on {RowsTuned}, drawn to what all tenants have in common")
            : Tau is { } tau ? string.Create(CultureInfo.InvariantCulture, $"tuned on {RowsTuned} with tau {tau:G3}") : "not tuned");
}
