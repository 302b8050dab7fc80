using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Production;

/// <summary>What a model leaves unexplained of some rows, and their features.</summary>
/// <param name="Residuals">Label less score, of counts times the exposure; of two classes less the probability; of several the
/// log-loss.</param>
/// <param name="Scores">The score; of two classes the probability; null of several.</param>
/// <param name="Features">n x p as they reach the model; null where there are more than 1,000, or no single column of them.</param>
/// <param name="Names">Of the features.</param>
internal sealed record DriftRows(double[] Residuals, double[]? Scores, Matrix? Features, IReadOnlyList<string> Names)
{
    private const int MostFeatures = 1000;
    private const int MostRows = 5000;

    /// <param name="model">The model.</param>
    /// <param name="view">Rows as it takes them.</param>
    /// <param name="picked">Which of them; null: all.</param>
    /// <param name="measured">The columns that its scores are measured by, as <see cref="ModelInput"/> has found them.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static DriftRows Of(
        ITransformer model, IDataView view, bool[]? picked, MeasuredColumns measured, CancellationToken cancellation)
    {
        var rows = new PickedRows(view, Spread(picked ?? [.. Enumerable.Repeat(true, Count(view))]));
        var (reached, featureColumn) = ModelInput.Features(model, rows);
        var scored = ScoredRows.Of(model, rows, measured, cancellation);
        var features = featureColumn is { } name ? Read(reached, name, scored.Losses.Length, cancellation) : null;
        int[] known = [.. Enumerable.Range(0, scored.Losses.Length).Where(i => double.IsFinite(scored.Losses[i])
            && (features is not { } all || IsFinite(all.Row(i))))];
        var two = scored.Classes == 2;
        double Score(int i) => two && scored.Labels[i] < 0.5 ? 1 - scored.Predictions[i] : scored.Predictions[i];
        var matrix = features is null ? null : new Matrix(known.Length, features.Columns);
        for (var k = 0; matrix is not null && k < known.Length; k++)
        {
            features!.Row(known[k]).CopyTo(matrix.Row(k));
        }

        return new DriftRows(
            [.. known.Select(i => scored.Classes > 2 ? scored.Losses[i] : scored.Labels[i] - Score(i))],
            scored.Classes > 2 ? null : [.. known.Select(Score)],
            matrix,
            matrix is null ? [] : SlotNames(reached.Schema[featureColumn!], matrix.Columns));
    }

    private static bool IsFinite(Span<double> row)
    {
        foreach (var value in row)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    // Of more rows than are used every so many-th.
    private static bool[] Spread(bool[] picked)
    {
        var (count, seen) = (picked.LongCount(p => p), 0L);
        if (count <= MostRows)
        {
            return picked;
        }

        return Array.ConvertAll(picked, p =>
        {
            if (!p)
            {
                return false;
            }

            seen++;
            return seen * MostRows / count > (seen - 1) * MostRows / count;
        });
    }

    private static int Count(IDataView view)
    {
        if (view.GetRowCount() is { } known)
        {
            return checked((int)known);
        }

        var count = 0;
        using var cursor = view.GetRowCursor([]);
        while (cursor.MoveNext())
        {
            count++;
        }

        return count;
    }

    private static Matrix? Read(IDataView rows, string name, int count, CancellationToken cancellation)
    {
        var column = rows.Schema[name];
        if (column.Type is not VectorDataViewType { Size: > 0 and <= MostFeatures } type || type.ItemType != NumberDataViewType.Single)
        {
            return null;
        }

        var features = new Matrix(count, type.Size);
        using var cursor = rows.GetRowCursor([column]);
        var (get, values, row) = (cursor.GetGetter<VBuffer<float>>(column), default(VBuffer<float>), 0);
        while (cursor.MoveNext() && row < count)
        {
            cancellation.ThrowIfCancellationRequested();
            get(ref values);
            foreach (var (j, value) in values.Items())
            {
                features[row, j] = value;
            }

            row++;
        }

        return features;
    }

    private static IReadOnlyList<string> SlotNames(DataViewSchema.Column column, int count)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        if (column.HasSlotNames())
        {
            column.GetSlotNames(ref names);
        }

        return [.. Enumerable.Range(0, count).Select(j => names.Length == count && names.GetItemOrDefault(j) is { IsEmpty: false } named
            ? named.ToString() : $"{column.Name}[{j}]")];
    }
}
