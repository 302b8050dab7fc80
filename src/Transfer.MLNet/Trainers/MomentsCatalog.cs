using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet;

/// <summary>Moments from ML.NET's catalogs.</summary>
public static class MomentsCatalog
{
    /// <summary>The moments of rows, in one pass: they can be saved, merged, and stand in for the rows in training and in advice.</summary>
    /// <param name="catalog">ml.Regression.</param>
    /// <param name="data">The rows. Those with a NaN or an infinity are left out, with one warning in <c>MLContext.Log</c>.</param>
    /// <param name="labelColumnName">The column that is predicted (Single).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); none: all the same.</param>
    /// <param name="folds">How many folds the rows are dealt to by chance, p x p numbers each. 1 leaves nothing to cross-validate
    /// with.</param>
    /// <param name="seed">What the chance starts from: the same seed deals the same rows to the same folds.</param>
    /// <param name="numberOfThreads">Threads; none: one for each processor. The result does not depend on it.</param>
    /// <param name="partitionName">The name of the part of the data that these rows are, where others are computed apart and merged: the
    /// parts' rows are dealt to folds independently of each other. null: the rows are all there is.</param>
    /// <param name="featurisation">How the features were made, as names and values of your choice (a hash of the fitted featuriser, options
    /// of a loader): saved with the moments, and moments that differ in it are not merged. null: not told.</param>
    /// <param name="cancellationToken">Ends the pass early.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or a part of the featurisation has no
    /// name.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the moments do not fit in
    /// memory.</exception>
    public static Moments ComputeMoments(
        this RegressionCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int folds = 10,
        int seed = 0,
        int? numberOfThreads = null,
        string? partitionName = null,
        IReadOnlyDictionary<string, string>? featurisation = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var environment = StockModels.EnvironmentOf(catalog);
        var log = new StockLog(environment, "Moments", "Reading");
        using var cancellation = new StockCancellation(environment, cancellationToken);
        return MomentsReader.Read(
            new RowReader(data, new TaskColumns(labelColumnName, featureColumnName, exampleWeightColumnName)),
            folds,
            seed,
            new Workers(numberOfThreads ?? Environment.ProcessorCount, cancellation.Token),
            log.Warning,
            partition: partitionName,
            featurisation: Featurisation.Of(featurisation));
    }
}
