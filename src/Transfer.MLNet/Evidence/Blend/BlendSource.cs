using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>What the blend needs of a source, made once for any number of targets.</summary>
internal abstract class BlendSource
{
    /// <summary>p.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>mu (p): the source's weights by its own best tau, or those of its model.</summary>
    public abstract double[] Weights { get; }

    /// <summary>The groups that the source is made of; null where there are none, or fewer than three of use.</summary>
    public virtual GroupPrior? Groups => null;

    /// <summary>What the groups say of the target's intercept, in several widths; empty where it is free.</summary>
    /// <param name="target">The target's rows, centred.</param>
    public virtual IReadOnlyList<LevelPrior> LevelsFor(CentredRows target) => [];

    /// <summary>The constants.</summary>
    public virtual BlendSettings Settings => BlendSettings.Used;

    /// <summary>tau_S, by the marginal likelihood; null where there is only a model.</summary>
    public virtual double? Tau => null;

    /// <summary>The noise variance that belongs to tau_S; null where there is only a model.</summary>
    public virtual double? Noise => null;

    /// <summary>From rows or moments in their eigenbasis.</summary>
    /// <param name="source">The source's rows or moments.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="groups">The moments of each of its groups; null where there are none.</param>
    /// <param name="settings">The constants; null for those that are used.</param>
    /// <exception cref="InvalidOperationException">Every feature of the source is constant.</exception>
    public static BlendSource Of(TaskSpectrum source, Workers workers, IReadOnlyList<MomentBlock>? groups = null,
        BlendSettings? settings = null) =>
        new SpectralSource(source, groups, settings ?? BlendSettings.Used, workers);

    /// <summary>From a fit of any loss: its weights, its tau, and the rows weighted by the second derivative of the loss there.</summary>
    /// <exception cref="InvalidOperationException">Every feature of the source is constant.</exception>
    public static BlendSource OfFit(TaskSpectrum hessian, double[] weights, double tau) => new SpectralSource(hessian, weights, tau);

    /// <summary>From moments: those of all rows, and those of each group where there are groups.</summary>
    public static BlendSource Of(MomentBlock moments, bool intercept, Workers workers, IReadOnlyList<MomentBlock>? groups = null) =>
        Of(TaskSpectrum.Of(moments, intercept, workers), workers, groups);

    /// <summary>
    /// From a model's weights alone. The Gram metric and the groups need the source's rows; the scale of the other two is that of the
    /// target's features. What is lost with them: pooling, and knowing which of the weights the source was sure of.
    /// </summary>
    public static BlendSource OfModel(double[] weights) => new ModelSource(weights);

    /// <summary>The metrics, all with tr S M = 1.</summary>
    /// <param name="target">The target's rows, centred.</param>
    public abstract IReadOnlyList<PriorMetric> MetricsFor(CentredRows target);

    /// <summary>S u (p), and tr S; null where the source's rows are not known.</summary>
    public abstract (double[] Product, double Trace)? TimesCovariance(ReadOnlySpan<double> u);

    private sealed class ModelSource(double[] weights) : BlendSource
    {
        public override int FeatureCount => weights.Length;

        public override double[] Weights => weights;

        public override IReadOnlyList<PriorMetric> MetricsFor(CentredRows target)
        {
            var variances = new double[weights.Length];
            for (var i = 0; i < target.Features.Rows; i++)
            {
                var row = target.Features.Row(i);
                for (var j = 0; j < row.Length; j++)
                {
                    variances[j] += row[j] * row[j] / target.Features.Rows;
                }
            }

            var trace = variances.Sum();
            return [DiagonalMetric.Identity(weights, trace), DiagonalMetric.Relative(weights, variances, trace)];
        }

        public override (double[] Product, double Trace)? TimesCovariance(ReadOnlySpan<double> u) => null;
    }
}
