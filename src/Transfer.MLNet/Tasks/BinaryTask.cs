using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tasks;

/// <summary>
/// Two classes by L2-SP logistic regression: the score is the log odds of true. A Platt calibrator that follows a layer in its chain was
/// fitted to the old scores and stays: the new layer then gives the scores of which that calibrator makes the new probabilities.
/// </summary>
internal sealed class BinaryTask : CurvedTask
{
    public override string Measure => "log-loss";

    public override ScoreUnit Unit => ScoreUnit.LogOdds;

    /// <summary>ML.NET's model of log odds.</summary>
    public static CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> Calibrated(
        IHostEnvironment environment, RoundedScores scores)
        => StockModels.Calibrated(environment, StockModels.LinearBinary(environment, scores.Weights[0], scores.Intercepts[0]));

    public override void Check(LayerInChain found, StockLog log)
    {
        if (found.Calibrator is not (null or PlattCalibrator { Slope: not 0 }))
        {
            throw new NotSupportedException(
                $"The model ends in a calibrator ({found.Calibrator.GetType().Name}) that was fitted to the old scores and does not fit "
                    + $"new ones. "
                + "Fine-tune the model without it (the new layer is calibrated by itself), or calibrate with "
                + "ml.BinaryClassification.Calibrators.Platt.");
        }

        var (threshold, column) = StockModels.ThresholdOf(found.Layer.Transformer);
        if (found.Calibrator is null && column == "Score" && threshold != 0 && OwnPlatt(found) is null)
        {
            log.Warning(
                $"The model says true from a score of {threshold} on. Its old score was a margin without calibration, its new one is "
                    + $"log odds: "
                + "choose the threshold anew with ml.BinaryClassification.ChangeModelThreshold.");
        }
    }

    public override LinearScores AsLayer(LayerInChain found, LinearScores scores) => found.Calibrator is PlattCalibrator later
        ? scores.Before(later) : scores;

    public override ITransformer Transformer(
        IHostEnvironment environment, RoundedScores scores, DataViewSchema schema, TaskColumns columns, ClassKeys? keys = null,
            LayerInChain? found = null)
    {
        if (found is null)
        {
            return StockModels.BinaryTransformer(environment, Calibrated(environment, scores), schema, columns.Features);
        }

        var (threshold, column) = StockModels.ThresholdOf(found.Layer.Transformer);
        if (found.Calibrator is PlattCalibrator)
        {
            var plain = StockModels.LinearBinary(environment, scores.Weights[0], scores.Intercepts[0]);
            return StockModels.BinaryTransformer(environment, plain, schema, columns.Features, threshold, column);
        }

        if (column == "Score" && OwnPlatt(found) is { } platt)
        {
            threshold = (float)(-(platt.Slope * threshold) - platt.Offset);
        }

        return StockModels.BinaryTransformer(environment, Calibrated(environment, scores), schema, columns.Features, threshold, column);
    }

    public override LabelReader Labels(TaskSettings settings) => LabelReader.Boolean;

    protected override Problem Read(IDataView data, TaskSettings settings, Workers workers, StockLog log)
    {
        var reader = new RowReader(data, settings.Columns, Labels(settings));
        var start = settings.StartFor(reader.FeatureCount, Unit, log);
        var rows = ClassRowsReader.Read(reader, 2, workers, log.Warning);
        if (Array.IndexOf(rows.RowCounts, 0) is >= 0 and var absent)
        {
            throw OneClassOnly.Complaint(data, settings.Columns, LabelReader.Boolean, k => k == 1 ? "true" : "false", 1 - absent);
        }

        return new(rows, Loss.Logistic, start, fit => new([fit.Weights], fit.Intercepts, Unit));
    }

    /// <summary>The calibrator inside the layer's own model.</summary>
    private static PlattCalibrator? OwnPlatt(LayerInChain found) =>
        (found.Layer.Model as CalibratedModelParametersBase)?.Calibrator as PlattCalibrator;
}
