namespace Transfer.MLNet;

/// <summary>
/// Every pair (tau_0, tau_1) that was compared, for plots: the error on left-out target rows, noise included, in the advice's
/// <see cref="TransferAdvice.Measure"/>.
/// </summary>
/// <param name="SourceTaus">tau_0 (S), ascending, per row.</param>
/// <param name="TargetTaus">tau_1 (T), ascending, per row.</param>
/// <param name="LeftOut">T rows of S errors: <c>LeftOut[t][s]</c> belongs to <c>TargetTaus[t]</c> and <c>SourceTaus[s]</c>.</param>
/// <param name="TargetAlone">T errors of the target alone.</param>
public sealed record RiskGrid(
    IReadOnlyList<double> SourceTaus,
    IReadOnlyList<double> TargetTaus,
    IReadOnlyList<IReadOnlyList<double>> LeftOut,
    IReadOnlyList<double> TargetAlone);
