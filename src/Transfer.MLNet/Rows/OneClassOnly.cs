using Microsoft.ML;

namespace Transfer.MLNet.Rows;

/// <summary>The complaint about rows of one class, and why the others do not count.</summary>
internal static class OneClassOnly
{
    /// <param name="data">The rows, read once more for the message.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="labels">How the label is read.</param>
    /// <param name="describe">The name of a class.</param>
    /// <param name="only">The one class that has rows that count.</param>
    public static InvalidOperationException Complaint(
        IDataView data, TaskColumns columns, LabelReader labels, Func<int, string> describe, int only)
    {
        var label = data.Schema[columns.Label];
        var seen = new SortedSet<int>();
        using (var cursor = data.GetRowCursor([label]))
        {
            var next = labels.Open(cursor, label);
            while (cursor.MoveNext())
            {
                var value = next();
                if (double.IsFinite(value))
                {
                    seen.Add((int)value);
                }
            }
        }

        seen.Remove(only);
        return new InvalidOperationException(
            seen.Count == 0
                ? $"All rows have the label {describe(only)} in column '{columns.Label}'. There is nothing to tell apart: at least two "
                + $"classes need rows. "
                    + "Give rows of another class as well, or use the starting point as it is."
                : $"Only rows of the label {describe(only)} in column '{columns.Label}' count. Those of "
                + $"{string.Join(", ", seen.Take(10).Select(describe))} "
                    + (columns.Weight is null ? "have a NaN or an infinity in column"
                    : $"have weight zero in column '{columns.Weight}', or a NaN or an infinity in it or in column")
                    + $" '{columns.Features}'. At least two classes need rows that count.");
    }
}
