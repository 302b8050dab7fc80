namespace Transfer.MLNet.Networks;

/// <summary>A network without its weights: the shape of one example and the layers, the last of which gives the scores.</summary>
internal sealed class Blueprint
{
    public Blueprint(IReadOnlyList<long> inputShape, IReadOnlyList<Layer> layers)
    {
        InputShape = [.. inputShape];
        Layers = [.. layers];
        var shape = InputShape.ToArray();
        foreach (var layer in Layers)
        {
            shape = layer.Shape(shape);
        }

        Outputs = shape is [var outputs]
            ? outputs
            : throw new InvalidOperationException(
            $"The network ends with {string.Join(" x ", shape)} values for each example, not in one row of scores. Flatten before the "
            + $"last dense layer.");
        if (Layers is not [.., Dense])
        {
            throw new InvalidOperationException(
                "The network must end in a dense layer, its head, with nothing behind it: the losses are of its scores as they are. "
                + "Take off what follows the last dense layer.");
        }
    }

    /// <summary>One example: a width, or channels x height x width.</summary>
    public IReadOnlyList<long> InputShape { get; }

    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>How many scores it gives.</summary>
    public long Outputs { get; }

    /// <summary>The place of the last layer: what is made anew where the tasks have other outputs.</summary>
    public int Head => Layers.Count - 1;

    /// <summary>How many values the head gets.</summary>
    public int EmbeddingWidth => (int)((Dense)Layers[^1]).Inputs;

    /// <summary>The layers that learn, in their order: a user's layer 0, 1, ...</summary>
    public IReadOnlyList<Layer> Learning => [.. Layers.Where(l => l.Learns)];

    /// <summary>How many values an example has.</summary>
    public long InputWidth => InputShape.Aggregate(1L, (a, b) => a * b);

    /// <summary>
    /// The names of the parameters in the order of the layers, with their shapes: <c>layer0.weight</c>, <c>layer0.bias</c>, ...
    /// </summary>
    public IEnumerable<(string Name, int Layer, long[] Shape)> Parameters()
    {
        for (var i = 0; i < Layers.Count; i++)
        {
            var (weight, bias) = Layers[i] switch
            {
                Dense d => (new[] { d.Outputs, d.Inputs }, d.Outputs),
                Convolution c => ([c.Outputs, c.Inputs, c.Kernel, c.Kernel], c.Outputs),
                _ => (Array.Empty<long>(), 0L),
            };
            if (weight.Length > 0)
            {
                yield return (WeightOf(i), i, weight);
                yield return (BiasOf(i), i, [bias]);
            }
        }
    }

    /// <summary>The same with a head of another width.</summary>
    public Blueprint WithOutputs(int outputs) => outputs == Outputs ? this
        : new(InputShape, [.. Layers.Take(Head), new Dense(EmbeddingWidth, outputs)]);

    /// <summary>What it is, layer by layer.</summary>
    public override string ToString() => $"{string.Join(" x ", InputShape)}: {string.Join(", ", Layers)}";

    public static string WeightOf(int layer) => $"layer{layer}.weight";

    public static string BiasOf(int layer) => $"layer{layer}.bias";
}
