namespace Transfer.MLNet.Networks.Onnx;

/// <summary>
/// Which nodes take each value, and which of them lead to a layer that learns. Made once, so that a walk takes as long as the graph.
/// </summary>
internal sealed class GraphEdges
{
    private readonly Dictionary<string, List<OnnxNode>> _takers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leadsToLearning = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">A node has no inputs or outputs.</exception>
    public GraphEdges(OnnxGraph graph)
    {
        var makers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        var before = new Queue<OnnxNode>();
        foreach (var node in graph.Nodes)
        {
            if (node.Outputs.Count == 0)
            {
                throw new FormatException($"The ONNX operator {node.Operator} ('{node.Name}') makes nothing. The file is damaged: "
                    + $"export the network again.");
            }

            foreach (var output in node.Outputs)
            {
                makers[output] = node;
            }

            foreach (var input in node.Inputs.Distinct(StringComparer.Ordinal))
            {
                if (!_takers.TryGetValue(input, out var takers))
                {
                    _takers.Add(input, takers = []);
                }

                takers.Add(node);
            }

            if (Learns(node))
            {
                before.Enqueue(node);
            }
        }

        // Backwards from what learns; each value once.
        while (before.TryDequeue(out var node))
        {
            foreach (var input in node.Inputs)
            {
                if (_leadsToLearning.Add(input) && makers.TryGetValue(input, out var maker))
                {
                    before.Enqueue(maker);
                }
            }
        }
    }

    public IReadOnlyList<OnnxNode> TakersOf(string value) => _takers.TryGetValue(value, out var takers) ? takers : [];

    public bool LeadsToLearning(string value) => _leadsToLearning.Contains(value);

    public bool LeadsToLearning(OnnxNode node) => Learns(node) || node.Outputs.Any(_leadsToLearning.Contains);

    private static bool Learns(OnnxNode node) => node.Operator is "Gemm" or "MatMul" or "Conv";
}
