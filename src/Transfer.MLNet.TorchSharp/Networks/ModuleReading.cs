using TorchSharp.Modules;
using Module = TorchSharp.torch.nn.Module;

namespace Transfer.MLNet.Networks;

/// <summary>Turns a TorchSharp module into layers and weights.</summary>
internal static class ModuleReading
{
    private const string Supported = "Supported are Sequential, Linear, Conv2d, MaxPool2d, AvgPool2d, Flatten, ReLU, Tanh, Sigmoid, "
        + "Dropout and Identity.";

    public static WeightedNetwork Read(Sequential module, long[] inputShape)
    {
        var layers = new List<Layer>();
        var weights = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (name, part) in Parts(module, ""))
        {
            if (part is Identity)
            {
                continue;
            }

            var (layer, weight, bias) = Layer(name, part);
            if (weight is not null)
            {
                var values = Values(weight);
                weights[Blueprint.WeightOf(layers.Count)] = values;
                weights[Blueprint.BiasOf(layers.Count)] = bias is null ? throw Refuses(name, part, "a layer without a bias") : Values(bias);
            }

            layers.Add(layer);
        }

        return new(new Blueprint(inputShape, layers), weights);
    }

    private static IEnumerable<(string Name, Module Part)> Parts(Module module, string prefix)
    {
        foreach (var (name, part) in module.named_children())
        {
            if (part is Sequential)
            {
                foreach (var inner in Parts(part, $"{prefix}{name}."))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return (prefix + name, part);
            }
        }
    }

    private static (Layer Layer, Parameter? Weight, Parameter? Bias) Layer(string name, Module part) => part switch
    {
        Linear l => (new Dense(l.in_features, l.out_features), l.weight, l.bias),
        Conv2d c => (Convolution(name, c), c.weight, c.bias),
        MaxPool2d m when Same(m.padding, 0) && Same(m.dilation, 1) && !m.ceil_mode =>
            (Pooling(name, m, m.kernel_size, m.stride, false), null, null),
        AvgPool2d a when Same(a.padding, 0) && !a.ceil_mode && a.divisor_override is null =>
            (Pooling(name, a, a.kernel_size, a.stride, true), null, null),
        MaxPool2d or AvgPool2d => throw Refuses(name, part, "padding, dilation, rounding up or another divisor"),
        Flatten { start_dim: 1, end_dim: -1 } => (new Flattening(), null, null),
        Dropout d => (new Dropping(d.p), null, null),
        ReLU => (new Elementwise(Activation.Relu), null, null),
        Tanh => (new Elementwise(Activation.Tanh), null, null),
        Sigmoid => (new Elementwise(Activation.Sigmoid), null, null),
        _ => throw new NotSupportedException(
            $"The module '{name}' is a {part.GetType().Name}, which cannot be written as ONNX here. {Supported}"),
    };

    private static Convolution Convolution(string name, Conv2d c) =>
        c.padding_type is null && c.padding_mode == TorchSharp.PaddingModes.Zeros && c.groups == 1 && Same(c.dilation, 1)
        && c.kernel_size.Distinct().Count() == 1 && c.stride.Distinct().Count() == 1 && c.padding is { } padding && padding.Distinct()
        .Count() == 1
            ? new(c.in_channels, c.out_channels, c.kernel_size[0], c.stride[0], padding[0])
            : throw Refuses(name, c, "windows that are not square, named padding, dilation or groups");

    private static Pooling Pooling(string name, Module part, long[] kernel, long[]? stride, bool average)
    {
        stride = stride is null or { Length: 0 } ? kernel : stride;
        return kernel.Distinct().Count() == 1 && stride.Distinct().Count() == 1
            ? new(kernel[0], stride[0], average)
            : throw Refuses(name, part, "windows that are not square");
    }

    private static NotSupportedException Refuses(string name, Module part, string what) =>
        new($"The module '{name}' is a {part.GetType().Name} with {what}, which is not supported. {Supported}");

    private static bool Same(long[]? values, long value) => values is null || values.All(v => v == value);

    private static float[] Values(Parameter parameter)
    {
        using var plain = parameter.detach().to(TorchSharp.torch.ScalarType.Float32).cpu().contiguous();
        return plain.data<float>().ToArray();
    }
}
