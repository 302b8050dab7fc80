using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Trainers;

/// <summary>One fit of L2-SP Poisson regression: reads, solves, tells the log, and puts the weights into ML.NET's model.</summary>
internal sealed class CountTraining(IHostEnvironment environment, StockLog log, ClassifierSettings settings, string? exposure)
{
    private readonly Losses.PoissonLoss _loss = new();

    public (PoissonRegressionModelParameters Model, L2SpPoissonReport Report) OnRows(IDataView data)
    {
        var columns = settings.Columns;
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var workers = new Workers(settings.Threads, cancellation.Token);
        var (reader, label) = Open(data);
        var start = settings.StartFor(reader.FeatureCount, ScoreUnit.LogRate, log);
        var rows = Read(reader, label, workers);
        var solved = ClassifierFit.Of(rows, _loss, start, settings, workers);
        var report = Report(rows, solved);
        var scores = new LinearScores([solved.Fit.Weights], solved.Fit.Intercepts, ScoreUnit.LogRate);
        var rounded = SinglePrecision.Of(solved.Mended(rows, settings, scores, workers, log), columns);
        return (StockModels.Poisson(environment, rounded.Weights[0], rounded.Intercepts[0]), report);
    }

    /// <summary>The rows, the logarithms of their exposures as offsets.</summary>
    public LabelledRows Read(IDataView data, Workers workers)
    {
        var (reader, label) = Open(data);
        return Read(reader, label, workers);
    }

    private (RowReader Reader, CountLabel Label) Open(IDataView data)
    {
        var label = new CountLabel(_loss.Refusal, exposure);
        return (new RowReader(data, settings.Columns, label), label);
    }

    private LabelledRows Read(RowReader reader, CountLabel label, Workers workers)
    {
        var store = new ClassRowsStore(reader.FeatureCount, reader.Columns.Features);
        var (labels, weights, offsets) = (new List<double>(), new List<double>(), new List<double>());
        reader.Read(
            (in features, count, weight, _) =>
            {
                store.Add(in features);
                labels.Add(count);
                weights.Add(weight);
                offsets.Add(Math.Log(label.Exposure));
            },
            log.Warning,
            workers.Cancellation);
        return new LabelledRows(
            store.ToDesign(), [.. labels], reader.Columns.Weight is null ? null : [.. weights], reader.FeatureNames,
            exposure is null ? null : [.. offsets]);
    }

    private L2SpPoissonReport Report(LabelledRows rows, ClassifierFit solved)
    {
        var (fit, choice) = (solved.Fit, solved.Choice);
        var report = new L2SpPoissonReport
        {
            Tau = solved.Tau,
            TauSelection = settings.Selection,
            LeftOutDeviance = choice is { Edge: not TauEdge.NoEffect } ? 2 * choice.Loss : null,
            TauAtLowerEdge = choice?.Edge == TauEdge.Smallest,
            TauAtUpperEdge = choice?.Edge == TauEdge.Largest,
            Rows = rows.Rows,
            Features = rows.FeatureCount,
            Deviance = 2 * fit.Loss,
            Converged = fit.Converged,
            Solver = solved.Route.Name,
            Iterations = fit.Iterations,
            GradientNorm = fit.GradientNorm,
            Weights = Array.AsReadOnly(fit.Weights),
            Intercept = fit.Intercepts[0],
        };
        (fit.Converged && choice is null or { Edge: TauEdge.Inside } ? (Action<string>)log.Info : log.Warning)(report.ToString());
        return report;
    }
}
