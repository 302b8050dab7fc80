using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>
/// Z' diag(w) Z + tau of each output's leaves (L x L), factored. With many rows of which each falls into a leaf of every tree, leaves are
/// so alike
/// that conjugate gradients without it take thousands of steps.
/// </summary>
internal sealed class LeafBlocks
{
    // One matrix is 128 MB at this size, and there are never more than these in all.
    private const int LargestBlock = 4096;
    private const long LargestTotal = 4L * LargestBlock * LargestBlock;
    private const int FewestRows = 1000;

    private readonly Cholesky[] _factors;

    private LeafBlocks(Cholesky[] factors) => _factors = factors;

    public static bool AreWorthwhile(LeafRows rows) => rows.Rows >= FewestRows
        && rows.LeafCounts.Max() <= LargestBlock && rows.LeafCounts.Sum(l => (long)l * l) <= LargestTotal;

    /// <param name="rows">The rows.</param>
    /// <param name="weights">w (n x K).</param>
    /// <param name="tau">Above zero.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static LeafBlocks Of(LeafRows rows, Matrix weights, double tau, Workers workers)
        => new([.. Enumerable.Range(0, rows.Outputs).Select(k => Factor(rows, k, weights, tau, workers))]);

    public double[] Solve(int output, ReadOnlySpan<double> right) => _factors[output].Solve(right);

    private static Cholesky Factor(LeafRows rows, int output, Matrix weights, double tau, Workers workers)
    {
        var (trees, leaves, count) = (rows.TreesOf(output), rows.Leaves[output], rows.LeafCounts[output]);
        var gram = new Matrix(count, count);

        // The leaves of one tree are rows of the matrix that no other tree writes to.
        workers.For(trees, t =>
        {
            for (var i = 0; i < rows.Rows; i++)
            {
                var w = weights[i, output];
                var mine = leaves.AsSpan(i * trees, trees);
                var row = gram.Row(mine[t]);
                foreach (var other in mine[..(t + 1)])
                {
                    row[other] += w;
                }
            }
        });
        for (var l = 0; l < count; l++)
        {
            gram[l, l] += tau;
        }

        return Cholesky.TryFactor(gram, workers)
            ?? throw new InvalidOperationException("The weights of the rows are too large to compute with. Scale them down.");
    }
}
