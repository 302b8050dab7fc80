using Microsoft.ML.Data;

namespace Transfer.MLNet.Rows;

/// <summary>
/// Rows of features as they come in, each in the form that it comes in, until it is known how many of their values are not zero:
/// then all become dense, or all sparse, whichever is read faster.
/// </summary>
internal sealed class ClassRowsStore(int featureCount, string column)
{
    // A value of a sparse row takes eight bytes and an index, which keeps it from being added up in vectors; one of a dense row four.
    private const double DenseFrom = 0.25;

    private readonly List<bool> _isDense = [];
    private readonly DenseChunks _dense = new(featureCount);
    private readonly List<int> _lengths = [];
    private readonly List<int> _indices = [];
    private readonly List<float> _values = [];
    private long _nonZeros;

    public void Add(in VBuffer<float> row)
    {
        var values = row.GetValues();
        if (!row.IsDense && (long)_values.Count + values.Length > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"Column '{column}' has more than {Array.MaxLength} values that are not zero in its first {_isDense.Count} rows: they do "
                + $"not fit in one array. "
                + "Take a sample of the rows (ml.Data.TakeRows), or fewer features (Transforms.FeatureSelection).");
        }

        _isDense.Add(row.IsDense);
        if (row.IsDense)
        {
            values.CopyTo(_dense.Next());
            _nonZeros += values.Length - values.Count(0f);
        }
        else
        {
            _values.AddRange(values);
            _lengths.Add(values.Length);
            _indices.AddRange(row.GetIndices());
            _nonZeros += values.Length;
        }
    }

    /// <summary>The rows as a design; the store is not to be used afterwards.</summary>
    public Design ToDesign()
    {
        return _nonZeros >= DenseFrom * _isDense.Count * featureCount ? Dense() : Sparse();
    }

    private DenseDesign Dense()
    {
        if (_lengths.Count == 0)
        {
            return _dense.ToDesign();
        }

        var all = new DenseChunks(featureCount);
        var (sparse, at, dense) = (0, 0, 0);
        foreach (var isDense in _isDense)
        {
            var row = all.Next();
            if (isDense)
            {
                _dense.Row(dense++).CopyTo(row);
                continue;
            }

            for (var end = at + _lengths[sparse++]; at < end; at++)
            {
                row[_indices[at]] = _values[at];
            }
        }

        return all.ToDesign();
    }

    private SparseDesign Sparse()
    {
        var starts = new long[_isDense.Count + 1];
        var (indices, values) = (new int[_nonZeros], new float[_nonZeros]);
        var (sparse, at, dense, to) = (0, 0, 0, 0);
        for (var i = 0; i < _isDense.Count; i++)
        {
            if (_isDense[i])
            {
                var row = _dense.Row(dense++);
                for (var j = 0; j < featureCount; j++)
                {
                    if (row[j] != 0)
                    {
                        (indices[to], values[to]) = (j, row[j]);
                        to++;
                    }
                }
            }
            else
            {
                var length = _lengths[sparse++];
                _indices.CopyTo(at, indices, to, length);
                _values.CopyTo(at, values, to, length);
                at += length;
                to += length;
            }

            starts[i + 1] = to;
        }

        return new SparseDesign(featureCount, starts, indices, values);
    }
}
