namespace Transfer.MLNet.Benchmarks;

/// <summary>A peer that could not do what it was asked to.</summary>
internal sealed class PeerException(string message) : Exception(message);
