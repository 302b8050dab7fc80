using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// Trains a binary layer again, by L2-SP logistic regression from its old weights. A calibrator that follows in the chain was fitted
/// to the old scores and stays: the new layer then gives the scores of which that calibrator makes the new probabilities.
/// </summary>
internal static class BinaryRetraining
{
    public static (ITransformer Transformer, FineTuneReport Report) Run(IHostEnvironment environment, StockLog log, LayerInChain found, IDataView rows, FineTuneOptions options)
    {
        var layer = found.Layer;
        var follows = found.Calibrator;
        if (follows is not (null or PlattCalibrator { Slope: not 0 }))
        {
            throw new NotSupportedException(
                $"The model ends in a calibrator ({follows.GetType().Name}) that was fitted to the old scores and does not fit new ones. "
                + "Fine-tune the model without it (the new layer is calibrated by itself), or calibrate with ml.BinaryClassification.Calibrators.Platt.");
        }

        var settings = ClassifierSettings.Of(RetrainingOptions.To(new L2SpLogisticRegressionTrainer.Options(), found, options));
        var training = new BinaryTraining(environment, log, settings);
        var (scores, fit) = training.OnRows(rows);
        var report = RetrainingOptions.Report("log-loss", fit.Rows, fit.Tau, fit.LeftOutLogLoss);
        var (threshold, column) = StockModels.ThresholdOf(layer.Transformer);
        if (follows is PlattCalibrator later)
        {
            return (StockModels.BinaryTransformer(environment, training.Plain(scores.Before(later)), rows.Schema, layer.FeatureColumn, threshold, column), report);
        }

        var transformer = StockModels.BinaryTransformer(
            environment, training.Calibrated(scores), rows.Schema, layer.FeatureColumn, column == "Score" ? Threshold(layer, threshold, log) : threshold, column);
        return (transformer, report);
    }

    /// <summary>A threshold on the old score, in log odds.</summary>
    private static float Threshold(LinearLayer layer, float threshold, StockLog log)
    {
        if (layer.Model is CalibratedModelParametersBase { Calibrator: PlattCalibrator platt })
        {
            return (float)(-(platt.Slope * threshold) - platt.Offset);
        }

        if (threshold != 0)
        {
            log.Warning(
                $"The model says true from a score of {threshold} on. Its old score was a margin without calibration, its new one is log odds: "
                + "choose the threshold anew with ml.BinaryClassification.ChangeModelThreshold.");
        }

        return threshold;
    }
}
