namespace Transfer.MLNet;

/// <summary>
/// The alignment rho = w0'w1 / |w0|^2 of a source with true weights w0 and a target with true weights w1 (Hedges 2026): how far the
/// target goes along the source's direction. It is a slope and not a correlation: values above 1 and below -1 are legitimate.
/// </summary>
/// <remarks>
/// The interval is Fieller's: the values of rho that a test at 5 % does not reject. Where the data do not tell the source's signal |w0|^2
/// from zero, no bounded interval is honest: then rho is not identified, and the interval is the whole line.
/// </remarks>
/// <param name="Estimate">rho; NaN where the data does not identify it.</param>
/// <param name="StandardError">The standard error of the estimate; infinite or NaN where rho is not identified.</param>
/// <param name="Lower">Lower end of the 95 % interval; may be minus infinity.</param>
/// <param name="Upper">Upper end of the 95 % interval; may be infinity.</param>
/// <param name="Method">How it was estimated, in words.</param>
public sealed record AlignmentEstimate(double Estimate, double StandardError, double Lower, double Upper, string Method)
{
    /// <summary>Whether the data bound rho at all.</summary>
    public bool IsIdentified => double.IsFinite(Estimate) && double.IsFinite(Lower) && double.IsFinite(Upper);

    /// <summary>Whether the 95 % interval holds <paramref name="rho"/>.</summary>
    /// <param name="rho">The alignment asked about.</param>
    public bool Contains(double rho) => Lower <= rho && rho <= Upper;

    internal static AlignmentEstimate NotIdentified(string method) =>
        new(double.NaN, double.NaN, double.NegativeInfinity, double.PositiveInfinity, method);
}
