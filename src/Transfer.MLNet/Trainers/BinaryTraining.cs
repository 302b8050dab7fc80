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
        var start = Start(reader.FeatureCount);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var workers = new Workers(settings.Threads, cancellation.Token);
        var rows = ClassRowsReader.Read(reader, 2, workers, log.Warning);
        if (Array.IndexOf(rows.RowCounts, 0) is >= 0 and var absent)
        {
            throw OneClassOnly.Complaint(data, columns, LabelReader.Boolean, k => k == 1 ? "true" : "false", 1 - absent);
        }

        var solved = ClassifierFit.Of(rows, start, settings, workers);
        var scores = new LinearScores([solved.Fit.Weights], solved.Fit.Intercepts, ScoreUnit.LogOdds);
        return (scores, solved.Report(rows, settings, scores, log));
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

    private NewtonStart Start(int featureCount)
    {
        if (settings.StartingPoint is not { } start)
        {
            return NewtonStart.Zero(featureCount, 1);
        }

        start.RequireFeatures(featureCount, settings.Columns.Features);
        StartUnit.Tell(start, log);
        var weights = new double[featureCount];
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = settings.StartingPointScale * start.WeightSpan[j];
        }

        return new(weights, [start.Bias]);
    }
}
