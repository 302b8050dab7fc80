using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>A source of classes or counts: its fit, and for each output what the blend needs of it. Made once for any number of
/// targets.</summary>
internal sealed class ResponseSource
{
    // Multiplications of the eigenproblems of all outputs: a minute or so.
    private const double LargestWork = 4e10;

    private readonly BlendSource[] _outputs;

    private ResponseSource(Start fit, double? tau, BlendSource[] outputs, string? told) =>
        (Fit, Tau, _outputs, Told) = (fit, tau, outputs, told);

    /// <summary>mu and its intercepts, class by class.</summary>
    public Start Fit { get; }

    /// <summary>tau_S; null where there is only a model.</summary>
    public double? Tau { get; }

    /// <summary>What was left out and why; null where nothing was.</summary>
    public string? Told { get; }

    public int Outputs => _outputs.Length;

    public BlendSource this[int output] => _outputs[output];

    /// <summary>From rows: the fit, and the rows weighted by the second derivative of the loss there, S of which is the
    /// Hessian.</summary>
    /// <param name="rows">The source's rows.</param>
    /// <param name="loss">Of their labels.</param>
    /// <param name="tau">tau_S; null to have it chosen by left-out rows.</param>
    /// <param name="settings">How.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static ResponseSource Of(LabelledRows rows, Loss loss, double? tau, ResponseSettings settings, Workers workers)
    {
        var rule = settings.Intercept ? InterceptRule.Free : InterceptRule.None;
        var chosen = tau is null
            ? NewtonPath.Tuned(rows, loss, null, new NewtonSettings(0, rule), settings.Folds, settings.Seed, workers).Choice.Tau
            : tau.Value;
        var fit = NewtonFit.Of(rows, loss, null, new NewtonSettings(chosen, rule), workers: workers);
        var start = new Start(fit.Weights, fit.Intercepts);
        var (p, k) = (rows.FeatureCount, loss.Outputs);
        if (!settings.Holds(4.0 * p * p) || k * (double)p * p * p > LargestWork)
        {
            return new(
                start, chosen, Models(start, p),
                $"The second moments of {p} features of {k} output(s) are too many to be factorised: "
                + "the source counts by its weights alone, without the metric of pooling.");
        }

        var response = WorkingResponse.Of(loss, rows, RowLosses.Scores(rows, start, workers));
        var outputs = new BlendSource[k];
        for (var output = 0; output < k; output++)
        {
            var (labels, weights) = (response.Responses(output), response.Weights(output));
            var accumulator = new MomentsAccumulator(p, folds: 1, seed: 0, workers);
            for (var i = 0; i < rows.Rows; i++)
            {
                rows.Design.WriteRow(i, accumulator.Next(labels[i], weights[i], i));
            }

            var moments = accumulator.ToMoments(new TaskColumns(), []);
            outputs[output] = BlendSource.OfFit(
                TaskSpectrum.Of(moments, settings.Intercept, workers), WeightsOf(start, p, output), chosen / weights.Average());
            workers.Progress.Report((output + 1.0) / k);
        }

        return new(start, chosen, outputs, null);
    }

    /// <summary>From a model alone: no metric of pooling.</summary>
    /// <param name="model">Weights and intercepts, class by class.</param>
    public static ResponseSource OfModel(Start model) =>
        new(model, null, Models(model, model.Weights.Length / model.Intercepts.Length), null);

    /// <summary>mu of one output (p).</summary>
    public ReadOnlySpan<double> Weights(int output) =>
        Fit.Weights.AsSpan(output * Fit.Weights.Length / Outputs, Fit.Weights.Length / Outputs);

    private static BlendSource[] Models(Start fit, int p) =>
        [.. Enumerable.Range(0, fit.Intercepts.Length).Select(k => BlendSource.OfModel(WeightsOf(fit, p, k)))];

    private static double[] WeightsOf(Start fit, int p, int output) => fit.Weights[(output * p)..((output + 1) * p)];
}
