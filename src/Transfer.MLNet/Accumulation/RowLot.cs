using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>Rows of one fold that wait to be added to its block, in batches of the size that the kernels like.</summary>
internal sealed class RowLot
{
    /// <summary>Rows of a batch: with the row that carries the shift of the mean this is one block of the kernels' panels.</summary>
    public const int BatchRows = Panels.BlockDepth - 1;

    // Handing a lot to another thread costs some microseconds: with few features a lot is made of more rows than a batch.
    private const int WorthHanding = 1 << 15;

    public RowLot(int featureCount)
    {
        Capacity = BatchRows * (int)Math.Clamp(WorthHanding / ((long)BatchRows * featureCount), 1, 16);
        Rows = new Matrix(Capacity, featureCount);
        Labels = new double[Capacity];
        Weights = new double[Capacity];
    }

    public int Capacity { get; }

    /// <summary>The features (capacity x p), of which the first <see cref="Count"/> rows are filled.</summary>
    public Matrix Rows { get; }

    public double[] Labels { get; }

    public double[] Weights { get; }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>What the rows are added to.</summary>
    public BlockAccumulator? Block { get; private set; }

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
