namespace Transfer.MLNet.Tests.Theory;

/// <summary>Covariance spectra for tests.</summary>
internal static class Spectra
{
    /// <summary>sigma_j proportional to j^-alpha, j = 1 .. p, with mean 1.</summary>
    public static double[] PowerLaw(int p, double alpha)
    {
        var raw = Enumerable.Range(1, p).Select(j => Math.Pow(j, -alpha)).ToArray();
        var mean = raw.Average();
        return [.. raw.Select(v => v / mean)];
    }
}
