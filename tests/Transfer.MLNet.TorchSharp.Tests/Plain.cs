using Transfer.MLNet.Networks;

namespace Transfer.MLNet.Tests.Networks;

/// <summary>Networks computed by definition, in double precision and with no library: what everything else is held against.</summary>
internal static class Plain
{
    public static double[] Scores(WeightedNetwork network, float[] row) => Through(network, row, network.Blueprint.Layers.Count);

    /// <summary>What lies behind the first layers.</summary>
    public static double[] Through(WeightedNetwork network, float[] row, int layers)
    {
        var value = row.Select(x => (double)x).ToArray();
        var shape = network.Blueprint.InputShape.ToArray();
        for (var i = 0; i < layers; i++)
        {
            var layer = network.Blueprint.Layers[i];
            value = layer switch
            {
                Dense d => Multiply(network.Weights[Blueprint.WeightOf(i)], network.Weights[Blueprint.BiasOf(i)], value, (int)d.Outputs),
                Convolution c => Convolve(network.Weights[Blueprint.WeightOf(i)], network.Weights[Blueprint.BiasOf(i)], value, shape, c),
                Pooling p => Pool(value, shape, p),
                Elementwise { Function: Activation.Relu } => [.. value.Select(v => Math.Max(v, 0))],
                Elementwise { Function: Activation.Tanh } => [.. value.Select(Math.Tanh)],
                Elementwise => [.. value.Select(v => 1 / (1 + Math.Exp(-v)))],
                _ => value,
            };
            shape = layer.Shape(shape);
        }

        return value;
    }

    public static double[] Softmax(double[] scores)
    {
        var most = scores.Max();
        var sum = scores.Sum(s => Math.Exp(s - most));
        return [.. scores.Select(s => Math.Exp(s - most) / sum)];
    }

    private static double[] Multiply(float[] weights, float[] biases, double[] x, int outputs) =>
        [.. Enumerable.Range(0, outputs).Select(
            o => biases[o] + Enumerable.Range(0, x.Length).Sum(i => weights[(o * x.Length) + i] * x[i]))];

    private static double[] Convolve(float[] weights, float[] biases, double[] x, long[] shape, Convolution c)
    {
        var after = c.Shape(shape);
        var y = new double[after[0] * after[1] * after[2]];
        var at = 0;
        for (var o = 0; o < after[0]; o++)
        {
            for (var r = 0; r < after[1]; r++)
            {
                for (var q = 0; q < after[2]; q++)
                {
                    var sum = (double)biases[o];
                    for (var channel = 0; channel < shape[0]; channel++)
                    {
                        for (var u = 0; u < c.Kernel; u++)
                        {
                            for (var v = 0; v < c.Kernel; v++)
                            {
                                var (row, column) = ((r * c.Stride) + u - c.Padding, (q * c.Stride) + v - c.Padding);
                                if (row >= 0 && row < shape[1] && column >= 0 && column < shape[2])
                                {
                                    sum += weights[(((((o * shape[0]) + channel) * c.Kernel) + u) * c.Kernel)
                                        + v] * x[(((channel * shape[1]) + row) * shape[2]) + column];
                                }
                            }
                        }
                    }

                    y[at++] = sum;
                }
            }
        }

        return y;
    }

    private static double[] Pool(double[] x, long[] shape, Pooling p)
    {
        var after = p.Shape(shape);
        var y = new double[after[0] * after[1] * after[2]];
        var at = 0;
        for (var c = 0; c < after[0]; c++)
        {
            for (var r = 0; r < after[1]; r++)
            {
                for (var q = 0; q < after[2]; q++)
                {
                    var window = from u in Enumerable.Range(0, (int)p.Kernel)
                                 from v in Enumerable.Range(0, (int)p.Kernel)
                                 select x[(((c * shape[1]) + (r * p.Stride) + u) * shape[2]) + (q * p.Stride) + v];
                    y[at++] = p.Average ? window.Average() : window.Max();
                }
            }
        }

        return y;
    }
}
