using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Accumulation;

/// <summary>Grouped moments of a data view in one pass.</summary>
internal static class GroupedMomentsReader
{
    /// <exception cref="ArgumentException">A column is missing, of the wrong type, or has two roles.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, no row has a group, a weight is negative, or the moments do not fit
    /// in memory.</exception>
    public static GroupedMoments Read(
        IDataView data, TaskColumns columns, string groupColumn, Workers workers, Action<string>? warn = null, Action<string>? tell = null,
        MemoryBudget? budget = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(groupColumn);
        foreach (var (name, role) in new[] { (columns.Label, "label"), (columns.Features, "feature"), (columns.Weight, "weight") })
        {
            if (name == groupColumn)
            {
                throw new ArgumentException(
                    $"'{groupColumn}' is given as the group column and as the {role} column. A group says which rows belong together: give "
                    + $"a column of its own.",
                    nameof(groupColumn));
            }
        }

        budget ??= MemoryBudget.OfProcess;
        var keys = new RowKeys(data.Schema, groupColumn);
        var reader = new RowReader(data, columns, keys: keys);
        var p = reader.FeatureCount;
        if (keys.Column.Type is KeyDataViewType { Count: > 0 } key)
        {
            // As many as the key has values, before any row is read; other columns are counted as they come.
            budget.RequireGroups(Math.Min((long)key.Count, reader.RowCount ?? long.MaxValue), p, groupColumn);
        }

        var groups = new List<GroupAccumulator>();
        var row = new double[p];
        reader.Read(
            (in features, label, weight, _) =>
            {
                if (keys.Current == RowKeys.None)
                {
                    return;
                }

                while (groups.Count <= keys.Current)
                {
                    budget.RequireGroups(groups.Count + 1, p, groupColumn);
                    groups.Add(new(p));
                }

                DenseRow.Write(in features, row);
                groups[keys.Current].Add(row, label, weight);
            },
            warn,
            workers.Cancellation);
        if (keys.Missing > 0)
        {
            warn?.Invoke($"{keys.Missing} rows have no group in column '{groupColumn}'; they were left out.");
        }

        // Groups of which no row could be used come last or between: they have a name and no rows.
        while (groups.Count < keys.Names.Count)
        {
            groups.Add(new(p));
        }

        MomentBlock[] blocks = [.. groups.Select(g => g.ToBlock(workers))];
        var kept = Enumerable.Range(0, blocks.Length).Where(g => blocks[g].Count > 0).ToArray();
        if (kept.Length == 0)
        {
            throw new InvalidOperationException($"No row has a group in column '{groupColumn}'. Check the column, or compute moments "
                + $"without groups: ml.Regression.ComputeMoments.");
        }

        var moments = new GroupedMoments(
            [.. kept.Select(g => keys.Names[g])], [.. kept.Select(g => blocks[g])], groupColumn, columns.Features, columns.Label,
            reader.FeatureNames);
        tell?.Invoke(moments.ToString());
        return moments;
    }
}
