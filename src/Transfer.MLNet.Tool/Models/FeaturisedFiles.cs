using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Models;

/// <summary>Files whose rows go through one featurisation, fitted on all of them: their features mean the same and have the same scale.</summary>
internal sealed class FeaturisedFiles
{
    private readonly PlannedRows _rows;

    private FeaturisedFiles(TablePlan plan, PlannedRows rows, ITransformer featuriser)
    {
        Plan = plan;
        _rows = rows;
        Featuriser = featuriser;
        FeatureNames = Slots.Of(Of(0, RowSample.All).Schema[Featurisation.Features]);
    }

    public TablePlan Plan { get; }

    public ITransformer Featuriser { get; }

    public IReadOnlyList<string> FeatureNames { get; }

    public DataViewSchema InputSchema => _rows.InputSchema();

    public static FeaturisedFiles Fit(Work work, TablePlan plan, IReadOnlyList<TableFile> files, int textTerms)
    {
        var rows = new PlannedRows(plan, files, work.Cancellation);
        var featuriser = work.Screen.While("making features", () => Featurisation.Of(work.Ml, plan, textTerms).Fit(rows.All()));
        return new FeaturisedFiles(plan, rows, featuriser);
    }

    public IDataView Of(int file, RowSample sample) => Featuriser.Transform(_rows.Of(file, sample));
}
