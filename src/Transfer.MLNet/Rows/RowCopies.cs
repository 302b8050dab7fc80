using Microsoft.ML;

namespace Transfer.MLNet.Rows;

/// <summary>Rows without those that are exact copies of others, features and label alike.</summary>
internal static class RowCopies
{
    private const int Target = 0;
    private const int Source = 1;

    /// <summary>Each row once; the same rows where none is a copy, or it may be chance (<see cref="SeenRows"/>).</summary>
    public static HeldRows Once(HeldRows rows)
    {
        if (rows.Rows > SeenRows.Most)
        {
            return rows;
        }

        var seen = new SeenRows(rows.FeatureCount);
        int[] once = [.. Enumerable.Range(0, rows.Rows).Where(i => seen.Add(rows.Features.Row(i), rows.Labels[i]) == SeenRows.Nobody)];
        return seen.AreCopies ? rows.Only(once) : rows;
    }

    /// <summary>More features than these are not looked through for classes and counts, as of text.</summary>
    public const int MostFeatures = 2048;

    /// <summary>Of classes or counts each row once, by the same rule.</summary>
    public static T OnceOf<T>(T rows)
        where T : LabelledRows
    {
        if (rows.Rows > SeenRows.Most || rows.FeatureCount > MostFeatures)
        {
            return rows;
        }

        var (seen, row, once) = (new SeenRows(rows.FeatureCount, labelsRepeat: true), new double[rows.FeatureCount], new List<int>());
        for (var i = 0; i < rows.Rows; i++)
        {
            Array.Clear(row);
            rows.Design.WriteRow(i, row);
            if (seen.Add(row, rows.Labels[i]) == SeenRows.Nobody)
            {
                once.Add(i);
            }
        }

        return once.Count < rows.Rows && seen.AreCopies ? (T)rows.Take([.. once]) : rows;
    }

    /// <summary>The target's rows, as far as a source is asked of them.</summary>
    /// <param name="target">The rows.</param>
    /// <param name="cancellation">Looked at as rows come.</param>
    /// <param name="labelsRepeat">Whether labels are classes or counts.</param>
    public static SeenRows Seen(RowReader target, CancellationToken cancellation, bool labelsRepeat = false)
    {
        var (seen, row) = (new SeenRows(target.FeatureCount, labelsRepeat), new double[target.FeatureCount]);
        target.Read(
            (in features, label, _, _) =>
            {
                if (!seen.IsFull)
                {
                    DenseRow.Write(in features, row);
                    seen.Add(row, label, Target);
                }
            },
            warn: null,
            cancellation);
        return seen;
    }

    /// <summary>A source without rows that are in the target too, and each of the others once.</summary>
    /// <param name="source">The source's rows.</param>
    /// <param name="reader">The same with their columns.</param>
    /// <param name="seen">The target's rows; those of the source are added.</param>
    /// <param name="cancellation">Looked at as rows come.</param>
    /// <param name="toTarget">From the source's label to the target's; null where they are the same.</param>
    /// <exception cref="InvalidOperationException">No row is left.</exception>
    /// <returns>The rows that are left; how many others are in the target, and how many were there before.</returns>
    public static (IDataView Rows, long InTarget, long Repeated) Once(
        IDataView source, RowReader reader, SeenRows seen, CancellationToken cancellation, Func<double, double>? toTarget = null)
    {
        var row = new double[reader.FeatureCount];
        var (repeated, inTarget, rows, last) = (new List<long>(), new List<long>(), 0L, -1L);
        reader.Read(
            (in features, label, _, position) =>
            {
                last = position;
                rows++;
                if (seen.IsFull)
                {
                    return;
                }

                DenseRow.Write(in features, row);
                switch (seen.Add(row, toTarget?.Invoke(label) ?? label, Source))
                {
                    case Target:
                        inTarget.Add(position);
                        break;
                    case Source:
                        repeated.Add(position);
                        break;
                }
            },
            warn: null,
            cancellation);
        if (!seen.AreCopies || repeated.Count + inTarget.Count == 0)
        {
            return (source, 0, 0);
        }

        if (repeated.Count + inTarget.Count == rows)
        {
            throw new InvalidOperationException("Every row of the source is an exact copy of a target row, features and label alike: "
                + "there is nothing to learn from it. Give other rows as the source.");
        }

        var picked = new bool[last + 1];
        Array.Fill(picked, true);
        foreach (var position in repeated.Concat(inTarget))
        {
            picked[position] = false;
        }

        return (new PickedRows(source, picked, andBeyond: true), inTarget.Count, repeated.Count);
    }
}
