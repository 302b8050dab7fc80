using Microsoft.ML;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Models;

/// <summary>
/// Sources whose rows go through one featurisation, fitted on all of them: their features mean the same and have the same scale.
/// </summary>
internal sealed class FeaturisedFiles
{
    private readonly PlannedRows _rows;
    private readonly TableColumn? _features;

    private FeaturisedFiles(TablePlan plan, PlannedRows rows, ITransformer featuriser)
    {
        Plan = plan;
        _rows = rows;
        Featuriser = featuriser;
        _features = PlainFeatures.Column(featuriser, rows.InputSchema());
        FeatureNames = Slots.Of(Of(0).Schema[Featurisation.Features]);
    }

    public TablePlan Plan { get; }

    public ITransformer Featuriser { get; }

    public IReadOnlyList<string> FeatureNames { get; }

    public DataViewSchema InputSchema => _rows.InputSchema();

    public static FeaturisedFiles Fit(Work work, TablePlan plan, int textTerms)
    {
        var rows = new PlannedRows(plan, work.Cancellation);
        var featuriser = Screen.While("making features", _ => Featurisation.Fit(work.Ml, plan, textTerms, rows.All(), rows.InputSchema()));
        return new FeaturisedFiles(plan, rows, featuriser);
    }

    public IDataView Of(int source, params RowTest[] tests) => View(_rows.Of(source, tests));

    /// <summary>The rows of one source before they are featurised.</summary>
    public TableView Rows(int source) => _rows.Of(source);

    /// <summary>The rows of one source, with one more column of its file as text.</summary>
    public IDataView With(int source, string? column) =>
        View(column is null ? _rows.Of(source) : _rows.With(source, column));

    public long Count(int source, params RowTest[] tests) => Screen.While("counting rows", _ =>
    {
        long count = 0;
        using var cursor = _rows.Of(source, tests).GetRowCursor([]);
        while (cursor.MoveNext())
        {
            count++;
        }

        return count;
    });

    private IDataView View(TableView rows) => _features is null ? Featuriser.Transform(rows) : rows.With(_features);
}
