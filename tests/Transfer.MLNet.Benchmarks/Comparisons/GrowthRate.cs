namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Times at some sizes, and the power of the size that fits them best.</summary>
internal sealed record GrowthRate(string What, string Variable, int[] Sizes, double[] Seconds, double Exponent, double Theory);
