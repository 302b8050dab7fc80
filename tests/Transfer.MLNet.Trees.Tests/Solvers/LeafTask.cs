using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;

namespace Transfer.MLNet.Tests.Trees.Solvers;

/// <summary>Rows with drawn leaves: trees of four leaves each.</summary>
internal static class LeafTask
{
    public const int LeavesPerTree = 4;

    public static LeafRows Draw(int rows, int trees, int seed, int outputs = 1, Func<Random, double[], double>? label = null,
        bool weighted = false)
    {
        var random = new Random(seed);
        var leaves = new int[outputs][];
        var scores = new Matrix(rows, outputs);
        var labels = new double[rows];
        for (var k = 0; k < outputs; k++)
        {
            leaves[k] = [.. Enumerable.Range(0, rows * trees).Select(i => (i % trees * LeavesPerTree) + random.Next(LeavesPerTree))];
        }

        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < outputs; k++)
            {
                scores[i, k] = (2 * random.NextDouble()) - 1 + (leaves[k][i * trees] % LeavesPerTree);
            }

            labels[i] = label?.Invoke(random, scores.Row(i).ToArray()) ?? (1 + (0.7 * scores[i, 0]) + random.NextDouble());
        }

        var weights = Enumerable.Range(0, rows).Select(i => weighted ? 0.5 + (i % 3) : 1).ToArray();
        return new(leaves, [.. Enumerable.Repeat(trees * LeavesPerTree, outputs)], scores, labels, weights);
    }

    /// <summary>The indicators (n x L), written out.</summary>
    public static double[][] Indicators(LeafRows rows, int output) => [.. Enumerable.Range(0, rows.Rows).Select(i =>
    {
        var row = new double[rows.LeafCounts[output]];
        foreach (var leaf in rows.LeavesOf(output, i))
        {
            row[leaf]++;
        }

        return row;
    })];
}
