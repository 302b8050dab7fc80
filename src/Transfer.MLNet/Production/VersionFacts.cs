namespace Transfer.MLNet.Production;

/// <summary>What is known of a version before its files are written.</summary>
internal sealed record VersionFacts(int? From, long? TrainingRows, BatchProfile? HeldOut, string? Training, string? Note);
