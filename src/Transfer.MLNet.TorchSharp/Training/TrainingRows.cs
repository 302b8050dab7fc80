using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Networks.Training;

/// <summary>
/// The rows of a task, held once, as single-precision numbers; sparse rows stay sparse. Mini-batches are copied out of it.
/// </summary>
internal sealed class TrainingRows
{
    private readonly List<float[]> _values = [];
    private readonly List<int[]?> _places = [];
    private readonly List<float> _labels = [];
    private readonly List<float> _weights = [];

    private TrainingRows(int featureCount)
    {
        FeatureCount = featureCount;
    }

    public int FeatureCount { get; }

    public int Count => _labels.Count;

    /// <summary>The label of a row: a class from 0, 0 or 1, or a number.</summary>
    public float Label(int row) => _labels[row];

    /// <summary>How much a row counts; their mean is 1.</summary>
    public float Weight(int row) => _weights[row];

    /// <param name="reader">Where they come from.</param>
    /// <param name="classWeights">Multiplied to the rows' own weights, one a class; null: none.</param>
    /// <param name="warn">Called at most once, where rows were left out.</param>
    /// <param name="cancellation">Looked at every few hundred rows.</param>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the rows do not fit in memory.</exception>
    public static TrainingRows Read(RowReader reader, IReadOnlyList<double>? classWeights, Action<string>? warn,
        CancellationToken cancellation)
    {
        var rows = new TrainingRows(reader.FeatureCount);
        var total = 0.0;
        var bytes = 0L;
        var budget = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;
        reader.Read(
            (in features, label, weight, _) =>
            {
                weight *= classWeights?[(int)label] ?? 1;
                if (weight == 0)
                {
                    return;
                }

                rows.Add(in features, (float)label, (float)weight);
                total += weight;
                bytes += features.GetValues().Length * (features.IsDense ? 4L : 8L);
                if (bytes > budget)
                {
                    throw new InvalidOperationException(
                        $"The first {rows.Count} rows of column '{reader.Columns.Features}' take {bytes >> 20} MB, three quarters of "
                            + $"the memory that there is. Take a sample of the rows (ml.Data.TakeRows) or smaller images.");
                }
            },
            warn,
            cancellation);
        if (rows.Count == 0)
        {
            throw new InvalidOperationException(
                "The class weights make every row count nothing. Give at least one class that is there a weight above zero.");
        }

        for (var i = 0; i < rows._weights.Count; i++)
        {
            rows._weights[i] = (float)(rows._weights[i] * rows.Count / total);
        }

        return rows;
    }

    /// <summary>Writes a row's features, zeros included.</summary>
    public void CopyTo(int row, Span<float> features)
    {
        var values = _values[row];
        if (_places[row] is not { } places)
        {
            values.CopyTo(features);
            return;
        }

        features.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            features[places[i]] = values[i];
        }
    }

    /// <summary>Hands all that training depends on to <paramref name="put"/>, row by row.</summary>
    public void Digest(Action<ReadOnlySpan<byte>> put)
    {
        for (var i = 0; i < Count; i++)
        {
            put(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_values[i].AsSpan()));
            put(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_places[i].AsSpan()));
            put(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([_labels[i], _weights[i]]));
        }
    }

    private void Add(in Microsoft.ML.Data.VBuffer<float> features, float label, float weight)
    {
        _values.Add(features.GetValues().ToArray());
        _places.Add(features.IsDense ? null : features.GetIndices().ToArray());
        _labels.Add(label);
        _weights.Add(weight);
    }
}
