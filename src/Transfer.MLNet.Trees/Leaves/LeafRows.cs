using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Trees.Leaves;

/// <summary>A task's rows as a tree model sees them: which leaf each falls into, and what the model says of it.</summary>
internal sealed class LeafRows
{
    /// <param name="leaves">Of each output the leaves of row i, one a tree, from i T on.</param>
    /// <param name="leafCounts">L of each output.</param>
    /// <param name="scores">What the model says (n x K), in log odds or in the label's unit.</param>
    /// <param name="labels">y (n): the label, 0 or 1, or the class from 0.</param>
    /// <param name="weights">omega (n), above zero.</param>
    /// <param name="given">The rows' features (n of p) as they were given, where they were kept.</param>
    public LeafRows(int[][] leaves, int[] leafCounts, Matrix scores, double[] labels, double[] weights, float[][]? given = null)
    {
        Leaves = leaves;
        LeafCounts = leafCounts;
        Scores = scores;
        Labels = labels;
        var mean = weights.Length == 0 ? 1 : weights.Sum() / weights.Length;
        Weights = Array.ConvertAll(weights, w => w / mean);
        Given = given;
        Features = FeatureRows.Of(given, Weights);
    }

    /// <summary>n.</summary>
    public int Rows => Labels.Length;

    /// <summary>K.</summary>
    public int Outputs => Leaves.Length;

    public int[][] Leaves { get; }

    public int[] LeafCounts { get; }

    public Matrix Scores { get; }

    public double[] Labels { get; }

    /// <summary>omega (n), of mean 1.</summary>
    public double[] Weights { get; }

    /// <summary>The rows' features (n of p), missing ones among them; null where they are very many, or not asked for.</summary>
    public float[][]? Given { get; }

    /// <summary>The same for a linear model; null where some are missing.</summary>
    public FeatureRows? Features { get; }

    /// <summary>Why there is no linear model of the features; null where there is, or they were not asked for.</summary>
    public string? WhyNoFeatures { get; init; }

    /// <summary>T of an output.</summary>
    public int TreesOf(int output) => Rows == 0 ? 0 : Leaves[output].Length / Rows;

    /// <summary>The leaves of a row.</summary>
    public ReadOnlySpan<int> LeavesOf(int output, int row) => Leaves[output].AsSpan(row * TreesOf(output), TreesOf(output));

    /// <summary>One output's scores (n).</summary>
    public double[] ScoresOf(int output)
    {
        var scores = new double[Rows];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = Scores[i, output];
        }

        return scores;
    }

    /// <summary>One output as a task of its own, with other labels.</summary>
    public LeafRows Output(int output, double[] labels) =>
        new([Leaves[output]], [LeafCounts[output]], new Matrix(Rows, 1, ScoresOf(output)), labels, Weights);

    /// <summary>Some of the rows, copied.</summary>
    public LeafRows Take(IReadOnlyList<int> rows)
    {
        var leaves = new int[Outputs][];
        var scores = new Matrix(rows.Count, Outputs);
        for (var k = 0; k < Outputs; k++)
        {
            var trees = TreesOf(k);
            leaves[k] = new int[rows.Count * trees];
            for (var i = 0; i < rows.Count; i++)
            {
                LeavesOf(k, rows[i]).CopyTo(leaves[k].AsSpan(i * trees));
                scores[i, k] = Scores[rows[i], k];
            }
        }

        return new(
            leaves,
            LeafCounts,
            scores,
            [.. rows.Select(i => Labels[i])],
            [.. rows.Select(i => Weights[i])],
            Given is null ? null : [.. rows.Select(i => Given[i])])
        {
            WhyNoFeatures = WhyNoFeatures,
        };
    }

    /// <summary>Adds what leaves' moves (L) add to the scores of one output: Z d.</summary>
    public void AddMoves(int output, ReadOnlySpan<double> moves, Span<double> to)
    {
        var trees = TreesOf(output);
        var leaves = Leaves[output].AsSpan();
        for (var i = 0; i < to.Length; i++)
        {
            var sum = 0.0;
            foreach (var leaf in leaves.Slice(i * trees, trees))
            {
                sum += moves[leaf];
            }

            to[i] += sum;
        }
    }

    /// <summary>Z'v of one output (L).</summary>
    public double[] SumsByLeaf(int output, ReadOnlySpan<double> values)
    {
        var sums = new double[LeafCounts[output]];
        var trees = TreesOf(output);
        var leaves = Leaves[output].AsSpan();
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            foreach (var leaf in leaves.Slice(i * trees, trees))
            {
                sums[leaf] += value;
            }
        }

        return sums;
    }

    /// <summary>ZZ' of one output (n x n): in how many trees two rows share a leaf.</summary>
    public Matrix Shared(int output, Workers workers)
    {
        var shared = new Matrix(Rows, Rows);
        workers.For(Rows, i =>
        {
            var mine = LeavesOf(output, i);
            var row = shared.Row(i);
            for (var j = 0; j <= i; j++)
            {
                row[j] = SharedLeaves.Count(mine, LeavesOf(output, j));
            }
        });
        Symmetric.MirrorLower(shared, workers);
        return shared;
    }
}
