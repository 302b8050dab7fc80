using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet;

/// <summary>Grouped moments from ML.NET's catalogs.</summary>
public static class GroupedMomentsCatalog
{
    /// <summary>The moments of each group of rows, in one pass: they can be saved, merged, and stand in for the rows as a source.</summary>
    /// <param name="catalog">ml.Data.</param>
    /// <param name="data">The rows. Those with a NaN or an infinity, and those without a group, are left out, with a warning in
    /// <c>MLContext.Log</c>.</param>
    /// <param name="groupColumnName">Which group a row belongs to: text, a key or a whole number.</param>
    /// <param name="labelColumnName">The column that is predicted (Single).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="cancellationToken">Ends the pass early.</param>
    /// <exception cref="ArgumentException">A column is missing, of the wrong type, or has two roles.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the groups' moments (8 p^2 bytes each) do
    /// not fit in memory: said before any row is read where the column is a key, else when the group comes that is too much.</exception>
    public static GroupedMoments ComputeGroupedMoments(
        this DataOperationsCatalog catalog,
        IDataView data,
        string groupColumnName,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var environment = StockModels.EnvironmentOf(catalog);
        var log = new StockLog(environment, "GroupedMoments", "Reading");
        using var cancellation = new StockCancellation(environment, cancellationToken);
        return GroupedMomentsReader.Read(
            data, new TaskColumns(labelColumnName, featureColumnName, exampleWeightColumnName), groupColumnName,
                new Workers(1, cancellation.Token), log.Warning, log.Info);
    }
}
