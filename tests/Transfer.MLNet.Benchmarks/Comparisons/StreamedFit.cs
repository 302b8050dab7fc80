namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>A fit that streamed.</summary>
/// <param name="Rows">n.</param>
/// <param name="Features">p.</param>
/// <param name="Seconds">Of the fit.</param>
/// <param name="ReadingSeconds">Of a pass over the same view that does nothing with the rows.</param>
/// <param name="PeakMegabytes">The largest resident memory of the process.</param>
internal sealed record StreamedFit(long Rows, int Features, double Seconds, double ReadingSeconds, double PeakMegabytes);
