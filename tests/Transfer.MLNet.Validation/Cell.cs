using System.Globalization;

namespace Transfer.MLNet.Validation;

/// <summary>One setting of the study.</summary>
/// <param name="Covariance">iso, ar or power; power-top and power-tail have all signal on three or on the lower half of the
/// directions.</param>
/// <param name="SourceRows">n0.</param>
/// <param name="TargetRows">n1.</param>
/// <param name="Alignment">rho.</param>
/// <param name="SignalToNoise">SNR = |w0|^2 / s^2, the same noise variance s^2 in source and target.</param>
/// <param name="Features">p.</param>
internal sealed record Cell(
    string Covariance, int SourceRows, int TargetRows, double Alignment, double SignalToNoise, int Features = Cell.UsualFeatures)
{
    public const int UsualFeatures = 200;

    public static IReadOnlyList<Cell> All { get; } =
    [
        .. from covariance in new[] { "iso", "ar", "power" }
           from sourceRows in new[] { 100, 400, 2000 }
           from targetRows in new[] { 50, 200, 1000 }
           from alignment in new[] { -0.5, 0, 0.5, 1, 1.5 }
           from snr in new[] { 0.3, 1, 5 }
           select new Cell(covariance, sourceRows, targetRows, alignment, snr),
    ];

    /// <summary>
    /// Where the model of the theory route is wrong: coefficients that are not spread over the directions, so that the sign rule in rho
    /// need not hold.
    /// </summary>
    public static IReadOnlyList<Cell> Misspecified { get; } =
    [
        .. from covariance in new[] { "power-top", "power-tail" }
           from targetRows in new[] { 50, 200, 1000 }
           from alignment in new[] { -0.5, 0, 0.5, 1, 1.5 }
           select new Cell(covariance, 400, targetRows, alignment, 1),
    ];

    /// <summary>
    /// Rows that are not what the model takes them for: clusters of five target rows that share a part of their noise, every source row
    /// twice, noise with heavy tails, three directions with a hundred times the variance; and other numbers of features.
    /// </summary>
    public static IReadOnlyList<Cell> OtherWorlds { get; } =
    [
        .. from world in new[] { "clusters", "duplicates", "tails", "spikes" }
           from targetRows in new[] { 50, 200 }
           from alignment in new[] { 0, 0.5, 1 }
           select new Cell(world, 400, targetRows, alignment, 1),
        .. from features in new[] { 20, 500 }
           from targetRows in new[] { 50, 200 }
           from alignment in new[] { 0, 0.5, 1 }
           select new Cell("iso", 400, targetRows, alignment, 1, features),
    ];

    public static IReadOnlyList<Cell> Everything { get; } = [.. All, .. Misspecified, .. OtherWorlds];

    /// <summary>As the report has it: the covariance or what is special, and p where it is another.</summary>
    public string World => Features == UsualFeatures ? Covariance : $"{Covariance}, p = {Features}";

    /// <summary>For example iso-n0=400-n1=50-rho=0.5-snr=1.</summary>
    public string Name => string.Create(
        CultureInfo.InvariantCulture, $"{Covariance}-n0={SourceRows}-n1={TargetRows}-rho={Alignment}-snr={SignalToNoise}")
        + (Features == UsualFeatures ? "" : string.Create(CultureInfo.InvariantCulture, $"-p={Features}"));

    /// <summary>Of the whole list, so that a cell's draws do not depend on which others are run.</summary>
    public int Number => Everything.ToList().IndexOf(this);
}
