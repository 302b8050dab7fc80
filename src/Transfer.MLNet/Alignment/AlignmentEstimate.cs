namespace Transfer.MLNet;

/// <summary>
/// The alignment rho = w0'w1 / |w0|^2 of a source with true weights w0 and a target with true weights w1 (Hedges 2026): how far the
/// target goes along the source's direction. It is not a correlation: values above 1 and below -1 are legitimate.
/// </summary>
/// <param name="Estimate">rho; NaN where the data does not identify it.</param>
/// <param name="StandardError">The standard error of the estimate; infinite or NaN where rho is not identified.</param>
/// <param name="Lower">Lower end of the 95 % interval; may be minus infinity.</param>
/// <param name="Upper">Upper end of the 95 % interval; may be infinity.</param>
/// <param name="Method">How it was estimated, in words.</param>
public sealed record AlignmentEstimate(double Estimate, double StandardError, double Lower, double Upper, string Method);
