namespace Transfer.MLNet;

/// <summary>What spoke against a batch, or against the model trained on it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Message">In words, with the numbers and what to do.</param>
public sealed record GuardFinding(GuardFindingKind Kind, string Message);
