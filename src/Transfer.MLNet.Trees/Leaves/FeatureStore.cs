using Microsoft.ML.Data;

namespace Transfer.MLNet.Trees.Leaves;

/// <summary>The features of rows as they come in, given up where there are too many.</summary>
/// <param name="rows">Up to how many rows are kept; 0: none.</param>
/// <param name="features">p.</param>
internal sealed class FeatureStore(int rows, int features)
{
    // 64 MB as the linear way takes them: what a comparison of ways may cost beside the leaves.
    private const long MostNumbers = 1L << 23;

    private readonly List<float[]> _rows = [];
    private bool _given = rows == 0;

    /// <summary>Why a linear model cannot be fitted to them; null where it can, or none were asked for.</summary>
    public string? WhyNot { get; private set; }

    public void Add(in VBuffer<float> row)
    {
        if (_given)
        {
            return;
        }

        if (_rows.Count == rows || (_rows.Count + 1L) * features > MostNumbers)
        {
            WhyNot = _rows.Count == rows ? $"there are more than {rows} rows" : "there are too many features to keep them";
            _given = true;
            _rows.Clear();
            return;
        }

        var values = new float[features];
        row.CopyTo(values);
        WhyNot ??= Array.Exists(values, v => !float.IsFinite(v)) ? "features are missing in some rows" : null;
        _rows.Add(values);
    }

    /// <summary>n of p; null where they were given up.</summary>
    public float[][]? ToRows() => _given ? null : [.. _rows];
}
