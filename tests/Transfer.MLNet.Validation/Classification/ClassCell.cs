using System.Globalization;

namespace Transfer.MLNet.Validation.Classification;

/// <summary>One setting of the study of classifiers.</summary>
/// <param name="Covariance">iso or ar.</param>
/// <param name="SourceRows">n0.</param>
/// <param name="TargetRows">n1.</param>
/// <param name="Alignment">rho.</param>
internal sealed record ClassCell(string Covariance, int SourceRows, int TargetRows, double Alignment)
{
    public const int Features = 50;

    public static IReadOnlyList<ClassCell> All { get; } =
    [
        .. from covariance in new[] { "iso", "ar" }
           from sourceRows in new[] { 500, 2000 }
           from targetRows in new[] { 50, 200, 1000 }
           from alignment in new[] { -0.5, 0, 0.5, 1, 1.5 }
           select new ClassCell(covariance, sourceRows, targetRows, alignment),
    ];

    /// <summary>For example iso-n0=500-n1=50-rho=0.5.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Covariance}-n0={SourceRows}-n1={TargetRows}-rho={Alignment}");

    public int Number => All.ToList().IndexOf(this);
}
