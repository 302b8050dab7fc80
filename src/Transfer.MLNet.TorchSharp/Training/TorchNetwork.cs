using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Transfer.MLNet.Networks.Training;

/// <summary>A network whose parameters are TorchSharp's tensors: what computes scores and gradients.</summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly Blueprint _blueprint;
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _learning;

    /// <param name="blueprint">The layers.</param>
    /// <param name="weights">Copied into the tensors.</param>
    /// <param name="frozen">The layers that keep their weights, by their place among those that learn.</param>
    public TorchNetwork(Blueprint blueprint, IReadOnlyDictionary<string, float[]> weights, IReadOnlySet<int> frozen)
    {
        _blueprint = blueprint;
        var parameters = blueprint.Parameters().ToArray();
        Names = [.. parameters.Select(p => p.Name)];
        _parameters = [.. parameters.Select(
            (p, i) => tensor(weights[p.Name], p.Shape, ScalarType.Float32).with_requires_grad(!frozen.Contains(i / 2))
            .DetachFromDisposeScope())];
        _learning = [.. _parameters.Where(p => p.requires_grad)];
    }

    /// <summary>The names of the parameters, in their order: weight and bias of the first layer that learns, of the second, ...</summary>
    public IReadOnlyList<string> Names { get; }

    public int Count => _parameters.Length;

    public bool Learns(int parameter) => _parameters[parameter].requires_grad;

    /// <summary>A parameter's numbers, row by row; writing to them changes the network.</summary>
    public Span<float> Values(int parameter) => MemoryMarshal.Cast<byte, float>(_parameters[parameter].bytes);

    /// <summary>Gradients of a loss by the parameters, with nothing for those that are frozen.</summary>
    public Tensor?[] Gradients(Tensor loss)
    {
        var found = autograd.grad([loss], _learning);
        var next = 0;
        return [.. _parameters.Select(p => p.requires_grad ? found[next++].contiguous() : null)];
    }

    /// <summary>rows x outputs.</summary>
    /// <param name="rows">rows x values.</param>
    /// <param name="dropout">What tells which values are dropped; null: none, as at scoring.</param>
    public Tensor Scores(Tensor rows, Dropout? dropout)
    {
        var value = _blueprint.InputShape.Count > 1 ? rows.reshape([rows.shape[0], .. _blueprint.InputShape]) : rows;
        var parameter = 0;
        for (var i = 0; i < _blueprint.Layers.Count; i++)
        {
            value = _blueprint.Layers[i] switch
            {
                Dense => functional.linear(value, _parameters[parameter++], _parameters[parameter++]),
                Convolution c => functional.conv2d(value, _parameters[parameter++], _parameters[parameter++], [c.Stride, c.Stride],
                    [c.Padding, c.Padding], [1, 1], 1),
                Pooling { Average: false } p => functional.max_pool2d(value, p.Kernel, p.Stride),
                Pooling p => functional.avg_pool2d(value, p.Kernel, p.Stride),
                Flattening => value.flatten(1),
                Elementwise { Function: Activation.Relu } => value.relu(),
                Elementwise { Function: Activation.Tanh } => value.tanh(),
                Elementwise { Function: Activation.Sigmoid } => value.sigmoid(),
                Dropping d => dropout is null ? value : value * dropout.Mask(i, d.Probability, value.shape),
                var other => throw new NotSupportedException($"The layer {other} cannot be computed."),
            };
        }

        return value;
    }

    /// <summary>A copy of the weights as they are now.</summary>
    public Dictionary<string, float[]> Weights()
    {
        var weights = new Dictionary<string, float[]>(StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
        {
            weights.Add(Names[i], Values(i).ToArray());
        }

        return weights;
    }

    public void Dispose()
    {
        foreach (var parameter in _parameters)
        {
            parameter.Dispose();
        }
    }
}
