using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Networks.Advice;
using Transfer.MLNet.Networks.Training;

namespace Transfer.MLNet;

/// <summary>The advisor for networks in ML.NET's catalogs.</summary>
public static class NetworkAdviceCatalog
{
    /// <summary>
    /// Which weight decay a network's source should be trained with if the target is what matters, and whether starting from it helps:
    /// sources of several decays are trained a few epochs, fine-tuned to the target and judged on target rows that none was trained on; the
    /// worse half is given up, the others go on from where they were, until two are left (successive halving, Jamieson and Talwalkar 2016).
    /// </summary>
    /// <param name="catalog">ml.MulticlassClassification.</param>
    /// <param name="source">The source's rows.</param>
    /// <param name="target">The target's rows, with the same columns.</param>
    /// <param name="options">How both are trained, and which weight decays are compared.</param>
    /// <exception cref="ArgumentException">An option is out of its range or has to be left out, or a column is missing or of the wrong
    /// type.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, or a training diverged.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp's native library cannot be loaded; the message says what is
    /// missing.</exception>
    public static NetworkAdvice AdviseNetworkTransfer(
        this MulticlassClassificationCatalog catalog, IDataView source, IDataView target, NetworkAdviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Advise(
            StockModels.EnvironmentOf(catalog), NetworkTask.Multiclass, o => new MLContext()
                .MulticlassClassification.Trainers.L2SpNetwork(o),
            (s, t, features) => catalog.AdviseTransfer(s, t, Linear(options, features)), source, target, options);
    }

    /// <summary>The same for two classes; see the one for several.</summary>
    /// <param name="catalog">ml.BinaryClassification.</param>
    /// <param name="source">The source's rows.</param>
    /// <param name="target">The target's rows, with the same columns.</param>
    /// <param name="options">How both are trained, and which weight decays are compared.</param>
    /// <exception cref="ArgumentException">An option is out of its range or has to be left out, or a column is missing or of the wrong
    /// type.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, or a training diverged.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp's native library cannot be loaded; the message says what is
    /// missing.</exception>
    public static NetworkAdvice AdviseNetworkTransfer(
        this BinaryClassificationCatalog catalog, IDataView source, IDataView target, NetworkAdviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Advise(
            StockModels.EnvironmentOf(catalog), NetworkTask.Binary, o => new MLContext().BinaryClassification.Trainers.L2SpNetwork(o),
            (s, t, features) => catalog.AdviseTransfer(s, t, Linear(options, features)), source, target, options);
    }

    /// <summary>The same for a number; see the one for several classes.</summary>
    /// <param name="catalog">ml.Regression.</param>
    /// <param name="source">The source's rows.</param>
    /// <param name="target">The target's rows, with the same columns.</param>
    /// <param name="options">How both are trained, and which weight decays are compared.</param>
    /// <exception cref="ArgumentException">An option is out of its range or has to be left out, or a column is missing or of the wrong
    /// type.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, or a training diverged.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp's native library cannot be loaded; the message says what is
    /// missing.</exception>
    public static NetworkAdvice AdviseNetworkTransfer(
        this RegressionCatalog catalog, IDataView source, IDataView target, NetworkAdviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Advise(
            StockModels.EnvironmentOf(catalog), NetworkTask.Regression, o => new MLContext().Regression.Trainers.L2SpNetwork(o),
            (s, t, features) => catalog.AdviseTransfer(s, t, new AdviceOptions
            {
                LabelColumnName = options.Target.LabelColumnName,
                FeatureColumnName = features,
                ExampleWeightColumnName = options.Target.ExampleWeightColumnName,
                NumberOfThreads = options.NumberOfThreads,
                CancellationToken = options.CancellationToken,
            }), source, target, options);
    }

    private static NetworkAdvice Advise(
        IHostEnvironment environment,
        NetworkTask task,
        Func<L2SpNetworkTrainer.Options, L2SpNetworkTrainer> trainer,
        Func<IDataView, IDataView, string, TransferAdvice> probe,
        IDataView source,
        IDataView target,
        NetworkAdviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        NetworkAdviceCheck.Require(options);
        using var cancellation = new StockCancellation(environment, options.CancellationToken);
        var (training, validation) = (target, options.ValidationSet);
        if (validation is null)
        {
            var parts = new MLContext().Data.TrainTestSplit(target, options.ValidationFraction, seed: options.Seed);
            (training, validation) = (parts.TrainSet, parts.TestSet);
        }

        var advice = new NetworkAdvisor(task, trainer, probe).Advise(source, training, validation, options, cancellation.Token);
        new StockLog(environment, "NetworkAdvice", "Advising").Info(advice.ToString());
        return advice;
    }

    private static ClassifierAdviceOptions Linear(NetworkAdviceOptions options, string features) => new()
    {
        LabelColumnName = options.Target.LabelColumnName,
        FeatureColumnName = features,
        ExampleWeightColumnName = options.Target.ExampleWeightColumnName,
        NumberOfThreads = options.NumberOfThreads,
        CancellationToken = options.CancellationToken,
    };
}
