using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Models;

/// <summary>Advice and training, whatever the task.</summary>
internal sealed class Learner(Work work, TaskKind task, string label, string features = Featurisation.Features, string? group = null,
    string? cluster = null, bool trees = false, string? exposure = null, Func<string, bool>? divides = null)
{
    private const string Comparing = "Trees compared: ";
    private const string Asking = "computing the advice";

    public TransferAdvice Advise(IDataView source, IDataView target) => Screen.Steps(Asking, progress =>
    {
        // What is told as it goes: "Trees compared: 7 of 40 trainings (17 %)."
        void Told(object? sender, LoggingEventArgs e)
        {
            if (e.Message.IndexOf(Comparing, StringComparison.Ordinal) is >= 0 and var at
                && e.Message[(at + Comparing.Length)..].Split(' ') is [var done, "of", var all, ..]
                && double.TryParse(done, out var d) && double.TryParse(all, out var n))
            {
                progress.Become("training boosted trees for comparison");
                progress.Report(d / n);
            }
        }

        work.Ml.Log += Told;
        try
        {
            return task switch
            {
                TaskKind.Regression or TaskKind.Count => work.Ml.Regression.AdviseTransfer(source, target, Options(progress.Report)),
                TaskKind.Binary => work.Ml.BinaryClassification.AdviseTransfer(source, target, ClassifierOptions(progress.Report)),
                _ => work.Ml.MulticlassClassification.AdviseTransfer(source, target, ClassifierOptions(progress.Report)),
            };
        }
        finally
        {
            work.Ml.Log -= Told;
        }
    });

    /// <summary>From a model of trees.</summary>
    public TransferAdvice Advise(ITransformer source, IDataView target) => Screen.While(Asking, report => task switch
    {
        TaskKind.Regression or TaskKind.Count => work.Ml.Regression.AdviseTransfer(source, target, Options(report)),
        TaskKind.Binary => work.Ml.BinaryClassification.AdviseTransfer(source, target, ClassifierOptions(report)),
        _ => work.Ml.MulticlassClassification.AdviseTransfer(source, target, ClassifierOptions(report)),
    });

    public TransferAdvice Advise(Moments source, IDataView target) =>
        Screen.While(Asking, report => work.Ml.Regression.AdviseTransfer(source, target, Options(report)));

    public TransferAdvice Advise(StartingPoint source, IDataView target) => Screen.While(Asking, report => task switch
    {
        TaskKind.Regression or TaskKind.Count => work.Ml.Regression.AdviseTransfer(source, target, Options(report)),
        TaskKind.Binary => work.Ml.BinaryClassification.AdviseTransfer(source, target, ClassifierOptions(report)),
        _ => work.Ml.MulticlassClassification.AdviseTransfer(source, target, ClassifierOptions(report)),
    });

    /// <param name="rows">What it is trained on.</param>
    /// <param name="start">What it is held to; null for zero.</param>
    /// <param name="tau">How strongly; null to have it chosen.</param>
    /// <param name="what">For the screen.</param>
    public Fitted Fit(IDataView rows, StartingPoint? start, double? tau, string what) => Screen.While(what, report =>
    {
        switch (task)
        {
            case TaskKind.Regression:
                var ridge = work.Ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options
                {
                    LabelColumnName = label,
                    FeatureColumnName = features,
                    StartingPoint = start,
                    Tau = tau,
                    NumberOfThreads = work.Threads,
                    Progress = new Told(report),
                    CancellationToken = work.Cancellation,
                }).Fit(rows, out var fit);
                return new Fitted(ridge, ridge.Model, fit.Tau, fit.ToString());
            case TaskKind.Count:
                var poisson = work.Ml.Regression.Trainers.L2SpPoissonRegression(
                    Classifier(new L2SpPoissonRegressionTrainer.Options
                    {
                        ExposureColumnName = exposure is null ? null : PlannedRows.Beside(exposure),
                    }, start, tau, report)).Fit(rows, out var counts);
                return new Fitted(poisson, poisson.Model, counts.Tau, counts.ToString());
            case TaskKind.Binary:
                var logistic = work.Ml.BinaryClassification.Trainers.L2SpLogisticRegression(
                    Classifier(new L2SpLogisticRegressionTrainer.Options(), start, tau, report)).Fit(rows, out var binary);
                return new Fitted(logistic, logistic.Model.SubModel, binary.Tau, binary.ToString());
            default:
                var entropy = work.Ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(
                    Classifier(new L2SpMaximumEntropyTrainer.Options(), start, tau, report)).Fit(rows, out var multiclass);
                return new Fitted(entropy, null, multiclass.Tau, multiclass.ToString());
        }
    });

    /// <summary>The advised way, on the source that the advice was asked of.</summary>
    public Fitted Fit(TransferAdvice advice, IDataView target) => Screen.While("training the advised way", report =>
    {
        var predictor = advice.Fit(advice.Advised, target, new Told(report), work.Cancellation);
        LinearModelParameters? weights = predictor switch
        {
            ISingleFeaturePredictionTransformer<LinearRegressionModelParameters> { Model: var model } => model,
            ISingleFeaturePredictionTransformer<PoissonRegressionModelParameters> { Model: var model } => model,
            ISingleFeaturePredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters,
                PlattCalibrator>> { Model: var model } => model.SubModel,
            _ => null,
        };
        return new Fitted(predictor, weights, advice.Advised.TargetTau, $"Trained: {Reporting.Page.Saving.WayName(advice.Advised)}.");
    });

    /// <summary>A predictor, its weights where they are one for each feature, and what its training says.</summary>
    public sealed record Fitted(ITransformer Predictor, LinearModelParameters? Weights, double? Tau, string Report);

    private AdviceOptions Options(Action<double> report) => new()
    {
        Task = task == TaskKind.Count ? AdvisedTask.Count : AdvisedTask.Regression,
        LabelColumnName = label,
        FeatureColumnName = features,
        GroupColumnName = group,
        ExposureColumnName = exposure is null ? null : PlannedRows.Beside(exposure),
        ClusterColumnName = cluster,
        CompareTrees = trees,
        Divides = divides,
        Seed = work.Seed,
        NumberOfThreads = work.Threads,
        Progress = new Told(report),
        CancellationToken = work.Cancellation,
    };

    private ClassifierAdviceOptions ClassifierOptions(Action<double> report) => new()
    {
        LabelColumnName = label,
        FeatureColumnName = features,
        CompareTrees = trees,
        Divides = divides,
        Seed = work.Seed,
        NumberOfThreads = work.Threads,
        Progress = new Told(report),
        CancellationToken = work.Cancellation,
    };

    private T Classifier<T>(T options, StartingPoint? start, double? tau, Action<double> report)
        where T : L2SpIterativeOptions
    {
        options.LabelColumnName = label;
        options.FeatureColumnName = features;
        options.StartingPoint = start;
        options.Tau = tau;
        options.Seed = work.Seed;
        options.NumberOfThreads = work.Threads;
        options.Progress = new Told(report);
        options.CancellationToken = work.Cancellation;
        return options;
    }

    // At once, on the thread that tells it: what comes late would be told of the next step.
    public sealed class Told(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
