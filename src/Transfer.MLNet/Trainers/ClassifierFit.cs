using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Trainers;

/// <summary>A fit and how its tau was chosen.</summary>
internal sealed record ClassifierFit(NewtonFit Fit, double Tau, PathChoice? Choice)
{
    /// <summary>How it was computed.</summary>
    public Route Route { get; init; } = Route.Newton;

    public static ClassifierFit Of(ClassRows rows, Start start, ClassifierSettings settings, Workers workers) =>
        Of(rows, Loss.Of(rows), start, settings, workers);

    /// <summary>With any loss.</summary>
    public static ClassifierFit Of(LabelledRows rows, Loss loss, Start start, ClassifierSettings settings, Workers workers)
    {
        if (settings.Metric is { Metric: { } metric })
        {
            metric.RequireFeatures(rows.FeatureCount, settings.Columns.Features);
            var turned = rows.With(new ScaledDesign(rows.Design, Array.ConvertAll(metric.Roots!, r => 1 / r)));
            var solved = Of(turned, loss, start with { Weights = EachOf(start.Weights, metric.OfWeights, rows.FeatureCount) }, settings with { Metric = null }, workers);
            return solved with { Fit = solved.Fit with { Weights = EachOf(solved.Fit.Weights, metric.ToWeights, rows.FeatureCount) } };
        }

        if (settings.Tau is { } tau)
        {
            return new(NewtonFit.Of(rows, loss, start, settings.With(tau), workers: workers), tau, null);
        }

        var folds = settings.Selection == TauSelection.CrossValidation ? settings.Folds : 0;
        var (fit, choice) = NewtonPath.Tuned(rows, loss, start, settings.With(0), folds, settings.Seed, workers);
        return new(fit, choice.Tau, choice) { Route = RowSpace.Pays(rows.Design) ? Route.NewtonInRowSpace : Route.Newton };
    }

    /// <summary>The scores as they go into a model in single precision: see <see cref="LinearScores.MendedFor"/>. Features of very different sizes are told.</summary>
    public LinearScores Mended(LabelledRows rows, ClassifierSettings settings, LinearScores scores, Workers workers, StockLog log)
    {
        var (means, deviations) = FeatureScales.Of(rows, workers);
        if (FeatureScales.Warning(deviations, rows.FeatureNames, settings.Columns.Features) is { } warning)
        {
            log.Warning(warning);
        }

        return settings.Intercept == InterceptRule.Free ? scores.MendedFor(means) : scores;
    }

    /// <summary>The report, with the weights that go into the model; told to the log, as a warning where something is out of the ordinary.</summary>
    public L2SpClassifierReport Report(ClassRows rows, ClassifierSettings settings, LinearScores scores, StockLog log)
    {
        var report = new L2SpClassifierReport
        {
            Tau = Tau,
            TauSelection = settings.Selection,
            LeftOutLogLoss = Choice is { Edge: not TauEdge.NoEffect } ? Choice.Loss : null,
            TauAtLowerEdge = Choice?.Edge == TauEdge.Smallest,
            TauAtUpperEdge = Choice?.Edge == TauEdge.Largest,
            TauHasNoEffect = Choice?.Edge == TauEdge.NoEffect,
            Rows = rows.Rows,
            Features = rows.FeatureCount,
            LogLoss = Fit.Loss,
            Converged = Fit.Converged,
            Solver = Route.Name,
            Iterations = Fit.Iterations,
            GradientNorm = Fit.GradientNorm,
            ClassNames = scores.Names ?? [],
            Weights = Array.AsReadOnly(scores.Weights.Length == 1 ? scores.Weights[0] : [.. scores.Weights.SelectMany(w => w)]),
            Intercepts = Array.AsReadOnly(scores.Intercepts),
        };
        (Fit.Converged && Choice is null or { Edge: TauEdge.Inside } ? (Action<string>)log.Info : log.Warning)(report.ToString());
        return report;
    }

    /// <summary>Weights of some outputs (outputs x p), each turned by itself.</summary>
    private static double[] EachOf(double[] weights, Func<double[], double[]> turn, int featureCount) => [.. weights.Chunk(featureCount).SelectMany(turn)];
}
