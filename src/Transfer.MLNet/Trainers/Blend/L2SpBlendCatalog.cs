using Microsoft.ML;

namespace Transfer.MLNet;

/// <summary>The blend in ML.NET's catalogs.</summary>
public static class L2SpBlendCatalog
{
    /// <summary>Linear regression with the help of a source; see <see cref="L2SpBlendTrainer"/>.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Single).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="source">Moments of the source's rows, grouped moments, or a starting point: <c>source: moments</c>.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    public static L2SpBlendTrainer L2SpBlend(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        TransferSource? source = null)
        => new(catalog, Columns<L2SpBlendTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, source));

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public static L2SpBlendTrainer L2SpBlend(
        this RegressionCatalog.RegressionTrainers catalog, L2SpBlendTrainer.Options options) =>
        new(catalog, options);

    /// <summary>Logistic regression with the help of a source; see <see cref="L2SpLogisticBlendTrainer"/>.</summary>
    /// <param name="catalog">ml.BinaryClassification.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Boolean).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="source">The source's rows, as <c>source: TransferSource.From(rows)</c>, or a starting point.</param>
    /// <exception cref="ArgumentException">There is no source, or it is moments.</exception>
    public static L2SpLogisticBlendTrainer L2SpBlend(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        TransferSource? source = null)
        => new(catalog, Columns<L2SpLogisticBlendTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, source));

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.BinaryClassification.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public static L2SpLogisticBlendTrainer L2SpBlend(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, L2SpLogisticBlendTrainer.Options options) =>
        new(catalog, options);

    /// <summary>Maximum entropy with the help of a source; see <see cref="L2SpMaximumEntropyBlendTrainer"/>.</summary>
    /// <param name="catalog">ml.MulticlassClassification.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (a key).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="source">The source's rows, as <c>source: TransferSource.From(rows)</c>, or a starting point.</param>
    /// <exception cref="ArgumentException">There is no source, or it is moments.</exception>
    public static L2SpMaximumEntropyBlendTrainer L2SpBlend(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        TransferSource? source = null)
        => new(catalog, Columns<L2SpMaximumEntropyBlendTrainer.Options>(
            labelColumnName, featureColumnName, exampleWeightColumnName, source));

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.MulticlassClassification.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public static L2SpMaximumEntropyBlendTrainer L2SpBlend(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, L2SpMaximumEntropyBlendTrainer.Options options) =>
        new(catalog, options);

    /// <summary>Poisson regression of counts with the help of a source; see <see cref="L2SpPoissonBlendTrainer"/>.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Single, whole numbers).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="source">The source's rows, as <c>source: TransferSource.From(rows)</c>, or a starting point.</param>
    /// <exception cref="ArgumentException">There is no source, or it is moments.</exception>
    public static L2SpPoissonBlendTrainer L2SpPoissonBlend(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        TransferSource? source = null)
        => new(catalog, Columns<L2SpPoissonBlendTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, source));

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public static L2SpPoissonBlendTrainer L2SpPoissonBlend(
        this RegressionCatalog.RegressionTrainers catalog, L2SpPoissonBlendTrainer.Options options) =>
        new(catalog, options);

    private static TOptions Columns<TOptions>(string label, string features, string? weight, TransferSource? source)
        where TOptions : L2SpBlendOptions, new() => new()
        {
            LabelColumnName = label,
            FeatureColumnName = features,
            ExampleWeightColumnName = weight,
            Source = source,
        };
}
