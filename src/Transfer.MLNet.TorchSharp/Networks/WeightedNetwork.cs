namespace Transfer.MLNet.Networks;

/// <summary>A network with its weights, free of any native library.</summary>
/// <param name="Blueprint">Its layers.</param>
/// <param name="Weights">The parameters by their names in <see cref="Blueprint.Parameters"/>, row by row.</param>
internal sealed record WeightedNetwork(Blueprint Blueprint, IReadOnlyDictionary<string, float[]> Weights);
