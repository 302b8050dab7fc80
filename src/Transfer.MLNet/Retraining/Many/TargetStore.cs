using Microsoft.ML.Data;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Retraining;

/// <summary>Rows of many targets as they come in, in single precision, with what their scores have added.</summary>
/// <param name="featureCount">p.</param>
/// <param name="weighted">Whether rows have weights.</param>
/// <param name="exposed">Whether rows have exposures.</param>
internal sealed class TargetStore(int featureCount, bool weighted, bool exposed)
{
    private readonly RowStore _rows = new(featureCount);
    private readonly List<double> _offsets = [];

    public int Count => _rows.Count;

    public static long BytesOf(int featureCount) => RowStore.BytesOf(featureCount) + (2 * sizeof(double));

    public void Add(in VBuffer<float> features, double label, double weight, double exposure, long position)
    {
        _rows.Add(in features, label, weight, position);
        if (exposed)
        {
            _offsets.Add(Math.Log(exposure));
        }
    }

    /// <summary>Some of the rows, copied.</summary>
    public TargetRows Take(IReadOnlyList<int> rows) => new(_rows.Take(rows, weighted), exposed ? [.. rows.Select(i => _offsets[i])] : null);
}
