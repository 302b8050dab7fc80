using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>Rows as they come in, kept in single precision as ML.NET has them, until it is known how many there are.</summary>
internal sealed class RowStore(int featureCount)
{
    // Of numbers: wide rows come in smaller chunks.
    private const int LargestChunk = 1 << 22;


    private readonly int _rowsPerChunk = Math.Clamp(LargestChunk / featureCount, 1, 256);
    private readonly List<float[]> _chunks = [];
    private readonly List<double> _labels = [];
    private readonly List<double> _weights = [];
    private readonly List<long> _positions = [];

    public int Count => _labels.Count;

    /// <summary>What a row takes, with the slack of lists that grow.</summary>
    public static long BytesOf(int featureCount) => ((long)featureCount * sizeof(float)) + (3 * 2 * sizeof(double));

    public void Add(in VBuffer<float> features, double label, double weight, long position)
    {
        var slot = Count % _rowsPerChunk;
        if (slot == 0)
        {
            _chunks.Add(new float[_rowsPerChunk * featureCount]);
        }

        features.CopyTo(_chunks[^1].AsSpan(slot * featureCount, featureCount));
        _labels.Add(label);
        _weights.Add(weight);
        _positions.Add(position);
    }

    /// <summary>The rows in one matrix. Each chunk is let go once it has been copied; the store is empty afterwards.</summary>
    public HeldRows ToHeldRows(bool weighted, IReadOnlyList<string> featureNames)
    {
        var features = new Matrix(Count, featureCount);
        for (var i = 0; i < Count; i++)
        {
            DenseRow.Widen(Features(i), features.Row(i));
            if (i % _rowsPerChunk == _rowsPerChunk - 1)
            {
                _chunks[i / _rowsPerChunk] = [];
            }
        }

        var rows = new HeldRows(features, [.. _labels], weighted ? [.. _weights] : null, featureNames);
        Clear();
        return rows;
    }

    /// <summary>Some of the rows, copied.</summary>
    public HeldRows Take(IReadOnlyList<int> rows, bool weighted)
    {
        var features = new Matrix(rows.Count, featureCount);
        var (labels, weights) = (new double[rows.Count], weighted ? new double[rows.Count] : null);
        for (var i = 0; i < rows.Count; i++)
        {
            DenseRow.Widen(Features(rows[i]), features.Row(i));
            labels[i] = _labels[rows[i]];
            if (weights is not null)
            {
                weights[i] = _weights[rows[i]];
            }
        }

        return new HeldRows(features, labels, weights);
    }

    /// <summary>Hands the rows on one by one, in their order. The store is empty afterwards.</summary>
    public void Drain(RowTarget target)
    {
        for (var i = 0; i < Count; i++)
        {
            DenseRow.Widen(Features(i), target(_labels[i], _weights[i], _positions[i]));
        }

        Clear();
    }

    private ReadOnlySpan<float> Features(int i) => _chunks[i / _rowsPerChunk].AsSpan(i % _rowsPerChunk * featureCount, featureCount);

    private void Clear()
    {
        _chunks.Clear();
        _labels.Clear();
        _weights.Clear();
        _positions.Clear();
    }
}
