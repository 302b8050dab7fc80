namespace Transfer.MLNet.Networks;

/// <summary>One step of a feed-forward network, without its weights.</summary>
internal abstract record Layer
{
    /// <summary>Whether it holds parameters.</summary>
    public virtual bool Learns => false;

    /// <summary>The shape of one example behind the layer, from the shape before it.</summary>
    /// <exception cref="InvalidOperationException">The layer does not take that shape.</exception>
    public abstract long[] Shape(long[] input);

    protected InvalidOperationException Refuses(long[] input, string wants) =>
        new($"The layer {this} takes {wants}, but gets {string.Join(" x ", input)} for each example. Change the layer or what comes "
            + $"before it.");
}

/// <summary>y = W x + b, from <paramref name="Inputs"/> to <paramref name="Outputs"/> values.</summary>
internal sealed record Dense(long Inputs, long Outputs) : Layer
{
    public override bool Learns => true;

    public override long[] Shape(long[] input) =>
        input is [var width] && width == Inputs ? [Outputs] : throw Refuses(input, $"{Inputs} values");
}

/// <summary>A two-dimensional convolution with a bias, over channels x height x width.</summary>
internal sealed record Convolution(long Inputs, long Outputs, long Kernel, long Stride = 1, long Padding = 0) : Layer
{
    public override bool Learns => true;

    public override long[] Shape(long[] input) => input is [var channels, var height, var width] && channels == Inputs
        ? [Outputs, Window.Steps(height, Kernel, Stride, Padding, this), Window.Steps(width, Kernel, Stride, Padding, this)]
        : throw Refuses(input, $"{Inputs} channels x height x width");
}

/// <summary>The largest value (or, with <paramref name="Average"/>, the mean) of each window of a channel.</summary>
internal sealed record Pooling(long Kernel, long Stride, bool Average = false) : Layer
{
    public override long[] Shape(long[] input) => input is [var channels, var height, var width]
        ? [channels, Window.Steps(height, Kernel, Stride, 0, this), Window.Steps(width, Kernel, Stride, 0, this)]
        : throw Refuses(input, "channels x height x width");
}

/// <summary>Channels x height x width as one row of values.</summary>
internal sealed record Flattening : Layer
{
    public override long[] Shape(long[] input) => [input.Aggregate(1L, (a, b) => a * b)];
}

/// <summary>Sets each value to zero with the given probability while training, and scales the others up; nothing at scoring.</summary>
internal sealed record Dropping(double Probability) : Layer
{
    // A checkpoint knows its network by this text, in whatever culture it goes on.
    public override string ToString() => FormattableString.Invariant($"Dropping {{ Learns = {Learns}, Probability = {Probability} }}");

    public override long[] Shape(long[] input) => input;
}

/// <summary>A function of each value by itself.</summary>
internal sealed record Elementwise(Activation Function) : Layer
{
    public override long[] Shape(long[] input) => input;
}

/// <summary>How often a window fits.</summary>
internal static class Window
{
    public static long Steps(long length, long kernel, long stride, long padding, Layer layer)
    {
        var room = length + (2 * padding) - kernel;
        return room >= 0
            ? (room / stride) + 1
            : throw new InvalidOperationException(
            $"The layer {layer} needs a side of at least {kernel - (2 * padding)}, but gets {length}. Use larger images or a smaller "
            + $"window.");
    }
}
