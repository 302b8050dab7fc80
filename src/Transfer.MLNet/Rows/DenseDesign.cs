using System.Buffers;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>
/// Rows of which most values are not zero, in single precision as ML.NET has them: passes over the rows take as long as memory
/// takes to hand them over, and half the bytes take half the time. Sums are in double.
/// </summary>
internal sealed class DenseDesign : Design
{
    // Enough to fill lines of the cache; each is added up by one thread.
    private const int FeaturesAtATime = 128;

    // Of so few outputs each takes the block, which lies in cache, by itself: a blocked product with so narrow a matrix takes longer.
    private const int FewOutputs = 8;

    private readonly float[][] _chunks;
    private readonly int _chunkRows;

    /// <param name="rows">n.</param>
    /// <param name="featureCount">p.</param>
    /// <param name="values">n x p, row by row.</param>
    public DenseDesign(int rows, int featureCount, float[] values)
        : this(rows, featureCount, [values], Math.Max(BlockRows, (rows + BlockRows - 1) / BlockRows * BlockRows))
    {
    }

    /// <param name="rows">n.</param>
    /// <param name="featureCount">p.</param>
    /// <param name="chunks">Row by row; the last may hold fewer rows than the others, or have room for more.</param>
    /// <param name="chunkRows">Rows of each chunk but the last: whole blocks.</param>
    public DenseDesign(int rows, int featureCount, float[][] chunks, int chunkRows)
    {
        if (chunkRows % BlockRows != 0 || chunks.Length != (rows + chunkRows - 1) / chunkRows
            || chunks.Where((c, i) => c.Length < (long)Math.Min(chunkRows, rows - (i * chunkRows)) * featureCount).Any())
        {
            throw new ArgumentException($"The chunks do not hold {rows} x {featureCount} values, {chunkRows} rows each.", nameof(chunks));
        }

        Rows = rows;
        FeatureCount = featureCount;
        _chunks = chunks;
        _chunkRows = chunkRows;
    }

    public override int Rows { get; }

    public override int FeatureCount { get; }

    public override long NonZeros => (long)Rows * FeatureCount;

    /// <summary>Scores and residuals of a block of rows never leave the cache: the rows are read once for both products.</summary>
    public override void Sweep(double[]? weights, int outputs, ScoreMap map, double[]? sum, Workers workers)
    {
        if (outputs is > 1 and <= FewOutputs)
        {
            SweepFew(weights, outputs, map, sum, workers);
            return;
        }

        // Of many outputs these are megabytes, and each pass over the rows would have new ones mapped and cleared: they are lent.
        var pool = ArrayPool<double>.Shared;
        var size = FeatureCount * outputs;
        var sums = new double[Pieces][];
        workers.For(Pieces, piece =>
        {
            var part = sum is null ? [] : pool.Rent(size);
            Array.Clear(part, 0, sum is null ? 0 : size);
            var wide = outputs > 1 ? pool.Rent(BlockRows * FeatureCount) : null;
            var scores = pool.Rent(BlockRows * outputs);
            for (var block = (int)((long)Blocks * piece / Pieces); block < (int)((long)Blocks * (piece + 1) / Pieces); block++)
            {
                var first = block * BlockRows;
                var count = Math.Min(BlockRows, Rows - first);
                if (wide is not null)
                {
                    DenseRow.Widen(_chunks[first / _chunkRows].AsSpan(first % _chunkRows * FeatureCount, count * FeatureCount), wide);
                }

                if (wide is null && weights is not null)
                {
                    Dots(first, count, weights, scores);
                }
                else
                {
                    Array.Clear(scores, 0, BlockRows * outputs);
                    if (weights is not null)
                    {
                        BlockedProduct.Add(
                            1, MatrixView.Of(wide!, count, FeatureCount), MatrixView.Of(weights, FeatureCount, outputs),
                            MatrixView.Of(scores, count, outputs), workers.Single);
                    }
                }

                map(block, first, scores.AsSpan(0, count * outputs));
                if (wide is null && sum is not null)
                {
                    AddSum(first, count, scores, part);
                }
                else if (sum is not null)
                {
                    BlockedProduct.Add(
                        1, MatrixView.Of(wide!, count, FeatureCount).Transposed, MatrixView.Of(scores, count, outputs),
                        MatrixView.Of(part, FeatureCount, outputs), workers.Single);
                }
            }

            sums[piece] = part;
            pool.Return(scores);
            if (wide is not null)
            {
                pool.Return(wide);
            }
        });

        if (sum is not null)
        {
            Array.Clear(sum, 0, size);
            foreach (var part in sums)
            {
                Product.AddScaled(1, part.AsSpan(0, size), sum.AsSpan(0, size));
                pool.Return(part);
            }
        }
    }

    public override double[] SquaredNorms(double[]? factors, Workers workers)
    {
        var norms = new double[Rows];
        workers.For(Pieces, piece =>
        {
            for (var i = (int)((long)Rows * piece / Pieces); i < (int)((long)Rows * (piece + 1) / Pieces); i++)
            {
                norms[i] = factors is null ? FloatRows.SquaredNorm(Row(i)) : FloatRows.SquaredNorm(Row(i), factors);
            }
        });
        return norms;
    }

    public override void Squares(double[] factors, int outputs, double[] sums, Workers workers)
    {
        Array.Clear(sums, 0, FeatureCount * outputs);
        workers.For((FeatureCount + FeaturesAtATime - 1) / FeaturesAtATime, piece =>
        {
            var from = piece * FeaturesAtATime;
            var count = Math.Min(FeaturesAtATime, FeatureCount - from);
            for (var i = 0; i < Rows; i++)
            {
                FloatRows.AddSquares(
                    Row(i).Slice(from, count), factors.AsSpan(i * outputs, outputs), sums.AsSpan(from * outputs, count * outputs));
            }
        });
    }

    public override Design Take(ReadOnlySpan<int> rows)
    {
        var store = new DenseChunks(FeatureCount);
        foreach (var i in rows)
        {
            Row(i).CopyTo(store.Next());
        }

        return store.ToDesign();
    }

    public override void Write(int first, int count, Span<double> to, int stride)
    {
        for (var i = 0; i < count; i++)
        {
            DenseRow.Widen(Row(first + i), to[(i * stride)..]);
        }
    }

    private void SweepFew(double[]? weights, int outputs, ScoreMap map, double[]? sum, Workers workers)
    {
        var (p, size) = (FeatureCount, FeatureCount * outputs);
        var byOutput = weights is null ? null : Layout.ByClass(weights.AsSpan(0, size), p, outputs);
        var sums = new double[Pieces][];
        workers.For(Pieces, piece =>
        {
            var part = new double[sum is null ? 0 : size];
            var (scores, column) = (new double[BlockRows * outputs], new double[BlockRows]);
            for (var block = (int)((long)Blocks * piece / Pieces); block < (int)((long)Blocks * (piece + 1) / Pieces); block++)
            {
                var first = block * BlockRows;
                var count = Math.Min(BlockRows, Rows - first);
                if (outputs == FiveOutputs.Count && byOutput is not null)
                {
                    FiveDots(first, count, byOutput, scores);
                }

                for (var k = 0; k < outputs && outputs != FiveOutputs.Count && byOutput is not null; k++)
                {
                    Dots(first, count, byOutput.AsSpan(k * p, p), column);
                    for (var i = 0; i < count; i++)
                    {
                        scores[(i * outputs) + k] = column[i];
                    }
                }

                map(block, first, scores.AsSpan(0, count * outputs));
                if (outputs == FiveOutputs.Count && sum is not null)
                {
                    AddFiveSums(first, count, scores, part);
                }

                for (var k = 0; k < outputs && outputs != FiveOutputs.Count && sum is not null; k++)
                {
                    for (var i = 0; i < count; i++)
                    {
                        column[i] = scores[(i * outputs) + k];
                    }

                    AddSum(first, count, column, part.AsSpan(k * p, p));
                }
            }

            sums[piece] = part;
        });

        if (sum is not null)
        {
            for (var piece = 1; piece < sums.Length; piece++)
            {
                Product.AddScaled(1, sums[piece], sums[0]);
            }

            Layout.ByFeature(sums[0], p, outputs).CopyTo(sum, 0);
        }
    }

    private ReadOnlySpan<float> Row(int i) => _chunks[i / _chunkRows].AsSpan(i % _chunkRows * FeatureCount, FeatureCount);

    private unsafe void Dots(int first, int count, ReadOnlySpan<double> weights, Span<double> scores)
    {
        fixed (float* values = _chunks[first / _chunkRows])
        fixed (double* x = weights, y = scores)
        {
            FloatRows.Dots(values + ((nint)(first % _chunkRows) * FeatureCount), count, FeatureCount, x, y);
        }
    }

    private unsafe void FiveDots(int first, int count, ReadOnlySpan<double> weights, Span<double> scores)
    {
        fixed (float* values = _chunks[first / _chunkRows])
        fixed (double* x = weights, y = scores)
        {
            FiveOutputs.Dots(values + ((nint)(first % _chunkRows) * FeatureCount), count, FeatureCount, x, y);
        }
    }

    private unsafe void AddFiveSums(int first, int count, ReadOnlySpan<double> residuals, Span<double> sums)
    {
        fixed (float* values = _chunks[first / _chunkRows])
        fixed (double* f = residuals, y = sums)
        {
            FiveOutputs.AddSum(values + ((nint)(first % _chunkRows) * FeatureCount), count, FeatureCount, f, y);
        }
    }

    private unsafe void AddSum(int first, int count, ReadOnlySpan<double> residuals, Span<double> sum)
    {
        fixed (float* values = _chunks[first / _chunkRows])
        fixed (double* f = residuals, y = sum)
        {
            FloatRows.AddSum(values + ((nint)(first % _chunkRows) * FeatureCount), count, FeatureCount, f, y);
        }
    }
}
