namespace Transfer.MLNet;

/// <summary>What became of one feature's weight.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Source">Its weight in the source's model.</param>
/// <param name="Tuned">Its weight in the model that was tuned to the target.</param>
public sealed record WeightMove(string Feature, double Source, double Tuned);
