namespace Transfer.MLNet;

/// <summary>What each way to train a model for the target is expected to cost.</summary>
/// <param name="Scratch">The target's rows alone: ridge at its own best tau.</param>
/// <param name="SourceAsIs">The source, trained as is best for itself, with no training on the target but for the intercept.</param>
/// <param name="SourceOptimal">L2-SP from the source as is best for itself (tau_S*).</param>
/// <param name="Advised">L2-SP from the source as advised (tau_0*): the target's rows alone where the advice is not to transfer.</param>
/// <param name="ScaledStart">L2-SP from the source as is best for itself, scaled by <see cref="TransferAdvice.StartingPointScale"/>.</param>
public sealed record PredictedRisks(
    RiskEstimate Scratch, RiskEstimate SourceAsIs, RiskEstimate SourceOptimal, RiskEstimate Advised, RiskEstimate ScaledStart);
