using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Logistic;

/// <summary>
/// X (n x p) as a solver sees it: through products with weights. Weights are p x outputs, feature by feature, so that the
/// outputs of a feature lie side by side; scores and residuals are n x outputs, row by row.
/// </summary>
internal abstract class Design
{
    /// <summary>Rows that are taken together: small enough for the first levels of cache with some hundred features.</summary>
    public const int BlockRows = 64;

    /// <summary>n.</summary>
    public abstract int Rows { get; }

    /// <summary>p.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>Values that are held.</summary>
    public abstract long NonZeros { get; }

    public int Blocks => (Rows + BlockRows - 1) / BlockRows;

    /// <summary>
    /// One pass over the rows: block by block scores are computed, handed to <paramref name="map"/>, and what that makes of them
    /// is multiplied by X'. Scores and residuals of a block never leave the cache.
    /// </summary>
    /// <param name="weights">p x outputs (what follows is not read); null: the map makes the residuals from nothing.</param>
    /// <param name="outputs">1 for two classes, else the number of classes.</param>
    /// <param name="map">Called once a block, from several threads.</param>
    /// <param name="sum">X' times the residuals, p x outputs (what follows is left alone); null: not wanted.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public abstract void Sweep(double[]? weights, int outputs, ScoreMap map, double[]? sum, Workers workers);

    /// <summary>|x_i|^2 (n).</summary>
    public abstract double[] SquaredNorms();

    /// <summary>To p x outputs: the sums of curvature_ik x_ij^2, of curvatures n x outputs.</summary>
    public abstract void AddSquares(double[] curvatures, int outputs, double[] sums, Workers workers);

    /// <summary>Some of the rows, in the order given; rows may repeat.</summary>
    public abstract Design Take(ReadOnlySpan<int> rows);

    /// <summary>XW (n x outputs) of W (p x outputs).</summary>
    public double[] Scores(double[] weights, int outputs, Workers workers)
    {
        var scores = new double[Rows * outputs];
        Sweep(weights, outputs, (_, first, values) => values.CopyTo(scores.AsSpan(first * outputs)), null, workers);
        return scores;
    }

    /// <summary>X'R (p x outputs) of R (n x outputs).</summary>
    public double[] Gradient(double[] residuals, int outputs, Workers workers)
    {
        var sum = new double[FeatureCount * outputs];
        Sweep(null, outputs, (_, first, values) => residuals.AsSpan(first * outputs, values.Length).CopyTo(values), sum, workers);
        return sum;
    }
}
