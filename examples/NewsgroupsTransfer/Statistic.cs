using System.Globalization;

namespace NewsgroupsTransfer;

/// <summary>
/// A mean over draws and its standard error. Differences are taken draw by draw, so what the draws have in common cancels.
/// </summary>
internal readonly record struct Statistic(double Mean, double StandardError)
{
    public static Statistic Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        double variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
        return new Statistic(mean, Math.Sqrt(variance / values.Count));
    }

    /// <param name="format">Of the mean; the standard error has the same digits without a sign.</param>
    public string ToString(string format) => string.Create(CultureInfo.InvariantCulture,
        $"{Mean.ToString(format, CultureInfo.InvariantCulture)} ± "
            + $"{StandardError.ToString(format.Split(';')[0].TrimStart('+'), CultureInfo.InvariantCulture)}");
}
