using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// Ridge on the rows of both, the source's with a weight: (1/n) |y - b - Xw|^2 + tau (w - mu)'(S + tau_S)(w - mu), with the tau of least
/// leave-one-out error on the target's rows.
/// </summary>
/// <param name="Tau">How much a row of the source counts against one of the target.</param>
/// <param name="Weights">w (p).</param>
/// <param name="Residuals">sqrt(s_i) times the left-out residuals (n).</param>
internal sealed record PooledFit(double Tau, double[] Weights, double[] Residuals)
{
    // What the source explains of the label over the noise: from 1e-4, the source's weights as they are, to 1e4, hardly anything of them.
    private static readonly double[] s_signals = [.. Enumerable.Range(0, 33).Select(k => Math.Pow(10, -4 + (0.25 * k)))];

    /// <param name="source">The source.</param>
    /// <param name="prepared">mu and tau_S.</param>
    /// <param name="target">The target's rows.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static PooledFit Of(TaskSpectrum source, BlendSource prepared, BlendTarget target, Workers workers)
    {
        var tauS = prepared.Tau!.Value;
        var nodes = new MetricNodes(target, new GramMetric(source, prepared.Weights, tauS), s_signals, workers);
        var fits = new LevelNodes(target, nodes, null, workers);
        var best = Enumerable.Range(0, s_signals.Length).MinBy(t => BlendResult.MeanSquare(Residuals(t)));
        var one = new double[s_signals.Length];
        one[best] = 1;
        var weights = nodes.Weights(one, one);
        Product.AddScaled(1, prepared.Weights, weights);

        // The metric is (S + tau_S)^-1 over tr S(S + tau_S)^-1.
        return new(nodes.Taus[best] * source.Eigenvalues.Sum(l => l / (l + tauS)), weights, Residuals(best));

        double[] Residuals(int t)
        {
            var left = fits.LeftOutLabels(t).ToArray();
            Product.AddScaled(-1, fits.LeftOutScores(t), left);
            return left;
        }
    }

    /// <summary>As a way.</summary>
    /// <param name="sourceTau">tau_S*.</param>
    /// <param name="blend">What the target alone loses on left-out rows.</param>
    /// <param name="probability">That it is better than that.</param>
    public TransferWay Way(double sourceTau, TargetBlend blend, double probability)
    {
        var gain = blend.GainOf(Array.ConvertAll(Residuals, r => r * r));
        return new()
        {
            Kind = TransferWayKind.Pooled,
            SourceTau = sourceTau,
            TargetTau = Tau,
            Scale = 1,
            LeftOutRisk = BlendResult.MeanSquare(Residuals),
            Gain = gain.Mean,
            GainStandardError = gain.StandardError,
            Probability = probability,
        };
    }
}
