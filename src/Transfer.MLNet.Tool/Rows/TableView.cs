using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>
/// Rows of one or several files as ML.NET reads them: streamed from the file for each pass, never held. A cell that is not what its column
/// is ends the pass with the file, the row and the column.
/// </summary>
internal sealed class TableView : IDataView
{
    private readonly IReadOnlyList<TableFile> _files;
    private readonly IReadOnlyList<TableColumn> _columns;
    private readonly string? _required;
    private readonly RowSample _sample;
    private readonly CancellationToken _cancellation;

    /// <param name="files">Read one after the other.</param>
    /// <param name="columns">What the view has.</param>
    /// <param name="required">A column of the files; rows without a value there are passed over.</param>
    /// <param name="sample">Which rows.</param>
    /// <param name="cancellation">Ends any pass.</param>
    public TableView(IReadOnlyList<TableFile> files, IReadOnlyList<TableColumn> columns, string? required, RowSample sample, CancellationToken cancellation)
    {
        _files = files;
        _columns = columns;
        _required = required;
        _sample = sample;
        _cancellation = cancellation;
        var schema = new DataViewSchema.Builder();
        foreach (var column in columns)
        {
            schema.AddColumn(column.Name, column.Type, Annotations(column));
        }

        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[_columns.Count];
        foreach (var column in columnsNeeded)
        {
            active[column.Index] = true;
        }

        return new TableCursor(Schema, _files, _columns, active, _required, _sample, _cancellation);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema.Annotations? Annotations(TableColumn column)
    {
        if (column.Type is not KeyDataViewType || column.Classes is not { } classes)
        {
            return null;
        }

        var builder = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] names = [.. classes.Select(c => c.AsMemory())];
        builder.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, names.Length), (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, names));
        return builder.ToAnnotations();
    }
}
