namespace Transfer.MLNet.Networks.Training;

/// <summary>Weights to begin with where there are none yet, drawn as PyTorch draws those of its layers.</summary>
internal static class InitialWeights
{
    /// <summary>
    /// Uniform between plus and minus 1 / sqrt(the number of values that go into one output), for weights and biases alike.
    /// </summary>
    /// <param name="blueprint">The layers.</param>
    /// <param name="seed">Each parameter draws from a stream of its own, so that a layer's draw does not depend on the others.</param>
    public static Dictionary<string, float[]> Draw(Blueprint blueprint, int seed)
    {
        var weights = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var fanIn = 1L;
        var place = 0;
        foreach (var (name, _, shape) in blueprint.Parameters())
        {
            // The weight comes before its bias, which has the weight's bound.
            fanIn = shape.Length > 1 ? shape[1..].Aggregate(1L, (a, b) => a * b) : fanIn;
            var bound = (float)(1 / Math.Sqrt(fanIn));
            var random = new RandomStream(seed, RandomStream.Purpose.Weights, place++);
            var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = ((2 * random.Single()) - 1) * bound;
            }

            weights.Add(name, values);
        }

        return weights;
    }
}
