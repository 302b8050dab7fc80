namespace Transfer.MLNet.Rows;

/// <summary>Dense rows as they come in, in pieces of about a megabyte: never copied, and as many as memory holds.</summary>
/// <param name="featureCount">p.</param>
internal sealed class DenseChunks(int featureCount)
{
    private const int ChunkSize = 1 << 18;

    private readonly int _chunkRows = Math.Max(1, ChunkSize / featureCount / Design.BlockRows) * Design.BlockRows;
    private readonly List<float[]> _chunks = [];
    private int _count;

    /// <summary>The place of the next row, all zeros.</summary>
    public Span<float> Next()
    {
        var slot = _count++ % _chunkRows;
        if (slot == 0)
        {
            _chunks.Add(new float[checked(_chunkRows * featureCount)]);
        }

        return _chunks[^1].AsSpan(slot * featureCount, featureCount);
    }

    public ReadOnlySpan<float> Row(int i) => _chunks[i / _chunkRows].AsSpan(i % _chunkRows * featureCount, featureCount);

    /// <summary>The rows as a design, which takes the pieces over.</summary>
    public DenseDesign ToDesign() => new(_count, featureCount, [.. _chunks], _chunkRows);
}
