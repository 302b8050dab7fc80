using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Trainers;

/// <summary>One fit of L2-SP ridge: reads, solves, tells the log, and puts the weights into ML.NET's model.</summary>
internal sealed class RidgeTraining(IHostEnvironment environment, StockLog log, RidgeSettings settings)
{
    public (LinearRegressionModelParameters Model, L2SpRidgeReport Report) OnRows(IDataView data)
    {
        var columns = settings.Columns;
        var features = ColumnTypes.RequireVectorOfSingle(ColumnTypes.Find(data.Schema, columns.Features, "feature"));
        var start = StartFor(features, columns.Features);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var solved = TaskSolver.Fit(data, columns, start, settings.Tau, settings.Intercept, Workers(cancellation), log.Warning, metric: settings.Metric?.Metric);
        return Finish(solved, columns, solved.ByFolds);
    }

    public (LinearRegressionModelParameters Model, L2SpRidgeReport Report) OnMoments(Moments moments)
    {
        var columns = new TaskColumns(moments.LabelColumnName, moments.FeatureColumnName);
        var start = StartFor(moments.FeatureCount, columns.Features);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var solved = TaskSolver.Fit(moments, start, settings.Tau, settings.Intercept, Workers(cancellation), log.Warning, settings.Metric?.Metric);
        return Finish(solved, columns, byFolds: true);
    }

    private Workers Workers(StockCancellation cancellation) => new(settings.Threads, cancellation.Token);

    private Start StartFor(int featureCount, string featureColumn)
    {
        StartUnit.Tell(settings.StartingPoint, ScoreUnit.Label, log);
        return settings.StartFor(featureCount, featureColumn);
    }

    private (LinearRegressionModelParameters Model, L2SpRidgeReport Report) Finish(SolvedTask solved, TaskColumns columns, bool byFolds)
    {
        var choice = solved.Choice;
        var error = choice is { Edge: not TauEdge.NoEffect } ? Math.Sqrt(choice.MeanSquaredError) : (double?)null;
        var report = new L2SpRidgeReport
        {
            Tau = settings.Tau ?? choice!.Tau,
            LeaveOneOutError = byFolds ? null : error,
            CrossValidationError = byFolds ? error : null,
            TauAtLowerEdge = choice?.Edge == TauEdge.Smallest,
            TauAtUpperEdge = choice?.Edge == TauEdge.Largest,
            TauHasNoEffect = choice?.Edge == TauEdge.NoEffect,
            Solver = solved.Fit.Route!.Name,
            Rows = solved.Rows,
            Weights = Array.AsReadOnly(solved.Fit.Weights),
            Intercept = solved.Fit.Intercept,
        };
        (choice is null or { Edge: TauEdge.Inside } ? (Action<string>)log.Info : log.Warning)(report.ToString());
        var rounded = RoundedFit.Of(solved, settings.Intercept == InterceptRule.Free, columns);
        if (rounded.LosesDigits)
        {
            log.Warning(
                $"ML.NET's linear models add in single precision: with the features of column '{columns.Features}' predictions are exact to about {rounded.PredictionError:G2} only, "
                + $"against a spread of the label of {solved.LabelDeviation:G2}. Some means are large against their spread; centre them with NormalizeMeanVariance(\"{columns.Features}\", fixZero: false).");
        }

        return (StockModels.LinearRegression(environment, rounded.Weights, rounded.Intercept), report);
    }
}
