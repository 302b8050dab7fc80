using Microsoft.ML;

namespace Transfer.MLNet.Rows;

/// <summary>The values of one column, row by row, without a buffer of one's own.</summary>
internal static class ColumnValues
{
    /// <summary>What gives something of the column's value in the row that the cursor stands on.</summary>
    /// <typeparam name="T">The column's raw type.</typeparam>
    /// <typeparam name="TResult">What is made of a value.</typeparam>
    public static Func<TResult> Open<T, TResult>(DataViewRow cursor, DataViewSchema.Column column, Func<T, TResult> of)
    {
        var (get, value) = (cursor.GetGetter<T>(column), default(T)!);
        return () =>
        {
            get(ref value);
            return of(value);
        };
    }

    /// <summary>What does something with the column's value in the row that the cursor stands on.</summary>
    public static Action Each<T>(DataViewRow cursor, DataViewSchema.Column column, Action<T> act)
    {
        var (get, value) = (cursor.GetGetter<T>(column), default(T)!);
        return () =>
        {
            get(ref value);
            act(value);
        };
    }
}
