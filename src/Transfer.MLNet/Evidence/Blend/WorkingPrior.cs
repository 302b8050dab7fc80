using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// What many tasks around one source teach of how weights vary from one to another, for losses that are not a square: the prior of
/// <see cref="GroupPrior"/> on working responses, which are made anew at the tasks' own fits (penalised quasi-likelihood, Breslow and
/// Clayton 1993). Of several outputs each is looked at in turn, the others held.
/// </summary>
/// <param name="Mean">Outputs x p, the intercept the last of each.</param>
/// <param name="Variances">p: how weights vary from task to task, the same for all outputs.</param>
/// <param name="Dispersion">The variance of a label against what its loss says; 1 for classes and pure Poisson counts.</param>
internal sealed record WorkingPrior(double[] Mean, double[] Variances, double Dispersion)
{
    // Responses move little after the fourth time.
    private const int Rounds = 5;

    // From scores that are far off a response would be farther off still.
    private const double FirstStep = 2;

    /// <param name="tasks">Of at least three rows each.</param>
    /// <param name="loss">Theirs.</param>
    /// <param name="member">The source's weights, outputs x p, the intercept the last of each.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <returns>null with fewer than three tasks, or where nothing varies within them.</returns>
    public static WorkingPrior? TryOf(WorkingTask[] tasks, Loss loss, double[] member, Workers workers)
    {
        if (tasks.Length < GroupPrior.FewestGroups)
        {
            return null;
        }

        var (k, p) = (loss.Outputs, tasks[0].Features.Columns);
        workers.For(tasks.Length, g =>
        {
            for (var o = 0; o < k; o++)
            {
                tasks[g].Move(o, member[(o * p)..((o + 1) * p)]);
            }
        });
        Level(tasks, loss);
        var (mean, variances, noises) = (new double[k * p], new double[k][], new double[k]);
        for (var round = 0; round < Rounds; round++)
        {
            for (var o = 0; o < k; o++)
            {
                var weights = new double[tasks.Length];
                workers.For(tasks.Length, g => weights[g] = tasks[g].Look(o));
                var unit = tasks.Sum(t => (double)t.Rows) / weights.Sum();
                var quadratics = new GroupTask[tasks.Length];
                workers.For(tasks.Length, g => quadratics[g] = tasks[g]
                    .Quadratic(o, unit, round == 0 ? FirstStep : double.PositiveInfinity, workers.Single));
                if (GroupPrior.TryOf(quadratics, p, member[(o * p)..((o + 1) * p)], workers, loss.NoiseIsKnown ? unit : null)
                    is not { } prior)
                {
                    return null;
                }

                var roots = Array.ConvertAll(prior.Variances, Math.Sqrt);
                workers.For(tasks.Length, g =>
                {
                    var posterior = new GroupPosterior(p);
                    quadratics[g].Fill(posterior, prior.Noise, prior.Mean, roots);
                    Product.AddScaled(1, prior.Mean, posterior.Deviation);
                    tasks[g].Move(o, posterior.Deviation);
                });
                prior.Mean.CopyTo(mean, o * p);
                (variances[o], noises[o]) = (prior.Variances, prior.Noise / unit);
            }
        }

        return new(mean, [.. Enumerable.Range(0, p).Select(j => variances.Average(v => v[j]))], noises.Average());
    }

    /// <summary>Scores of the right level all in all, where the loss knows one (counts in another unit than the source's).</summary>
    private static void Level(WorkingTask[] tasks, Loss loss)
    {
        var (labels, shares, scores) = (new List<double>(), new List<double>(), new List<double>());
        Array.ForEach(tasks, t => t.AddTo(labels, shares, scores));
        var level = loss.Level([.. labels], [.. shares], [.. scores]);
        foreach (var task in tasks)
        {
            foreach (ref var score in task.Scores.AsSpan())
            {
                score += level;
            }
        }
    }
}
