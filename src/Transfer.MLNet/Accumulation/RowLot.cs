using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>Rows of one fold that wait to be added to its block, in batches of the size that the kernels like.</summary>
internal sealed class RowLot
{
    // Of numbers in a batch: about half of the second level of cache.
    private const int BatchSize = 1 << 16;

    // Of the kernels' blocks in a batch.
    private const int MostBlocks = 8;

    // Handing a lot to another thread costs some microseconds: with few features a lot is made of more rows than a batch.
    private const int WorthHanding = 1 << 15;

    public RowLot(int featureCount)
    {
        BatchRows = BatchRowsOf(featureCount);
        Capacity = BatchRows * (int)Math.Clamp(WorthHanding / ((long)BatchRows * featureCount), 1, 16);
        Rows = new Matrix(Capacity, featureCount);
        Labels = new double[Capacity];
        Weights = new double[Capacity];
    }

    public int Capacity { get; }

    public int BatchRows { get; }

    /// <summary>The features (capacity x p), of which the first <see cref="Count"/> rows are filled.</summary>
    public Matrix Rows { get; }

    public double[] Labels { get; }

    public double[] Weights { get; }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>What the rows are added to.</summary>
    public BlockAccumulator? Block { get; private set; }

    /// <summary>
    /// Rows of a batch: with the row that carries the shift of the mean some whole blocks of the kernels' panels, more of them the
    /// fewer features there are, because a product has its own costs, the same for any size.
    /// </summary>
    public static int BatchRowsOf(int featureCount) =>
        (Panels.BlockDepth * Math.Clamp(BatchSize / Panels.BlockDepth / featureCount, 1, MostBlocks)) - 1;

    /// <summary>Begins anew.</summary>
    public RowLot For(BlockAccumulator block)
    {
        (Block, Count) = (block, 0);
        return this;
    }

    /// <summary>The place of the next row's features.</summary>
    public Span<double> Next(double label, double weight)
    {
        Labels[Count] = label;
        Weights[Count] = weight;
        return Rows.Row(Count++);
    }
}
