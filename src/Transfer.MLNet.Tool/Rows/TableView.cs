using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>
/// Rows of one or several files as ML.NET reads them. A cell that is not what its column is ends the pass with the file, the row and the
/// column.
/// </summary>
internal sealed class TableView : IDataView
{
    /// <param name="slices">Read one after the other.</param>
    /// <param name="columns">What the view has.</param>
    /// <param name="required">A column of the files; rows without a value there are passed over.</param>
    /// <param name="cancellation">Ends any pass.</param>
    public TableView(IReadOnlyList<TableSlice> slices, IReadOnlyList<TableColumn> columns, string? required, CancellationToken cancellation)
    {
        Slices = required is null ? slices : [.. slices.Select(s => s.With(new RowTest.HasValue(required)))];
        Columns = columns;
        Cancellation = cancellation;
        var schema = new DataViewSchema.Builder();
        foreach (var column in columns)
        {
            schema.AddColumn(column.Name, column.Type, column.Absent?.Annotations ?? Annotations(column));
        }

        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public IReadOnlyList<TableSlice> Slices { get; }

    public IReadOnlyList<TableColumn> Columns { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>Whether all rows are in memory, parsed.</summary>
    public bool IsKept => Slices.All(s => s.Table.IsKept);

    /// <summary>How many chunks there are in memory.</summary>
    public int ChunkCount => Slices.Sum(s => s.Table.KeptCount);

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Columns.Count];
        foreach (var column in columnsNeeded)
        {
            active[column.Index] = true;
        }

        return new TableCursor(this, active);
    }

    /// <summary>The same rows with one more column.</summary>
    public TableView With(TableColumn column) => new(Slices, [.. Columns, column], null, Cancellation);

    /// <summary>One of several parts of the rows.</summary>
    public TableView Part(int part, int parts) =>
        new([.. Slices.Select(s => s with { Part = part, Parts = parts })], Columns, null, Cancellation);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema.Annotations Annotations(TableColumn column)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (column.Type is KeyDataViewType && column.Classes is { } classes)
        {
            ReadOnlyMemory<char>[] names = [.. classes.Select(c => c.AsMemory())];
            builder.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, names.Length),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, names));
        }

        if (column.Slots is { } slots)
        {
            ReadOnlyMemory<char>[] names = [.. slots.Select(s => s.Name.AsMemory())];
            builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Length),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, names));
        }

        foreach (var (kind, note) in column.Notes ?? new Dictionary<string, string>())
        {
            builder.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = note.AsMemory());
        }

        return builder.ToAnnotations();
    }
}
