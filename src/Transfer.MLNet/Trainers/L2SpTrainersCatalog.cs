using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace Transfer.MLNet;

/// <summary>The trainers of this library in ML.NET's catalogs. Each has three overloads: columns, starting point and tau; the same with a
/// fitted transformer or chain as the starting point; and all options.</summary>
public static class L2SpTrainersCatalog
{
    /// <summary>
    /// Linear regression pulled towards a starting point (L2-SP), or ridge regression where there is none. Minimises
    /// (1/n) sum s_i (y_i - b - x_i'w)^2 + tau |w - w_sp|^2; see <see cref="L2SpRidgeTrainer"/>.
    /// </summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Single).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="startingPoint">A linear model of ML.NET, a <c>float[]</c> of weights, or what <see cref="StartingPoint"/> made of
    /// something else. null: zero.</param>
    /// <param name="tau">How strong the pull is, per row. null: chosen by the exact leave-one-out error of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    public static L2SpRidgeTrainer L2SpRidge(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        StartingPoint? startingPoint = null,
        double? tau = null)
        => new(catalog, Columns<L2SpRidgeTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, startingPoint, tau));

    /// <summary>The same, pulled to the last linear predictor of a fitted transformer or chain.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Single).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="startingPoint">A fitted transformer or chain, loaded from a file or not. null: none.</param>
    /// <param name="tau">How strong the pull is, per row. null: chosen by the exact leave-one-out error of the rows.</param>
    /// <exception cref="ArgumentException">There is no linear predictor in <paramref name="startingPoint"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    [OverloadResolutionPriority(-1)]
    public static L2SpRidgeTrainer L2SpRidge(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        ITransformer? startingPoint = null,
        double? tau = null)
        => catalog.L2SpRidge(
            labelColumnName, featureColumnName, exampleWeightColumnName, From(startingPoint), tau);

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static L2SpRidgeTrainer L2SpRidge(
        this RegressionCatalog.RegressionTrainers catalog, L2SpRidgeTrainer.Options options) => new(catalog, options);

    /// <summary>
    /// Poisson regression of counts pulled towards a starting point (L2-SP), or ridge where there is none. Minimises
    /// (1/n) sum s_i (m_i - y_i log m_i) + (tau/2) |w - w_sp|^2 with m_i = exp(b + x_i'w); see <see cref="L2SpPoissonRegressionTrainer"/>.
    /// </summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Single, whole and not negative).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="exposureColumnName">What each count was counted in (Single, above zero); null: 1 for all.</param>
    /// <param name="startingPoint">A Poisson model of ML.NET, a <c>float[]</c> of weights, or what <see cref="StartingPoint"/> made of
    /// something else. null: zero.</param>
    /// <param name="tau">How strong the pull is, per row. null: chosen by the deviance of rows left out.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    public static L2SpPoissonRegressionTrainer L2SpPoissonRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? exposureColumnName = null,
        StartingPoint? startingPoint = null,
        double? tau = null)
        => new(catalog, Columns<L2SpPoissonRegressionTrainer.Options>(
            labelColumnName, featureColumnName, exampleWeightColumnName, startingPoint, tau, o =>
            o.ExposureColumnName = exposureColumnName));

    /// <summary>The same, pulled to the last linear predictor of a fitted transformer or chain.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Single, whole and not negative).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="exposureColumnName">What each count was counted in (Single, above zero); null: 1 for all.</param>
    /// <param name="startingPoint">A fitted transformer or chain, loaded from a file or not. null: none.</param>
    /// <param name="tau">How strong the pull is, per row. null: chosen by the deviance of rows left out.</param>
    /// <exception cref="ArgumentException">There is no linear predictor in <paramref name="startingPoint"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    [OverloadResolutionPriority(-1)]
    public static L2SpPoissonRegressionTrainer L2SpPoissonRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? exposureColumnName = null,
        ITransformer? startingPoint = null,
        double? tau = null)
        => catalog.L2SpPoissonRegression(
            labelColumnName, featureColumnName, exampleWeightColumnName, exposureColumnName, From(startingPoint), tau);

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static L2SpPoissonRegressionTrainer L2SpPoissonRegression(
        this RegressionCatalog.RegressionTrainers catalog, L2SpPoissonRegressionTrainer.Options options) => new(catalog, options);

    /// <summary>
    /// Logistic regression pulled towards a starting point (L2-SP), or ridge logistic regression where there is none. Minimises
    /// (1/n) sum s_i log(1 + exp(-y_i (b + x_i'w))) + (tau/2) |w - w_sp|^2; see <see cref="L2SpLogisticRegressionTrainer"/>.
    /// </summary>
    /// <param name="catalog">ml.BinaryClassification.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Boolean).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="startingPoint">A linear model of ML.NET, calibrated or not, a <c>float[]</c> of weights, or what
    /// <see cref="StartingPoint"/> made of something else. null: zero.</param>
    /// <param name="tau">How strong the pull is, per row. null: chosen by the log-loss of rows left out.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    public static L2SpLogisticRegressionTrainer L2SpLogisticRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        StartingPoint? startingPoint = null,
        double? tau = null)
        => new(catalog, Columns<L2SpLogisticRegressionTrainer.Options>(
            labelColumnName, featureColumnName, exampleWeightColumnName, startingPoint, tau));

    /// <summary>The same, pulled to the last linear predictor of a fitted transformer or chain.</summary>
    /// <param name="catalog">ml.BinaryClassification.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (Boolean).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="startingPoint">A fitted transformer or chain, loaded from a file or not. null: none.</param>
    /// <param name="tau">How strong the pull is, per row. null: chosen by the log-loss of rows left out.</param>
    /// <exception cref="ArgumentException">There is no linear predictor in <paramref name="startingPoint"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    [OverloadResolutionPriority(-1)]
    public static L2SpLogisticRegressionTrainer L2SpLogisticRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        ITransformer? startingPoint = null,
        double? tau = null)
        => catalog.L2SpLogisticRegression(
            labelColumnName, featureColumnName, exampleWeightColumnName, From(startingPoint), tau);

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.BinaryClassification.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static L2SpLogisticRegressionTrainer L2SpLogisticRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
            L2SpLogisticRegressionTrainer.Options options) => new(catalog, options);

    /// <summary>
    /// Maximum entropy pulled towards a starting point (L2-SP), or ridge where there is none. Minimises
    /// (1/n) sum s_i [log sum_k exp(b_k + x_i'w_k) - (b_yi + x_i'w_yi)] + (tau/2) sum_k |w_k - w_sp,k|^2; classes are matched by
    /// name. See <see cref="L2SpMaximumEntropyTrainer"/>.
    /// </summary>
    /// <param name="catalog">ml.MulticlassClassification.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (a key).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="startingPoint">A linear model of ML.NET's of several classes, or what <see cref="StartingPoint"/> made of
    /// something else. null: zero.</param>
    /// <param name="tau">How strong the pull is, per row. null: chosen by the log-loss of rows left out.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    public static L2SpMaximumEntropyTrainer L2SpMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        StartingPoint? startingPoint = null,
        double? tau = null)
        => new(catalog, Columns<L2SpMaximumEntropyTrainer.Options>(
            labelColumnName, featureColumnName, exampleWeightColumnName, startingPoint, tau));

    /// <summary>The same, pulled to the last linear predictor of a fitted transformer or chain.</summary>
    /// <param name="catalog">ml.MulticlassClassification.Trainers.</param>
    /// <param name="labelColumnName">The column that is predicted (a key).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); null: all the same.</param>
    /// <param name="startingPoint">A fitted transformer or chain, loaded from a file or not. null: none.</param>
    /// <param name="tau">How strong the pull is, per row. null: chosen by the log-loss of rows left out.</param>
    /// <exception cref="ArgumentException">There is no linear predictor in <paramref name="startingPoint"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    [OverloadResolutionPriority(-1)]
    public static L2SpMaximumEntropyTrainer L2SpMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        ITransformer? startingPoint = null,
        double? tau = null)
        => catalog.L2SpMaximumEntropy(
            labelColumnName, featureColumnName, exampleWeightColumnName, From(startingPoint), tau);

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.MulticlassClassification.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static L2SpMaximumEntropyTrainer L2SpMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
            L2SpMaximumEntropyTrainer.Options options) => new(catalog, options);

    private static TOptions Columns<TOptions>(
        string label, string features, string? weight, StartingPoint? start, double? tau, Action<TOptions>? more = null)
        where TOptions : L2SpTrainerOptions, new()
    {
        var options = new TOptions
        {
            LabelColumnName = label,
            FeatureColumnName = features,
            ExampleWeightColumnName = weight,
            StartingPoint = start,
            Tau = tau,
        };
        more?.Invoke(options);
        return options;
    }

    private static StartingPoint? From(ITransformer? model) => model is null ? null : StartingPoint.From(model);
}
