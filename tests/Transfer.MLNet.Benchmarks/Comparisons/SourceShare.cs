namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Seconds of moments from a source of rows, and of reading it alone.</summary>
internal sealed record SourceShare(string Source, long Rows, int Features, double Moments, double Reading);
