using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>
/// X (n x p) as a solver sees it: through products with weights. A solver's weights are width x outputs, feature by feature, so that
/// the outputs of a feature lie side by side; scores and residuals are n x outputs, row by row.
/// </summary>
internal abstract class Design
{
    /// <summary>Rows that are taken together: small enough for the first levels of cache with some hundred features.</summary>
    public const int BlockRows = 64;

    // More pieces than threads, so that none waits long for another; fixed, so that results do not depend on the number of threads.
    private const int PieceCount = 32;

    // Rows that are multiplied with all others in one pass.
    private const int RowsAtATime = 32;

    /// <summary>n.</summary>
    public abstract int Rows { get; }

    /// <summary>p.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>Values that are held.</summary>
    public abstract long NonZeros { get; }

    /// <summary>The features that a solver sees: those that are not zero in all rows, in the solver's order. Null: all, as they
    /// are.</summary>
    public virtual int[]? Features => null;

    /// <summary>How many features a solver sees.</summary>
    public int Width => Features?.Length ?? FeatureCount;

    public int Blocks => (Rows + BlockRows - 1) / BlockRows;

    /// <summary>Runs of blocks that one thread takes at a time.</summary>
    protected int Pieces => Math.Min(PieceCount, Blocks);

    /// <summary>
    /// One pass over the rows: block by block scores are computed, handed to <paramref name="map"/>, and what that makes of them
    /// is multiplied by X'.
    /// </summary>
    /// <param name="weights">Width x outputs (what follows is not read); null: the map makes the residuals from nothing.</param>
    /// <param name="outputs">1 for two classes, else the number of classes.</param>
    /// <param name="map">Called once a block, from several threads.</param>
    /// <param name="sum">X' times the residuals, width x outputs (what follows is left alone); null: not wanted.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public abstract void Sweep(double[]? weights, int outputs, ScoreMap map, double[]? sum, Workers workers);

    /// <summary>|x_i|^2 (n).</summary>
    public double[] SquaredNorms(Workers workers) => SquaredNorms(null, workers);

    /// <summary>sum_j f_j x_ij^2 (n).</summary>
    /// <param name="factors">f (width); null: all 1.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public abstract double[] SquaredNorms(double[]? factors, Workers workers);

    /// <summary>The sums over rows of factor_ik x_ij^2 (width x outputs, what follows is left alone), of factors n x outputs.</summary>
    public abstract void Squares(double[] factors, int outputs, double[] sums, Workers workers);

    /// <summary>Some of the rows, in the order given; rows may repeat.</summary>
    public abstract Design Take(ReadOnlySpan<int> rows);

    /// <summary>Writes rows from <paramref name="first"/> on, as the solver sees them, at a stride; what follows the width is left
    /// alone.</summary>
    public abstract void Write(int first, int count, Span<double> to, int stride);

    /// <summary>X diag(f) X' (n x n).</summary>
    /// <param name="factors">f (width); null: all 1.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public virtual Matrix RowProducts(double[]? factors, Workers workers)
    {
        var products = new Matrix(Rows, Rows);
        var row = new double[Width];
        for (var first = 0; first < Rows; first += RowsAtATime)
        {
            var count = Math.Min(RowsAtATime, Rows - first);
            var weights = new double[Width * count];
            for (var r = 0; r < count; r++)
            {
                Write(first + r, 1, row, row.Length);
                for (var j = 0; j < row.Length; j++)
                {
                    weights[(j * count) + r] = factors is null ? row[j] : factors[j] * row[j];
                }
            }

            Sweep(
                weights,
                count,
                (_, at, values) =>
                {
                    for (var i = 0; i * count < values.Length; i++)
                    {
                        values.Slice(i * count, count).CopyTo(products.Row(at + i)[first..]);
                    }
                },
                null,
                workers);
        }

        return products;
    }

    /// <summary>Writes all p features of one row, those that no row has as zero.</summary>
    public void WriteRow(int row, Span<double> to)
    {
        if (Features is not { } features)
        {
            Write(row, 1, to, FeatureCount);
            return;
        }

        to.Clear();
        var seen = new double[features.Length];
        Write(row, 1, seen, features.Length);
        for (var j = 0; j < features.Length; j++)
        {
            to[features[j]] = seen[j];
        }
    }

    /// <summary>XW (n x outputs) of weights of all features (p x outputs).</summary>
    public double[] Scores(double[] weights, int outputs, Workers workers)
    {
        var scores = new double[Rows * outputs];
        Sweep(Seen(weights, outputs), outputs, (_, first, values) => values.CopyTo(scores.AsSpan(first * outputs)), null, workers);
        return scores;
    }

    /// <summary>X'R for all features (p x outputs) of R (n x outputs).</summary>
    public double[] Gradient(double[] residuals, int outputs, Workers workers)
    {
        var sum = new double[Width * outputs];
        Sweep(null, outputs, (_, first, values) => residuals.AsSpan(first * outputs, values.Length).CopyTo(values), sum, workers);
        if (Features is not { } features)
        {
            return sum;
        }

        var all = new double[FeatureCount * outputs];
        for (var j = 0; j < features.Length; j++)
        {
            sum.AsSpan(j * outputs, outputs).CopyTo(all.AsSpan(features[j] * outputs));
        }

        return all;
    }

    private double[] Seen(double[] weights, int outputs)
    {
        if (Features is not { } features)
        {
            return weights;
        }

        var seen = new double[features.Length * outputs];
        for (var j = 0; j < features.Length; j++)
        {
            weights.AsSpan(features[j] * outputs, outputs).CopyTo(seen.AsSpan(j * outputs));
        }

        return seen;
    }
}
