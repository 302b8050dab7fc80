using Microsoft.ML;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>The rows of files as a plan has their columns: the label under its own name, numbers as Single, everything else as text.</summary>
internal sealed class PlannedRows(TablePlan plan, IReadOnlyList<TableFile> files, CancellationToken cancellation)
{
    private readonly TableColumn[] _features = [.. plan.Used.Select(c => c.Kind == ColumnKind.Number ? TableColumn.Number(c.Name) : TableColumn.Words(c.Name))];

    /// <summary>The rows of all files, one after the other.</summary>
    public TableView All() => View(files, RowSample.All);

    /// <summary>The rows of one file.</summary>
    public TableView Of(int file, RowSample sample) => View([files[file]], sample);

    /// <summary>What a model asks of rows to predict: all columns but the label.</summary>
    public DataViewSchema InputSchema() => new TableView(files, _features, null, RowSample.All, cancellation).Schema;

    public static TableColumn Column(LabelPlan label, string name) => label.Task switch
    {
        TaskKind.Regression => new TableColumn(name, Microsoft.ML.Data.NumberDataViewType.Single, [label.Name]),
        TaskKind.Binary => TableColumn.Truth(name, label.Name, label.Classes),
        _ => TableColumn.Key(name, label.Name, label.Classes),
    };

    private TableView View(IReadOnlyList<TableFile> of, RowSample sample) =>
        new(of, [Column(plan.Label, plan.Label.Name), .. _features], plan.Label.Name, sample, cancellation);
}
