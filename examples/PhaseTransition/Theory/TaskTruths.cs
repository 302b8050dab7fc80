namespace PhaseTransition.Theory;

/// <summary>
/// What is assumed of the true coefficients of source and target: <see cref="FixedTruths"/> or <see cref="RandomTruths"/>.
/// </summary>
internal abstract record TaskTruths;

/// <summary>Given coefficients, in the basis of the source's covariance S0.</summary>
/// <param name="Source">w0 (p).</param>
/// <param name="Target">w1 (p).</param>
internal sealed record FixedTruths(double[] Source, double[] Target) : TaskTruths;

/// <summary>
/// Coefficients known by their size and alignment only: w0 ~ (0, (r0^2 / p) I), w1 = rho w0 + v with v uncorrelated with w0,
/// w1 ~ (0, (r1^2 / p) I). In any basis.
/// </summary>
/// <param name="SourceSquaredNorm">r0^2 = E|w0|^2.</param>
/// <param name="Alignment">rho.</param>
/// <param name="TargetSquaredNorm">r1^2 = E|w1|^2 &gt;= rho^2 r0^2.</param>
internal sealed record RandomTruths(double SourceSquaredNorm, double Alignment, double TargetSquaredNorm) : TaskTruths;
