using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>
/// Rows as a plan has their columns: the label under its own name, numbers as Single (or Double), dates as dates, everything else as text.
/// </summary>
internal sealed class PlannedRows
{
    private readonly TablePlan _plan;
    private readonly CancellationToken _cancellation;
    private readonly TableColumn[] _features;

    public PlannedRows(TablePlan plan, CancellationToken cancellation)
    {
        _plan = plan;
        _cancellation = cancellation;
        _features = [.. plan.Used.Select(Column)];
        // What the model predicts travels with the first of its columns: a binary model of ML.NET has no names for its classes.
        _features[0] = _features[0] with
        {
            Notes = new Dictionary<string, string>(_features[0].Notes ?? new Dictionary<string, string>())
            {
                [ColumnNotes.Predicts] = JsonSerializer.Serialize<string[]>(
                    [plan.Label.Name, .. plan.Label.Task == TaskKind.Binary ? plan.Label.Classes : []]),
            },
        };
        string[] marks = [.. plan.Slices.SelectMany(s => s.Table.File.Format.ExtraMissing ?? []).Distinct(StringComparer.Ordinal)];
        if (marks.Length > 0)
        {
            _features[0] = _features[0] with
            {
                Notes = new Dictionary<string, string>(_features[0].Notes!) { [ColumnNotes.Missing] = JsonSerializer.Serialize(marks) },
            };
        }

        if (plan.Exposure is { } exposure)
        {
            _features[0] = _features[0] with
            {
                Notes = new Dictionary<string, string>(_features[0].Notes!) { [ColumnNotes.Exposure] = exposure },
            };
        }
    }

    /// <summary>The rows of all sources, one after the other.</summary>
    public TableView All() => View(_plan.Slices);

    /// <summary>The rows of one source that pass some more tests.</summary>
    public TableView Of(int source, params RowTest[] tests) => View([_plan.Slices[source].With(tests)]);

    /// <summary>The rows of one source, with one more column of its file, as text and under <see cref="Beside"/> its name.</summary>
    public TableView With(int source, string column) =>
        View([_plan.Slices[source]], TableColumn.Words(Beside(column), null) with { Cells = [column] });

    /// <summary>What a column is called that stands beside the features and is none.</summary>
    public static string Beside(string column) => $"Beside.{column}";

    /// <summary>What a model asks of rows to predict: all columns but the label.</summary>
    public DataViewSchema InputSchema() => new TableView(_plan.Slices, _features, null, _cancellation).Schema;

    public static TableColumn Column(LabelPlan label, string name) => label.Task switch
    {
        TaskKind.Regression or TaskKind.Count => new TableColumn(name, NumberDataViewType.Single, [label.Name]),
        TaskKind.Binary => TableColumn.Truth(name, label.Name, label.Classes, label.Spelled),
        _ => TableColumn.Key(name, label.Name, label.Classes, label.Spelled),
    };

    private static TableColumn Column(ColumnPlan column) => column.Kind switch
    {
        ColumnKind.Number when column.IsDouble => new TableColumn(column.Name, NumberDataViewType.Double, [column.Name]),
        ColumnKind.Number => TableColumn.Number(column.Name),
        ColumnKind.Date => new TableColumn(column.Name, DateTimeDataViewType.Instance, [column.Name])
        {
            DateOrders = column.DateOrders,
            // How an ambiguous date was read: files to come are read alike, unless they tell otherwise.
            Notes = column.DateOrders!.Values.Distinct().ToArray() is [var order]
                ? new Dictionary<string, string> { [ColumnNotes.DateOrder] = order.ToString() } : null,
        },
        _ => TableColumn.Words(column.Name, column.Spellings is { } spellings ? text => spellings.GetValueOrDefault(text) : null),
    };

    private IEnumerable<TableColumn> Exposures() => _plan.Exposure is { } exposure ? [Models.Exposed.Column(exposure)] : [];

    private TableView View(IReadOnlyList<TableSlice> slices, params TableColumn[] more) =>
        new(slices, [Column(_plan.Label, _plan.Label.Name), .. _features, .. more, .. Exposures()], _plan.Label.Name, _cancellation);
}
