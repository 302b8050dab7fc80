using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// The posterior density of the hyperparameters, in the coordinates of <see cref="Hyperparameters.ToVector"/>. The prior says little: r
/// uniform on (-1, 1); the share of the label's variance that the features explain, snr / (1 + snr) with snr = sum lambda / (n tau),
/// uniform on (0, 1) for each task; the logarithms of the noise variances flat. It has a mode even where a task shows no signal at all.
/// </summary>
internal sealed class HyperparameterPosterior(JointLikelihood likelihood)
{
    // Beyond these the shrinkage of every direction is 0 or 1 to rounding, and |r| is 1.
    private const double WidestLogTau = 60;
    private const double WidestAtanh = 9;

    // What the search for the start looks at: each task alone from here times its mean eigenvalue upwards.
    private const double LowestStart = 1e-4;
    private const double StartSteps = 72;

    public JointLikelihood Likelihood { get; } = likelihood;

    /// <summary>The density and the model at one point, or null where the model is numerically degenerate.</summary>
    public Point? TryAt(double[] at, Workers workers)
    {
        if (!at.All(double.IsFinite) || Math.Abs(at[4]) > WidestAtanh || Math.Abs(at[0]) > WidestLogTau || Math.Abs(at[1]) > WidestLogTau)
        {
            return null;
        }

        var hyper = Hyperparameters.Of(at);
        if (Likelihood.TryAt(hyper, workers) is not { } evaluation || !double.IsFinite(evaluation.LogLikelihood))
        {
            return null;
        }

        var density = evaluation.LogLikelihood
            + Math.Log(1 - (hyper.Correlation * hyper.Correlation))
            + LogShare(Likelihood.Source, hyper.SourceTau)
            + LogShare(Likelihood.Target, hyper.TargetTau);
        return new Point(this, at, evaluation, density);
    }

    /// <summary>A good point to start from: each task's own best tau and noise, and the likeliest of a few r.</summary>
    public Point Start(Workers workers)
    {
        var (sourceTau, sourceNoise) = OwnBest(Likelihood.Source);
        var (targetTau, targetNoise) = OwnBest(Likelihood.Target);
        double[] candidates = [-0.85, -0.4, 0, 0.4, 0.85];
        Point? best = null;
        foreach (var r in candidates)
        {
            var point = TryAt(new Hyperparameters(sourceTau, targetTau, sourceNoise, targetNoise, r).ToVector(), workers);
            if (point is not null && (best is null || point.LogDensity > best.LogDensity))
            {
                best = point;
            }
        }

        return best ?? throw new InvalidOperationException(
            "The likelihood of the two tasks cannot be evaluated: their labels or features are too large or too small to be squared. Scale them.");
    }

    // log u (1 - u): the density of a uniform u = snr / (1 + snr) in log tau.
    private static double LogShare(TaskEvidence task, double tau)
    {
        var snr = task.TotalVariance / (task.Rows * tau);
        return Math.Log(snr) - (2 * Math.Log(1 + snr));
    }

    // Its derivative by log tau.
    private static double LogShareSlope(TaskEvidence task, double tau)
    {
        var snr = task.TotalVariance / (task.Rows * tau);
        return (2 * snr / (1 + snr)) - 1;
    }

    private static (double Tau, double Noise) OwnBest(TaskEvidence task)
    {
        var lowest = task.TotalVariance / task.Rows * LowestStart;
        var best = (Value: double.PositiveInfinity, Tau: lowest, Noise: 1.0);
        for (var step = 0; step <= StartSteps; step++)
        {
            var tau = lowest * Math.Exp(step / 4.0);
            var (deviance, noise) = task.Profile(tau);
            var value = (deviance / 2) - LogShare(task, tau);
            if (value < best.Value)
            {
                best = (value, tau, noise);
            }
        }

        return (best.Tau, best.Noise);
    }

    /// <summary>The density at one point.</summary>
    internal sealed record Point(HyperparameterPosterior Posterior, double[] At, JointEvaluation Evaluation, double LogDensity)
    {
        public double[] Gradient()
        {
            var gradient = Evaluation.Gradient();
            gradient[0] += LogShareSlope(Posterior.Likelihood.Source, Evaluation.At.SourceTau);
            gradient[1] += LogShareSlope(Posterior.Likelihood.Target, Evaluation.At.TargetTau);
            gradient[4] -= 2 * Evaluation.At.Correlation;
            return gradient;
        }
    }
}
