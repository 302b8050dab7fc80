namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>How the fits that the blend rests on are chosen.</summary>
/// <param name="Intercept">Whether source and target have an intercept each.</param>
/// <param name="Folds">By which taus are chosen.</param>
/// <param name="Seed">What rows are dealt to the folds by.</param>
/// <param name="TargetTau">The tau of the target alone; null to have it chosen by left-out rows.</param>
/// <param name="HeldBytes">More than so many bytes of dense numbers are not made of a task's rows.</param>
internal sealed record ResponseSettings(
    bool Intercept = true, int Folds = 5, int Seed = 0, double? TargetTau = null, long HeldBytes = 1L << 30)
{
    /// <summary>Whether so many numbers may be held.</summary>
    public bool Holds(double numbers) => sizeof(double) * numbers <= HeldBytes;
}
