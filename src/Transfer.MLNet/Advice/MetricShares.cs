namespace Transfer.MLNet;

/// <summary>How much each metric counts in a blend; they add up to 1. null: the metric was not there.</summary>
/// <param name="Identity">All weights held alike: L2-SP.</param>
/// <param name="Gram">By the source's own rows: pooling, the target's rows with a weight. null where only the source's model is
/// known.</param>
/// <param name="Relative">Large weights may change more than small ones.</param>
/// <param name="Group">By how the source's groups differ from one another; null without groups, or with fewer than three of use.</param>
public sealed record MetricShares(double Identity, double? Gram, double Relative, double? Group);
