using Microsoft.ML;

namespace Transfer.MLNet;

/// <summary>The trainers of this library in ML.NET's catalogs.</summary>
public static class L2SpTrainersCatalog
{
    /// <summary>
    /// Linear regression pulled towards a starting point (L2-SP), or ridge regression where there is none. Minimises
    /// (1/n) sum s_i (y_i - b - x_i'w)^2 + tau |w - w_sp|^2; see <see cref="L2SpRidgeTrainer"/>.
    /// </summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="startingPoint">A linear model of ML.NET, a <c>float[]</c> of weights, or what <see cref="StartingPoint"/> made of
    /// something else.</param>
    /// <param name="tau">How strong the pull is, per row. Left out: chosen by exact leave-one-out on the rows given.</param>
    /// <param name="labelColumnName">The column that is predicted (Single).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); none: all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    public static L2SpRidgeTrainer L2SpRidge(
        this RegressionCatalog.RegressionTrainers catalog,
        StartingPoint? startingPoint = null,
        double? tau = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null)
        => new(catalog, new L2SpRidgeTrainer.Options
        {
            StartingPoint = startingPoint,
            Tau = tau,
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
        });

    /// <summary>The same, from the last linear predictor of a fitted transformer or chain.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="startingPoint">A fitted transformer or chain, loaded from a file or not.</param>
    /// <param name="tau">How strong the pull is, per row. Left out: chosen by exact leave-one-out on the rows given.</param>
    /// <param name="labelColumnName">The column that is predicted (Single).</param>
    /// <param name="featureColumnName">The column it is predicted from (a vector of Single of known size).</param>
    /// <param name="exampleWeightColumnName">How much each row counts (Single); none: all the same.</param>
    /// <exception cref="ArgumentException">There is no linear predictor in <paramref name="startingPoint"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tau"/> is negative, NaN or infinite.</exception>
    public static L2SpRidgeTrainer L2SpRidge(
        this RegressionCatalog.RegressionTrainers catalog,
        ITransformer startingPoint,
        double? tau = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null)
        => catalog.L2SpRidge(StartingPoint.From(startingPoint), tau, labelColumnName, featureColumnName, exampleWeightColumnName);

    /// <summary>The same, with all options.</summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static L2SpRidgeTrainer L2SpRidge(this RegressionCatalog.RegressionTrainers catalog, L2SpRidgeTrainer.Options options) => new(catalog, options);
}
