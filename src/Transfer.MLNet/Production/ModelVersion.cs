namespace Transfer.MLNet;

/// <summary>One version of a <see cref="ModelStore"/>: what its model was made of and what it was measured at. Immutable.</summary>
public sealed record ModelVersion
{
    /// <summary>From 1, in the order in which versions were added, whatever the clock says.</summary>
    public required int Number { get; init; }

    /// <summary>When it was added, by the clock of the machine.</summary>
    public required DateTimeOffset Added { get; init; }

    /// <summary>The version that it was trained from; null for a model from elsewhere.</summary>
    public int? From { get; init; }

    /// <summary>What whoever added it says of it.</summary>
    public string? Note { get; init; }

    /// <summary>The rows that it was trained on; null where nobody said.</summary>
    public long? TrainingRows { get; init; }

    /// <summary>The batch as this model sees it, on rows that it was not trained on; null where none were given.</summary>
    public BatchProfile? HeldOut { get; init; }

    /// <summary>How it was trained, in words; null where nobody said.</summary>
    public string? Training { get; init; }

    /// <summary>The versions of this library and of ML.NET that wrote it.</summary>
    public required IReadOnlyList<string> WrittenBy { get; init; }

    /// <summary>SHA-256 of the model's file, in hexadecimal.</summary>
    public required string ModelPrint { get; init; }

    /// <summary>SHA-256 of the file of held-out rows, in hexadecimal; null where there is none.</summary>
    public string? RowsPrint { get; init; }
}
