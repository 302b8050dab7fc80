using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using TorchSharp.Modules;
using Transfer.MLNet.Files;
using Transfer.MLNet.Models;
using Transfer.MLNet.Networks;
using Transfer.MLNet.Networks.Onnx;
using Transfer.MLNet.Networks.Stock;

namespace Transfer.MLNet;

/// <summary>
/// The network that L2-SP pulls towards, theta_0: from a model that <c>L2SpNetwork</c> fitted, in memory or in a file, from an ONNX file,
/// or from a TorchSharp module. Holds its weights; needs no native library. Immutable.
/// </summary>
/// <remarks>The features must be made as those that it was trained on: featurised by what was fitted on the source.</remarks>
public sealed class NetworkStartingPoint
{
    private NetworkStartingPoint(WeightedNetwork network, string origin)
    {
        foreach (var (name, _, _) in network.Blueprint.Parameters())
        {
            var bad = Array.FindIndex(network.Weights[name], w => !float.IsFinite(w));
            if (bad >= 0)
            {
                throw new ArgumentException($"Number {bad} of {name} of the starting point ({origin}) is {network.Weights[name][bad]}; "
                    + $"all weights must be finite. A network with such weights did not converge: train it again.");
            }
        }

        Network = network;
        Origin = origin;
    }

    /// <summary>How many features it takes.</summary>
    public int FeatureCount => (int)Network.Blueprint.InputWidth;

    /// <summary>How many scores it gives: one a class, or one.</summary>
    public int Outputs => (int)Network.Blueprint.Outputs;

    /// <summary>The names of its classes in the order of its scores; none where they are not known, and where it gives one score.</summary>
    public IReadOnlyList<string> ClassNames => Network.Classes;

    internal WeightedNetwork Network { get; }

    /// <summary>Where it came from, for messages.</summary>
    internal string Origin { get; }

    /// <summary>
    /// The last network of a fitted transformer or chain: one of <c>L2SpNetwork</c>, or an ONNX model that <c>ApplyOnnxModel</c> applies.
    /// </summary>
    /// <param name="model">Loaded from a file or not.</param>
    /// <exception cref="ArgumentException">There is no network in it.</exception>
    /// <exception cref="NotSupportedException">The ONNX model has an operator that is not supported; it is named.</exception>
    public static NetworkStartingPoint From(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parts = Parts(model).ToArray();
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] is OnnxTransformer onnx)
            {
                var graph = OnnxReader.Read(OnnxBytes.Of(onnx));
                if (!NetworkGraph.IsTrunk(graph))
                {
                    return new(NetworkGraph.Read(graph), "the chain's ONNX model");
                }

                var head = parts[(i + 1)..].Select(LinearHead.Of).FirstOrDefault(h => h is not null) ?? throw new ArgumentException(
                    "The network in this chain has lost its last layer, the linear model behind its ONNX part. Give the whole chain "
                        + "that L2SpNetwork fitted.", nameof(model));
                return new(NetworkGraph.ReadTrunk(graph, head.Weights, head.Biases), "a fitted network");
            }
        }

        throw new ArgumentException(
            $"There is no network to start from in this model ({string.Join(", ", parts.Select(p => p.GetType().Name))}). "
            + "Give one that L2SpNetwork fitted, or an ONNX model; for linear models there are L2SpRidge and its like.",
            nameof(model));
    }

    /// <summary>A network in a file.</summary>
    /// <param name="path">A model that <c>ml.Model.Save</c> wrote, or an ONNX model.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is neither, or it is damaged.</exception>
    /// <exception cref="ArgumentException">There is no network in it.</exception>
    /// <exception cref="NotSupportedException">The ONNX model has an operator that is not supported; it is named.</exception>
    public static NetworkStartingPoint Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var bytes = File.ReadAllBytes(path);
        if (bytes.AsSpan().StartsWith("PK"u8))
        {
            using var stream = new MemoryStream(bytes);
            var model = ModelFileCatalog.LoadChecked(new MLContext().Model, stream, $"'{path}'", out _, CancellationToken.None);
            return new(From(model).Network, $"'{path}'");
        }

        try
        {
            return new(NetworkGraph.Read(OnnxReader.Read(bytes)), $"'{path}'");
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"The ONNX model '{path}' is no network that a starting point can be: {e.Message}", e);
        }
    }

    /// <summary>The layers and weights of a TorchSharp module, as they are now.</summary>
    /// <param name="module">As for <see cref="MLNet.Network.Of(Sequential, int[])"/>.</param>
    /// <param name="inputShape">The shape of one example: a width, or channels, height and width.</param>
    /// <exception cref="NotSupportedException">A module in it is not supported; it is named.</exception>
    /// <exception cref="InvalidOperationException">The layers do not fit together.</exception>
    public static NetworkStartingPoint From(Sequential module, params int[] inputShape)
        => new(MLNet.Network.Of(module, inputShape).Initial!, "a TorchSharp module");

    internal static NetworkStartingPoint Of(WeightedNetwork network) => new(network, "a fitted network");

    /// <summary>See <see cref="From(ITransformer)"/>. No chain is no starting point.</summary>
    /// <param name="model">A network as <c>L2SpNetwork</c> fitted it, alone or behind transforms, or null.</param>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator NetworkStartingPoint?(TransformerChain<ITransformer>? model) => model is null ? null : From(model);

    /// <summary>
    /// Writes the whole network as an ONNX file (operator set 17) that takes <c>features</c> (rows x values) and gives <c>scores</c> (rows
    /// x outputs), before any function of them. Written beside its place and then moved.
    /// </summary>
    /// <param name="path">Replaced where it exists.</param>
    public void SaveAsOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteBytes(path, OnnxWriter.Write(NetworkGraph.WriteWhole(Network, "features", "scores")));
    }

    /// <summary>For the debugger: what it came from, and its layers.</summary>
    public override string ToString() => $"{Origin}, {Network.Blueprint}";

    private static IEnumerable<ITransformer> Parts(ITransformer model) =>
        StockModels.TryOpenChain(model, out var parts, out _) ? parts.SelectMany(Parts) : [model];
}
