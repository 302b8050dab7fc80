using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Accumulation;

/// <summary>A task as it was read: its rows, or its moments. One of the two is there.</summary>
internal sealed record TaskData(HeldRows? Rows, Moments? Moments);
