using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Trainers;

/// <summary>One fit of L2-SP logistic regression: reads, solves, tells the log, and puts the weights into ML.NET's model.</summary>
internal sealed class BinaryTraining(IHostEnvironment environment, StockLog log, ClassifierSettings settings)
{
    /// <summary>The log odds of true.</summary>
    public (LinearScores Scores, L2SpClassifierReport Report) OnRows(IDataView data)
    {
        var columns = settings.Columns;
        var reader = new RowReader(data, columns, LabelReader.Boolean);
        var start = settings.StartFor(reader.FeatureCount, ScoreUnit.LogOdds, log);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var workers = new Workers(settings.Threads, cancellation.Token);
        var rows = ClassRowsReader.Read(reader, 2, workers, log.Warning);
        if (Array.IndexOf(rows.RowCounts, 0) is >= 0 and var absent)
        {
            throw OneClassOnly.Complaint(data, columns, LabelReader.Boolean, k => k == 1 ? "true" : "false", 1 - absent);
        }

        var solved = ClassifierFit.Of(rows, start, settings, workers);
        var scores = new LinearScores([solved.Fit.Weights], solved.Fit.Intercepts, ScoreUnit.LogOdds);
        var report = solved.Report(rows, settings, scores, log);
        return (solved.Mended(rows, settings, scores, workers, log), report);
    }

    /// <summary>ML.NET's model of log odds.</summary>
    public CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> Calibrated(LinearScores logOdds)
        => StockModels.Calibrated(environment, Plain(logOdds));

    /// <summary>ML.NET's model of scores that something else calibrates.</summary>
    public LinearBinaryModelParameters Plain(LinearScores scores)
    {
        var rounded = SinglePrecision.Of(scores, settings.Columns);
        return StockModels.LinearBinary(environment, rounded.Weights[0], rounded.Intercepts[0]);
    }
}
