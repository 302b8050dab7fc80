using Transfer.MLNet.Networks;
using Sequential = TorchSharp.Modules.Sequential;

namespace Transfer.MLNet;

/// <summary>
/// The architecture of a network: its layers, without the widths that the data settle (the number of features, the number of classes).
/// Immutable.
/// </summary>
/// <remarks>Every network ends in a dense layer, its head, which gives one score a class (multiclass) or one score (binary, regression).
/// Layers that learn are counted from 0; the head is the last.</remarks>
public sealed class Network
{
    private readonly Func<int, int, Blueprint> _build;

    private Network(Func<int, int, Blueprint> build, WeightedNetwork? initial = null)
    {
        _build = build;
        Initial = initial;
    }

    /// <summary>The weights that training begins with where there is no starting point; null: drawn from the seed.</summary>
    internal WeightedNetwork? Initial { get; }

    /// <summary>Dense layers with rectified linear units between them, and the head behind.</summary>
    /// <param name="hidden">The widths of the hidden layers. None: a linear model.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is not above zero.</exception>
    public static Network Mlp(params int[] hidden) => Mlp(hidden, Activation.Relu);

    /// <summary>Dense layers, each followed by a function and by dropout, and the head behind.</summary>
    /// <param name="hidden">The widths of the hidden layers. None: a linear model.</param>
    /// <param name="activation">The function behind each hidden layer.</param>
    /// <param name="dropout">The probability with which each value behind a hidden layer is set to zero while training: 0 to below
    /// 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is not above zero, or the dropout not a probability below 1.</exception>
    public static Network Mlp(IEnumerable<int> hidden, Activation activation, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        var widths = Widths(hidden, nameof(hidden));
        CheckDropout(dropout);
        return new((inputs, outputs) => new Blueprint([inputs], [.. DenseLayers(inputs, widths, activation, dropout, outputs)]));
    }

    /// <summary>
    /// Square convolutions, each with a function and a 2 x 2 maximum behind it, then dense layers as those of an MLP, and the head.
    /// </summary>
    /// <param name="channels">Channels of an image, as <c>ExtractPixels</c> gives them: one whole channel behind the other.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="convolutions">The channels that each convolution gives; at least one.</param>
    /// <param name="dense">The widths of the dense layers before the head.</param>
    /// <param name="activation">The function behind each convolution and each dense layer.</param>
    /// <param name="dropout">The probability with which each value behind a dense layer is set to zero while training: 0 to below
    /// 1.</param>
    /// <param name="kernel">The side of the convolutions' windows, odd; the image is padded with zeros so that it keeps its size.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not above zero, the kernel is even, or the dropout not a probability below
    /// 1.</exception>
    /// <exception cref="ArgumentException">There is no convolution.</exception>
    public static Network Cnn(
        int channels,
        int height,
        int width,
        IEnumerable<int> convolutions,
        IEnumerable<int> dense,
        Activation activation = Activation.Relu,
        double dropout = 0,
        int kernel = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(convolutions);
        ArgumentNullException.ThrowIfNull(dense);
        var filters = Widths(convolutions, nameof(convolutions));
        var widths = Widths(dense, nameof(dense));
        CheckDropout(dropout);
        if (filters.Length == 0)
        {
            throw new ArgumentException("A convolutional network has at least one convolution; for none, take Network.Mlp.",
                nameof(convolutions));
        }

        if (kernel < 1 || kernel % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(kernel), kernel, "The side of a convolution's window must be odd, so that the image keeps its size.");
        }

        return new((inputs, outputs) =>
        {
            if (inputs != channels * height * width)
            {
                throw new ArgumentException(
                    $"The network takes images of {channels} x {height} x {width} = {channels * height * width} values, but the feature "
                        + $"column has {inputs}. "
                    + "Resize the images (ResizeImages), or give Network.Cnn their size.");
            }

            var layers = new List<Layer>();
            long before = channels;
            foreach (var filter in filters)
            {
                layers.AddRange([new Convolution(before, filter, kernel, 1, kernel / 2), new Elementwise(activation), new Pooling(2, 2)]);
                before = filter;
            }

            layers.Add(new Flattening());
            var flat = layers.Aggregate(new long[] { channels, height, width }, (shape, layer) => layer.Shape(shape))[0];
            layers.AddRange(DenseLayers(flat, widths, activation, dropout, outputs));
            return new Blueprint([channels, height, width], layers);
        });
    }

    /// <summary>
    /// The layers of a TorchSharp module. Without a starting point, training begins with its weights; the module itself is not changed.
    /// </summary>
    /// <param name="module">
    /// A <see cref="Sequential"/>, nested or not, of Linear, Conv2d, MaxPool2d, AvgPool2d, Flatten, ReLU, Tanh, Sigmoid, Dropout and
    /// Identity, that ends in a Linear with one output a class (multiclass) or one output (binary, regression).
    /// </param>
    /// <param name="inputShape">The shape of one example: a width, or channels, height and width.</param>
    /// <exception cref="NotSupportedException">A module in it has no counterpart in ONNX here; it is named.</exception>
    /// <exception cref="InvalidOperationException">The layers do not fit together.</exception>
    public static Network Of(Sequential module, params int[] inputShape)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(inputShape);
        if (inputShape.Length is not (1 or 3) || inputShape.Any(s => s <= 0))
        {
            throw new ArgumentException("The shape of one example is a width, or channels, height and width, all above zero.",
                nameof(inputShape));
        }

        var network = ModuleReading.Read(module, [.. inputShape.Select(s => (long)s)]);
        return new(
            (inputs, outputs) => inputs != network.Blueprint.InputWidth
                ? throw new ArgumentException($"The module takes {network.Blueprint.InputWidth} values "
                + $"({string.Join(" x ", inputShape)}), but the feature column has {inputs}. Give Network.Of the shape of the column.")
                : outputs != network.Blueprint.Outputs
                ? throw new ArgumentException($"The module gives {network.Blueprint.Outputs} scores, but the label needs {outputs}. "
                + $"Change the number of outputs of its last Linear.")
                : network.Blueprint,
            network);
    }

    internal static Network Of(Blueprint blueprint) => new((inputs, outputs) => inputs != blueprint.InputWidth
        ? throw new ArgumentException($"The starting point takes {blueprint.InputWidth} values "
        + $"({string.Join(" x ", blueprint.InputShape)}), but the feature column has {inputs}. Featurise the rows with what was fitted "
        + $"together with the starting point.")
        : blueprint.WithOutputs(outputs));

    /// <summary>The layers for this many features and scores.</summary>
    internal Blueprint Build(int inputs, int outputs) => _build(inputs, outputs);

    private static IEnumerable<Layer> DenseLayers(long inputs, int[] widths, Activation activation, double dropout, int outputs)
    {
        var before = inputs;
        foreach (var width in widths)
        {
            yield return new Dense(before, width);
            yield return new Elementwise(activation);
            if (dropout > 0)
            {
                yield return new Dropping(dropout);
            }

            before = width;
        }

        yield return new Dense(before, outputs);
    }

    private static int[] Widths(IEnumerable<int> widths, string parameter)
    {
        var all = widths.ToArray();
        var bad = Array.FindIndex(all, w => w <= 0);
        return bad < 0 ? all : throw new ArgumentOutOfRangeException(parameter, all[bad], $"The width at place {bad} must be above zero.");
    }

    private static void CheckDropout(double dropout)
    {
        if (!(dropout >= 0 && dropout < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "Dropout is a probability from 0 to below 1.");
        }
    }
}
