using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Tasks;

/// <summary>A fit by Newton's method, and how its tau was chosen.</summary>
internal sealed record CurvedFit(NewtonFit Fit, double Tau, PathChoice? Choice)
{
    /// <summary>How it was computed.</summary>
    public Route Route { get; init; } = Route.Newton;

    public static CurvedFit Of(LabelledRows rows, Loss loss, Start start, TaskSettings settings, Workers workers)
    {
        if (settings.Metric is { Metric: { } metric })
        {
            metric.RequireFeatures(rows.FeatureCount, settings.Columns.Features);
            var turned = rows.With(new ScaledDesign(rows.Design, Array.ConvertAll(metric.Roots!, r => 1 / r)));
            var from = start with { Weights = EachOf(start.Weights, metric.OfWeights, rows.FeatureCount) };
            var inMetric = Of(turned, loss, from, settings with { Metric = null }, workers);
            return inMetric with
            {
                Fit = inMetric.Fit with
                {
                    Weights = EachOf(
                inMetric.Fit.Weights, metric.ToWeights, rows.FeatureCount)
                }
            };
        }

        if (settings.Tau is { } tau)
        {
            return new(NewtonFit.Of(rows, loss, start, settings.With(tau), workers: workers), tau, null);
        }

        var folds = settings.Selection == TauSelection.CrossValidation ? settings.Folds : 0;
        var (fit, choice) = NewtonPath.Tuned(rows, loss, start, settings.With(0), folds, settings.Seed, workers);
        return new(fit, choice.Tau, choice) { Route = RowSpace.Pays(rows.Design) ? Route.NewtonInRowSpace : Route.Newton };
    }

    /// <summary>Weights of some outputs (outputs x p), each turned by itself.</summary>
    private static double[] EachOf(double[] weights, Func<double[], double[]> turn, int featureCount) =>
        [.. weights.Chunk(featureCount).SelectMany(turn)];
}
