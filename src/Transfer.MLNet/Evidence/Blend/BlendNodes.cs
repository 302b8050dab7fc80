using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// All fits of a target: for each prior of its intercept and each metric its taus, for each of them the scales c; and their weights.
/// </summary>
internal sealed class BlendNodes
{
    private readonly double[] _posterior;

    /// <param name="target">The target.</param>
    /// <param name="levels">The priors of its intercept; empty where it is free, or where there is none.</param>
    /// <param name="metrics">The metrics.</param>
    /// <param name="evidence">With which noise the fits are judged.</param>
    /// <param name="settings">The constants.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public BlendNodes(
        BlendTarget target, IReadOnlyList<LevelPrior> levels, IReadOnlyList<PriorMetric> metrics, NodeEvidence evidence,
            BlendSettings settings,
        Workers workers)
    {
        (Settings, Evidence) = (settings, evidence);
        Taus = settings.SignalNodes.Length;
        var ofMetrics = new MetricNodes[metrics.Count];
        var told = workers.Progress.Counting(ofMetrics.Length);
        workers.For(ofMetrics.Length, k =>
        {
            ofMetrics[k] = new MetricNodes(target, metrics[k], settings.SignalNodes, workers);
            told();
        });
        var all = new LevelNodes[ofMetrics.Length * Math.Max(1, levels.Count)];
        workers.For(all.Length, k =>
            all[k] = new LevelNodes(target, ofMetrics[k % ofMetrics.Length], levels.Count == 0 ? null : levels[k / ofMetrics.Length],
                workers));
        (Metrics, All) = (ofMetrics, all);
        Likelihoods = new double[All.Count * Taus * ScalePrior.Count];
        _posterior = new double[Likelihoods.Length];
        var c = ScalePrior.Nodes;
        for (var k = 0; k < All.Count; k++)
        {
            var nodes = All[k];
            var grouped = nodes.Nodes.Metric.Kind == BlendMetric.Group;
            var prior = (grouped ? settings.Groups : settings.SingleSource).Logarithms;
            for (var t = 0; t < Taus; t++)
            {
                var first = First(k, t);
                for (var i = 0; i < ScalePrior.Count; i++)
                {
                    var likelihood = evidence.Likelihood(nodes, t, c[i]);
                    Likelihoods[first + i] = likelihood;
                    _posterior[first + i] = (settings.LikelihoodPower * likelihood)
                        + (settings.LeftOutPower * evidence.LeftOut(nodes, t, c[i]))
                        + prior[i] + (grouped ? settings.GroupBonus : 0);
                }
            }
        }

        Normalise(_posterior);
    }

    public BlendSettings Settings { get; }

    /// <summary>With which noise the fits are judged.</summary>
    public NodeEvidence Evidence { get; }

    /// <summary>One for each metric.</summary>
    public IReadOnlyList<MetricNodes> Metrics { get; }

    /// <summary>One for each prior of the intercept, within it one for each metric.</summary>
    public IReadOnlyList<LevelNodes> All { get; }

    /// <summary>How many taus each of <see cref="All"/> has.</summary>
    public int Taus { get; }

    /// <summary>log marginal likelihood, by <see cref="First"/>.</summary>
    public double[] Likelihoods { get; }

    /// <summary>Where the scales of the k-th nodes at a tau begin.</summary>
    public int First(int k, int tau) => ((k * Taus) + tau) * ScalePrior.Count;

    /// <summary>The weighted sum of all fits.</summary>
    public BlendAverage Average()
    {
        var (p, n) = (Metrics[0].Metric.Mean.Length, All[0].LeftOutLabels(0).Length);
        var (weights, residuals, zero, level) = (new double[p], new double[n], 0.0, 0.0);
        var ofMetrics = new double[All.Count];
        var c = ScalePrior.Nodes;
        for (var k = 0; k < All.Count; k++)
        {
            var nodes = All[k];
            var (onLabels, onScores, onMean) = (new double[Taus], new double[Taus], 0.0);
            for (var t = 0; t < Taus; t++)
            {
                var row = _posterior.AsSpan(First(k, t), ScalePrior.Count);
                for (var i = 0; i < row.Length; i++)
                {
                    onLabels[t] += row[i];
                    onScores[t] += row[i] * c[i];
                }

                zero += row[ScalePrior.Zero];
                onMean += onScores[t];
                ofMetrics[k] += onLabels[t];
                Product.AddScaled(onLabels[t], nodes.LeftOutLabels(t), residuals);
                Product.AddScaled(-onScores[t], nodes.LeftOutScores(t), residuals);
            }

            // The mean of a line is the line at the mean.
            level += ofMetrics[k] > 0 ? ofMetrics[k] * nodes.Level(onMean / ofMetrics[k]) : 0;
            Product.AddScaled(1, nodes.Nodes.Weights(onLabels, onScores), weights);
            Product.AddScaled(onMean, nodes.Nodes.Metric.Mean, weights);
        }

        return new(weights, level, residuals, zero, ofMetrics);
    }

    /// <summary>The mean of the noise variance over all fits.</summary>
    public double MeanNoise()
    {
        var sum = 0.0;
        for (var j = 0; j < _posterior.Length; j++)
        {
            // Smaller shares change no digit.
            if (_posterior[j] > 1e-18)
            {
                var t = j / ScalePrior.Count;
                sum += _posterior[j] * Evidence.Noise(All[t / Taus], t % Taus, ScalePrior.Nodes[j % ScalePrior.Count]);
            }
        }

        return sum;
    }

    /// <summary>The same target without priors of its intercept.</summary>
    public BlendNodes WithFreeIntercept(BlendTarget target, Workers workers) =>
        new(target, [], [.. Metrics.Select(m => m.Metric)], Evidence, Settings, workers);

    /// <summary>The same of the fits with c = 0 alone, in the metrics that are no groups'.</summary>
    public (double[] Weights, double[] Residuals) AverageWithoutSource()
    {
        var (p, n) = (Metrics[0].Metric.Mean.Length, All[0].LeftOutLabels(0).Length);
        var (weights, residuals) = (new double[p], new double[n]);
        int[] single = [.. Enumerable.Range(0, All.Count).Where(k => All[k].Nodes.Metric.Kind != BlendMetric.Group)];
        var sum = single.Sum(k => Enumerable.Range(0, Taus).Sum(t => _posterior[First(k, t) + ScalePrior.Zero]));
        var none = new double[Taus];
        foreach (var k in single)
        {
            var onLabels = new double[Taus];
            for (var t = 0; t < Taus; t++)
            {
                // No weight at all is left for c = 0: all taus alike.
                onLabels[t] = sum > 0 ? _posterior[First(k, t) + ScalePrior.Zero] / sum : 1.0 / (single.Length * Taus);
                Product.AddScaled(onLabels[t], All[k].LeftOutLabels(t), residuals);
            }

            Product.AddScaled(1, All[k].Nodes.Weights(onLabels, none), weights);
        }

        return (weights, residuals);
    }

    /// <summary>Shares in proportion to the exponentials.</summary>
    public static void Normalise(double[] logarithms)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in logarithms)
        {
            largest = Math.Max(largest, value);
        }

        var sum = 0.0;
        foreach (ref var value in logarithms.AsSpan())
        {
            value = Math.Exp(value - largest);
            sum += value;
        }

        foreach (ref var value in logarithms.AsSpan())
        {
            value /= sum;
        }
    }
}

/// <summary>The average before the guard.</summary>
/// <param name="Weights">w_a (p).</param>
/// <param name="Level">Its intercept at the target's feature means, less the label's mean: 0 where all intercepts are free.</param>
/// <param name="Residuals">Left-out residuals (n), the shares of the nodes held.</param>
/// <param name="Zero">The weight of c = 0.</param>
/// <param name="OfMetrics">The weight of each of <see cref="BlendNodes.All"/>.</param>
internal sealed record BlendAverage(double[] Weights, double Level, double[] Residuals, double Zero, double[] OfMetrics);
