namespace Transfer.MLNet.Networks;

/// <summary>A network with its weights, free of any native library.</summary>
/// <param name="Blueprint">Its layers.</param>
/// <param name="Weights">The parameters by their names in <see cref="Blueprint.Parameters"/>, row by row.</param>
/// <param name="Classes">The names of its scores; none where they are unknown or there is one score.</param>
internal sealed record WeightedNetwork(Blueprint Blueprint, IReadOnlyDictionary<string, float[]> Weights, IReadOnlyList<string> Classes)
{
    public WeightedNetwork(Blueprint blueprint, IReadOnlyDictionary<string, float[]> weights)
        : this(blueprint, weights, [])
    {
    }

    /// <summary>The weights of the layers that learn, in their order: two for each layer.</summary>
    public IEnumerable<float[]> InOrder => Blueprint.Parameters().Select(p => Weights[p.Name]);
}
