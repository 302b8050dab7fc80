using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Trees.Leaves;

/// <summary>The features of rows as they come in, given up where they are missing or too many.</summary>
/// <param name="rows">Up to how many rows are kept; 0: none.</param>
/// <param name="features">p.</param>
internal sealed class FeatureStore(int rows, int features)
{
    // 64 MB: what a comparison of ways may cost beside the leaves.
    private const long MostNumbers = 1L << 23;

    private readonly List<double[]> _rows = [];
    private bool _given = rows == 0;

    /// <summary>Why there are none; null where there are, or none were asked for.</summary>
    public string? WhyNot { get; private set; }

    public void Add(in VBuffer<float> row)
    {
        if (_given)
        {
            return;
        }

        if (_rows.Count == rows || (_rows.Count + 1L) * features > MostNumbers)
        {
            GiveUp(_rows.Count == rows ? $"there are more than {rows} rows" : "there are too many features to keep them");
            return;
        }

        var values = new double[features];
        foreach (var (index, value) in row.Items())
        {
            if (!float.IsFinite(value))
            {
                GiveUp("features are missing in some rows");
                return;
            }

            values[index] = value;
        }

        _rows.Add(values);
    }

    /// <summary>n x p; null where they were given up.</summary>
    public Matrix? ToMatrix() => _given ? null : new(_rows.Count, features, [.. _rows.SelectMany(r => r)]);

    private void GiveUp(string why)
    {
        (_given, WhyNot) = (true, why);
        _rows.Clear();
    }
}
