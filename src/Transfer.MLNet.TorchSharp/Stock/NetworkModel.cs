using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Networks.Onnx;
using Transfer.MLNet.Networks.Training;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Networks.Stock;

/// <summary>
/// A trained network as stock transformers: an OnnxTransformer for all layers but the last, and ML.NET's own linear model for the last,
/// which gives the columns, the slot names and the key values that evaluators and explainers expect.
/// </summary>
internal static class NetworkModel
{
    public static TransformerChain<ITransformer> Chain(
        IHostEnvironment environment, NetworkTask task, WeightedNetwork network, IDataView input, TaskColumns columns,
            string embeddingColumn)
    {
        var graph = NetworkGraph.WriteTrunk(network, columns.Features, embeddingColumn);
        using var model = new MemoryStream(OnnxWriter.Write(graph));
        var trunk = StockModels.Transforms(environment)
            .ApplyOnnxModel([embeddingColumn], [columns.Features], model, gpuDeviceId: null, fallbackToCpu: false)
            .Fit(input);
        var head = network.Blueprint.Head;
        return new(trunk, Head(
            environment, task, network.Weights[Blueprint.WeightOf(head)], network.Weights[Blueprint.BiasOf(head)],
                trunk.GetOutputSchema(input.Schema), columns, embeddingColumn, network.Classes));
    }

    private static ITransformer Head(
        IHostEnvironment environment, NetworkTask task, float[] weights, float[] biases, DataViewSchema schema, TaskColumns columns,
            string embeddingColumn, IReadOnlyList<string> classes)
    {
        if (task == NetworkTask.Regression)
        {
            return StockModels.RegressionTransformer(
                environment, StockModels.LinearRegression(environment, weights, biases[0]), schema, embeddingColumn);
        }

        if (task == NetworkTask.Binary)
        {
            return StockModels.BinaryTransformer(
                environment, StockModels.Calibrated(environment, StockModels.LinearBinary(environment, weights, biases[0])), schema,
                    embeddingColumn);
        }

        var width = weights.Length / biases.Length;
        return StockModels.MulticlassTransformer(
            environment, StockModels.MaximumEntropy(
                environment, [.. weights.Chunk(width)], biases, width, classes.Count > 0 ? [.. classes]
                : null), schema, embeddingColumn, columns.Label);
    }
}
