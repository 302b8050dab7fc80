namespace Transfer.MLNet.Kernels;

/// <summary>
/// Eigenvalues and vectors of a symmetric tridiagonal matrix by divide and conquer: cut into small blocks by taking away
/// off-diagonal elements, which are then put back two blocks at a time. Nearly all of the work is matrix products, and the more
/// the eigenvalues cluster the less of it there is.
/// </summary>
internal sealed class TridiagonalEigen
{
    private const int LargestLeaf = 32;

    // With fewer blocks than this in a level, the threads share the work within a block instead.
    private const int ManyBlocks = 4;

    private TridiagonalEigen(int n)
    {
        Values = new double[n];
        Order = new int[n];
        Vectors = new Matrix(n, n);
        Packed = new Matrix(n, n);
        Scratch = new Matrix(n, n);
    }

    /// <summary>Eigenvalues; within each finished block in the order of its rows of <see cref="Vectors"/>.</summary>
    public double[] Values { get; }

    /// <summary>Places in the block from the smallest eigenvalue to the largest.</summary>
    public int[] Order { get; }

    /// <summary>Eigenvectors as rows.</summary>
    public Matrix Vectors { get; }

    /// <summary>Room for the vectors that go into a product.</summary>
    internal Matrix Packed { get; }

    /// <summary>Room for the vectors of a rank-one update.</summary>
    internal Matrix Scratch { get; }

    /// <summary>
    /// Decomposes the matrix with this diagonal and this off-diagonal (element i between i and i + 1, and one element more), of
    /// size about 1; both are used up.
    /// </summary>
    public static TridiagonalEigen Of(double[] diagonal, double[] offDiagonal, Workers workers)
    {
        var n = diagonal.Length;
        var result = new TridiagonalEigen(n);
        var levels = 0;
        while (n >> levels > LargestLeaf)
        {
            levels++;
        }

        var couplings = Cut(diagonal, offDiagonal, levels);
        diagonal.CopyTo(result.Values, 0);
        workers.For(1 << levels, block => result.SolveLeaf(
            Boundary(n, levels, block), Boundary(n, levels, block + 1), offDiagonal));
        for (var level = levels - 1; level >= 0; level--)
        {
            result.Join(level, couplings, workers);
        }

        return result;
    }

    private static int Boundary(int n, int level, int block) => (int)(((long)n * block) >> level);

    private static double[] Cut(double[] diagonal, double[] offDiagonal, int levels)
    {
        var couplings = new double[diagonal.Length];
        for (var block = 1; block < 1 << levels; block++)
        {
            var at = Boundary(diagonal.Length, levels, block);
            couplings[at] = offDiagonal[at - 1];
            offDiagonal[at - 1] = 0;
            diagonal[at - 1] -= Math.Abs(couplings[at]);
            diagonal[at] -= Math.Abs(couplings[at]);
        }

        return couplings;
    }

    private void SolveLeaf(int low, int high, double[] offDiagonal)
    {
        for (var i = low; i < high; i++)
        {
            Vectors[i, i] = 1;
            Order[i] = i - low;
        }

        var values = Values.AsSpan(low, high - low);
        const double Negligible = 1e-30;
        ImplicitQl.Solve(values, offDiagonal.AsSpan(low, high - low), Negligible, Vectors, low);
        values.ToArray().AsSpan().Sort(Order.AsSpan(low, high - low));
    }

    private void Join(int level, double[] couplings, Workers workers)
    {
        var n = Values.Length;
        void JoinBlock(int block, Workers inside)
        {
            var low = Boundary(n, level, block);
            var middle = Boundary(n, level + 1, (2 * block) + 1);
            RankOneUpdate.Merge(this, low, middle, Boundary(n, level, block + 1), couplings[middle], inside);
        }

        var blocks = 1 << level;
        if (blocks >= ManyBlocks)
        {
            workers.For(blocks, block => JoinBlock(block, workers.Single));
            return;
        }

        for (var block = 0; block < blocks; block++)
        {
            JoinBlock(block, workers);
        }
    }
}
