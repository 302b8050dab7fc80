using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Tasks;

/// <summary>Regression by L2-SP ridge: a number, squared errors, a score in the label's unit.</summary>
internal sealed class RegressionTask : LearningTask
{
    public override string Measure => "mean squared error";

    public override ScoreUnit Unit => ScoreUnit.Label;

    /// <summary>In the label's unit.</summary>
    public override string Shown(double error) =>
        string.Create(CultureInfo.InvariantCulture, $"root mean squared error {Math.Sqrt(error):G6}");

    public override TaskFit Fit(IDataView data, TaskSettings settings, IHostEnvironment environment, StockLog log)
    {
        var features = ColumnTypes.RequireVectorOfSingle(ColumnTypes.Find(data.Schema, settings.Columns.Features, "feature"));
        return Fit(features, settings, environment, log, (start, workers) =>
            TaskSolver.Fit(data, settings.Columns, start, settings.Tau, settings.Intercept, workers, log.Warning,
                metric: settings.Metric?.Metric));
    }

    /// <summary>From moments, whose columns apply.</summary>
    public TaskFit Fit(Moments moments, TaskSettings settings, IHostEnvironment environment, StockLog log) => Fit(
        moments.FeatureCount,
        settings with { Columns = new TaskColumns(moments.LabelColumnName, moments.FeatureColumnName) },
        environment,
        log,
        (start, workers) => TaskSolver.Fit(moments, start, settings.Tau, settings.Intercept, workers, log.Warning,
            settings.Metric?.Metric) with
        {
            ByFolds = true,
        });

    public override ITransformer Transformer(
        IHostEnvironment environment, RoundedScores scores, DataViewSchema schema, TaskColumns columns, ClassKeys? keys = null,
            LayerInChain? found = null)
        => StockModels.RegressionTransformer(
            environment, StockModels.LinearRegression(environment, scores.Weights[0], scores.Intercepts[0]), schema, columns.Features);

    private TaskFit Fit(int features, TaskSettings settings, IHostEnvironment environment, StockLog log,
        Func<Start, Workers, SolvedTask> solve)
    {
        var start = settings.StartFor(features, Unit, log);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var solved = solve(start, new Workers(settings.Threads, cancellation.Token));
        var choice = solved.Choice;
        var scores = new LinearScores([solved.Fit.Weights], [solved.Fit.Intercept], Unit);
        var fit = new TaskFit(
            this, scores, Mended(scores, solved.FeatureMeans, settings), settings.Tau ?? choice!.Tau, choice?.Edge, solved.Rows)
        {
            LeftOut = choice is { Edge: not TauEdge.NoEffect } ? choice.MeanSquaredError : null,
            ByFolds = solved.ByFolds,
            Solver = solved.Fit.Route!.Name,
            ChosenBy = solved.ByFolds ? "cross-validation over the folds" : "leave-one-out",
        };
        return Told(fit, solved.FeatureMeans, solved.LabelDeviation, settings.Columns, log);
    }
}
