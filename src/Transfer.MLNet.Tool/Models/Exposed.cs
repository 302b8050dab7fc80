using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Models;

/// <summary>Counts of other exposures than 1: the column beside the features, and expected counts from the rates that a model gives.</summary>
internal static class Exposed
{
    /// <summary>The exposures, under <see cref="PlannedRows.Beside"/> the name of their cells.</summary>
    public static TableColumn Column(string cell) =>
        new(PlannedRows.Beside(cell), NumberDataViewType.Single, [cell]) { IsAboveZero = true };

    /// <summary>The score times the exposure; as it is where there is none.</summary>
    public static IDataView Of(MLContext ml, IDataView scored, string? cell) => cell is null ? scored
        : ml.Transforms.Expression("Score", "(rate, exposure) => rate * exposure", "Score", PlannedRows.Beside(cell)).Fit(scored)
        .Transform(scored);
}
