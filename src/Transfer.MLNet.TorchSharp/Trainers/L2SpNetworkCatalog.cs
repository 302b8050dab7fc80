using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Networks.Training;

namespace Transfer.MLNet;

/// <summary>Networks in ML.NET's catalogs.</summary>
public static class L2SpNetworkCatalog
{
    /// <summary>
    /// A network that tells classes apart, from scratch or pulled towards a starting point; see <see cref="L2SpNetworkTrainer"/>.
    /// </summary>
    /// <param name="catalog">ml.MulticlassClassification.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static L2SpNetworkTrainer L2SpNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, L2SpNetworkTrainer.Options options)
        => new(StockModels.EnvironmentOf(catalog), NetworkTask.Multiclass, options, c =>
            catalog.SdcaMaximumEntropy(c.Label, c.Features, c.Weight));

    /// <summary>
    /// A network that tells true from false, from scratch or pulled towards a starting point; see <see cref="L2SpNetworkTrainer"/>.
    /// </summary>
    /// <param name="catalog">ml.BinaryClassification.Trainers.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static L2SpNetworkTrainer L2SpNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, L2SpNetworkTrainer.Options options)
        => new(StockModels.EnvironmentOf(catalog), NetworkTask.Binary, options, c =>
            catalog.SdcaLogisticRegression(c.Label, c.Features, c.Weight));

    /// <summary>
    /// A network that predicts a number, from scratch or pulled towards a starting point; see <see cref="L2SpNetworkTrainer"/>.
    /// </summary>
    /// <param name="catalog">ml.Regression.Trainers.</param>
    /// <param name="options">Copied. The label's mean should be near 0 and its spread near 1, as nothing is brought to scale here.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static L2SpNetworkTrainer L2SpNetwork(this RegressionCatalog.RegressionTrainers catalog, L2SpNetworkTrainer.Options options)
        => new(StockModels.EnvironmentOf(catalog), NetworkTask.Regression, options, c => catalog.Sdca(c.Label, c.Features, c.Weight));
}
