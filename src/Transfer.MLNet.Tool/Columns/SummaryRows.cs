using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>
/// A few rows that have of each column what its features are fitted to: the mean and the standard deviation of numbers (half of the rows
/// lie one deviation above the mean and half below), and every value of a category. What is fitted on them is fitted on all rows, without a
/// pass.
/// </summary>
internal sealed class SummaryRows : IDataView
{
    private readonly IReadOnlyList<ColumnPlan> _columns;
    private readonly IReadOnlyList<string>[] _values;
    private readonly int _count;
    private readonly int _whole;

    /// <param name="schema">What the rows themselves have; the columns of the plan are in it.</param>
    /// <param name="columns">The columns that something is fitted to.</param>
    /// <param name="withGaps">Whether a row without any number follows.</param>
    public SummaryRows(DataViewSchema schema, IReadOnlyList<ColumnPlan> columns, bool withGaps = false)
    {
        Schema = schema;
        _columns = [.. schema.Select(c => columns.FirstOrDefault(p => p.Name == c.Name)
            ?? new ColumnPlan(c.Name, ColumnKind.Ignored, "", false))];
        _values = [.. _columns.Select(c => (
            IReadOnlyList<string>)[.. (c.Spellings?.Values ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])];
        _whole = 2 * Math.Max(1, (_values.Max(v => v.Count) + 1) / 2);
        _count = _whole + (withGaps ? 1 : 0);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _count;

    /// <summary>Whether a column's features can be fitted on such rows.</summary>
    public static bool Has(ColumnPlan column) => column.Kind is ColumnKind.Number or ColumnKind.Date
        || (column.Kind == ColumnKind.Category && column.Spellings is not null);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [new Cursor(this)];

    private sealed class Cursor(SummaryRows rows) : DataViewRowCursor
    {
        private long _position = -1;

        public override DataViewSchema Schema => rows.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override bool MoveNext() => ++_position < rows._count;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
            value = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var plan = rows._columns[column.Index];
            var values = rows._values[column.Index];
            double Number() => _position >= rows._whole ? double.NaN
                : plan.Mean + (_position % 2 == 0 ? plan.StandardDeviation : -plan.StandardDeviation);
            Delegate getter = column.Type switch
            {
                TextDataViewType => (ValueGetter<ReadOnlyMemory<char>>)(
                    (ref ReadOnlyMemory<char> value) => value = values.Count == 0 ? default : values[(int)(_position % values.Count)]
                    .AsMemory()),
                DateTimeDataViewType => (ValueGetter<DateTime>)((ref DateTime value) => value = default),
                var t when t == NumberDataViewType.Double => (ValueGetter<double>)((ref double value) => value = Number()),
                var t when t == NumberDataViewType.Single => (ValueGetter<float>)((ref float value) => value = (float)Number()),
                _ => throw new InvalidOperationException($"Nothing is fitted to column '{column.Name}' of type {column.Type}."),
            };
            return (ValueGetter<TValue>)getter;
        }
    }
}
