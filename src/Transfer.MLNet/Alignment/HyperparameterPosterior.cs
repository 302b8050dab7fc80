using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Alignment;

/// <summary>
/// The logarithm of the posterior density of the hyperparameters, in the coordinates of <see cref="Hyperparameters.ToVector"/>. The
/// prior says little: r uniform on (-1, 1); the share of the label's variance that the features explain, snr / (1 + snr) with
/// snr = sum lambda / (n tau), uniform on (0, 1) for each task; the logarithms of the noise variances flat.
/// </summary>
internal sealed class HyperparameterPosterior(JointLikelihood likelihood)
{
    // Beyond these the shrinkage of every direction is 0 or 1 to rounding, and |r| is 1.
    private const double WidestLogTau = 40;
    private const double WidestAtanh = 9;

    public JointLikelihood Likelihood { get; } = likelihood;

    public double LogDensity(double[] at, Workers workers)
    {
        if (!at.All(double.IsFinite) || Math.Abs(at[4]) > WidestAtanh || Math.Abs(at[0]) > WidestLogTau || Math.Abs(at[1]) > WidestLogTau)
        {
            return double.NegativeInfinity;
        }

        var hyper = Hyperparameters.Of(at);
        if (Likelihood.TryAt(hyper, workers) is not { } evaluation || !double.IsFinite(evaluation.LogLikelihood))
        {
            return double.NegativeInfinity;
        }

        return evaluation.LogLikelihood
            + Math.Log(1 - (hyper.Correlation * hyper.Correlation))
            + LogShare(Likelihood.Source, hyper.SourceTau)
            + LogShare(Likelihood.Target, hyper.TargetTau);
    }

    // log u (1 - u): the density of a uniform u = snr / (1 + snr) in log tau.
    private static double LogShare(TaskEvidence task, double tau)
    {
        var snr = task.Eigenvalues.Sum() / (task.Rows * tau);
        return Math.Log(snr) - (2 * Math.Log(1 + snr));
    }

    /// <summary>A good point to start from: each task's own best tau and noise, and the likeliest of a few r.</summary>
    public double[] Start(Workers workers)
    {
        var (sourceTau, sourceNoise) = OwnBest(Likelihood.Source);
        var (targetTau, targetNoise) = OwnBest(Likelihood.Target);
        double[] candidates = [-0.95, -0.75, -0.4, 0, 0.4, 0.75, 0.95];
        var densities = new double[candidates.Length];
        var points = Array.ConvertAll(candidates, r => new Hyperparameters(sourceTau, targetTau, sourceNoise, targetNoise, r).ToVector());
        workers.For(points.Length, i => densities[i] = LogDensity(points[i], workers.Single));
        return points[Array.IndexOf(densities, densities.Max())];
    }

    private static (double Tau, double Noise) OwnBest(TaskEvidence task)
    {
        var centre = task.Eigenvalues.Sum() / task.Eigenvalues.Length;
        var best = (Value: double.PositiveInfinity, Tau: centre, Noise: 1.0);
        for (var step = -32; step <= 32; step++)
        {
            var tau = centre * Math.Exp(step / 4.0);
            var (deviance, noise) = task.Profile(tau);
            var value = (deviance / 2) - LogShare(task, tau);
            if (value < best.Value)
            {
                best = (value, tau, noise);
            }
        }

        return (best.Tau, best.Noise);
    }
}
