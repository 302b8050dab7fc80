namespace Transfer.MLNet;

/// <summary>A small thing in a store, with the number of times that it was written.</summary>
/// <param name="Version">1 for the first write.</param>
/// <param name="Content">The bytes.</param>
public sealed record StoredRecord(long Version, ReadOnlyMemory<byte> Content);
