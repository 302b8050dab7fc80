using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers.Logistic;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// Rows of features as they come in, each in the form that it comes in, until it is known how many of their values are not zero:
/// then all become dense, or all sparse, whichever is read faster.
/// </summary>
internal sealed class ClassRowsStore(int featureCount, string column)
{
    // A value of a sparse row takes eight bytes and an index, which keeps it from being added up in vectors; one of a dense row four.
    private const double DenseFrom = 0.25;

    private readonly List<bool> _isDense = [];
    private readonly List<float> _dense = [];
    private readonly List<int> _lengths = [];
    private readonly List<int> _indices = [];
    private readonly List<float> _values = [];
    private long _nonZeros;

    public void Add(in VBuffer<float> row)
    {
        var values = row.GetValues();
        var target = row.IsDense ? _dense : _values;
        if ((long)target.Count + values.Length > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"Column '{column}' has more than {Array.MaxLength} values in its first {_isDense.Count} rows: they do not fit in memory at once. "
                + "Take a sample of the rows (ml.Data.TakeRows), or fewer features (Transforms.FeatureSelection).");
        }

        _isDense.Add(row.IsDense);
        target.AddRange(values);
        if (row.IsDense)
        {
            _nonZeros += values.Length - values.Count(0f);
        }
        else
        {
            _lengths.Add(values.Length);
            _indices.AddRange(row.GetIndices());
            _nonZeros += values.Length;
        }
    }

    /// <summary>The rows as a design; the store is not to be used afterwards.</summary>
    public Design ToDesign()
    {
        var size = (long)_isDense.Count * featureCount;
        return _nonZeros >= DenseFrom * size && size <= Array.MaxLength ? Dense((int)size) : Sparse();
    }

    private DenseDesign Dense(int size)
    {
        if (_lengths.Count == 0)
        {
            return new DenseDesign(_isDense.Count, featureCount, [.. _dense]);
        }

        var all = new float[size];
        var (sparse, at, dense) = (0, 0, 0);
        for (var i = 0; i < _isDense.Count; i++)
        {
            var row = all.AsSpan(i * featureCount, featureCount);
            if (_isDense[i])
            {
                _dense.CopyTo(dense, all, i * featureCount, featureCount);
                dense += featureCount;
                continue;
            }

            for (var end = at + _lengths[sparse]; at < end; at++)
            {
                row[_indices[at]] = _values[at];
            }

            sparse++;
        }

        return new DenseDesign(_isDense.Count, featureCount, all);
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
                for (var j = 0; j < featureCount; j++, dense++)
                {
                    if (_dense[dense] != 0)
                    {
                        (indices[to], values[to]) = (j, _dense[dense]);
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
