using System.Globalization;

namespace Transfer.MLNet.Tool.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Four significant digits.</summary>
    public static string Short(double value) => value switch
    {
        double.NaN => "-",
        0 => "0",
        _ when Math.Abs(value) is >= 1e-3 and < 1e5 => Math.Abs(value) >= 1000 ? value.ToString("0", CultureInfo.InvariantCulture)
            : value.ToString("G4", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###e0", CultureInfo.InvariantCulture),
    };
}
