using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>A row's features, straight from its cells.</summary>
internal sealed class FeatureRow
{
    private readonly FeatureSlot[] _slots;
    private readonly CellReader.Numbers[] _cells;
    private readonly float[] _row;
    private readonly int[] _cellOf;

    /// <param name="slots">What is made.</param>
    /// <param name="cells">The reader of a column of cells, by its name.</param>
    public FeatureRow(IReadOnlyList<FeatureSlot> slots, Func<string, CellReader.Numbers> cells)
    {
        _slots = [.. slots];
        string[] names = [.. slots.Select(s => s.Cell).Distinct(StringComparer.Ordinal)];
        _cells = Array.ConvertAll(names, n => cells(n));
        _row = new float[names.Length];
        _cellOf = Array.ConvertAll(_slots, s => Array.IndexOf(names, s.Cell));
    }

    public int Length => _slots.Length;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Of(int row, Span<float> features)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            _row[i] = _cells[i].Single(row);
        }

        for (var i = 0; i < _slots.Length; i++)
        {
            features[i] = _slots[i].Of(_row[_cellOf[i]]);
        }
    }
}
