using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// A source whose rows were seen: S = V diag(lambda) V', and mu at tau_S, which is that of the marginal likelihood of ridge where it is not
/// given.
/// </summary>
internal sealed class SpectralSource : BlendSource
{
    private const int TauNodes = 141;
    private const double SmallestOfMean = 1e-5;
    private const double LargestOfMean = 1e2;

    // Of the label's power.
    private const double LeastNoise = 1e-9;

    private readonly TaskSpectrum _source;
    private readonly double _trace;
    private readonly List<PriorMetric> _metrics;
    private GroupPrior? _groups;
    private Matrix? _slopes;
    private double _levelVariance;
    private double? _levelNoise;

    public SpectralSource(TaskSpectrum source, IReadOnlyList<MomentBlock>? groups, BlendSettings settings, Workers workers)
    {
        Settings = settings;
        (_source, _trace) = (source, TraceOf(source));
        (Tau, Noise) = Chosen(source, _trace);
        Weights = source.Ridge(Tau.Value);
        _metrics = Metrics(source, _trace, Weights, Tau.Value);
        if (groups is not null)
        {
            LearnFrom(groups, settings.LevelWidths.Length > 0 && source.Centred, workers);
        }
    }

    /// <param name="source">S: for a loss that is not squared, of rows weighted by its second derivative.</param>
    /// <param name="weights">mu (p), from elsewhere.</param>
    /// <param name="tau">tau_S, in the unit of <paramref name="source"/>.</param>
    public SpectralSource(TaskSpectrum source, double[] weights, double tau)
    {
        (_source, _trace) = (source, TraceOf(source));
        (Tau, Weights, Settings) = (tau, weights, BlendSettings.Used);
        _metrics = Metrics(source, _trace, weights, tau);
    }

    public override int FeatureCount => _source.FeatureCount;

    public override double[] Weights { get; }

    public override double? Tau { get; }

    public override double? Noise { get; }

    public override GroupPrior? Groups => _groups;

    public override BlendSettings Settings { get; }

    /// <summary>As groups' intercepts vary, and with them their weights over the way from the source's means to the target's.</summary>
    public override IReadOnlyList<LevelPrior> LevelsFor(CentredRows target)
    {
        if (_levelNoise is not { } noise)
        {
            return [];
        }

        var away = new double[FeatureCount];
        Product.Subtract(target.FeatureMeans, _source.FeatureMeans, away);
        var variance = (_levelVariance + Product.Dot(away, Product.Times(_slopes!, away))) / noise;
        var offset = _source.LabelMean + _groups!.Mean[FeatureCount] - target.LabelMean;
        return [.. Settings.LevelWidths.Select(
            width => new LevelPrior(offset, away, width is { } w ? w * variance : BlendSettings.FreeLevel))];
    }

    public override IReadOnlyList<PriorMetric> MetricsFor(CentredRows target) => _metrics;

    public override (double[] Product, double Trace)? TimesCovariance(ReadOnlySpan<double> u)
    {
        var inBasis = _source.InBasis(u);
        for (var k = 0; k < inBasis.Length; k++)
        {
            inBasis[k] *= _source.Eigenvalues[k];
        }

        return (Product.Times(_source.Basis, inBasis), _trace);
    }

    private static double TraceOf(TaskSpectrum source) => source.Eigenvalues.Sum() is > 0 and var trace ? trace
        : throw new InvalidOperationException(
        "Every feature of the source is constant: nothing can be learned from it. Give features that vary.");

    private static List<PriorMetric> Metrics(TaskSpectrum source, double trace, double[] weights, double tau) =>
    [
        DiagonalMetric.Identity(weights, trace),
        new GramMetric(source, weights, tau),
        DiagonalMetric.Relative(weights, Variances(source), trace),
    ];

    private void LearnFrom(IReadOnlyList<MomentBlock> groups, bool levels, Workers workers)
    {
        _groups = levels ? GroupPrior.TryWithLevels(groups, _source.FeatureMeans, _source.LabelMean, workers)
            : GroupPrior.TryOf(groups, workers);
        if (_groups is null)
        {
            return;
        }

        var covariance = _groups.Covariance(_source.Rows * Tau!.Value / Noise!.Value, workers);
        var mean = _groups.Mean;
        if (levels)
        {
            var p = FeatureCount;
            (_levelVariance, _levelNoise) = (covariance[p, p], _groups.Noise);
            var slopes = new Matrix(p, p);
            for (var i = 0; i < p; i++)
            {
                covariance.Row(i)[..p].CopyTo(slopes.Row(i));
            }

            _slopes = slopes;
            (covariance, mean) = (slopes, mean[..p]);
        }

        _metrics.Add(CovarianceMetric.Of(mean, covariance, TraceOfProduct(covariance, workers), workers));
    }

    /// <summary>The tau of 141 that makes the source's labels most likely, its noise integrated out.</summary>
    private static (double Tau, double Noise) Chosen(TaskSpectrum source, double trace)
    {
        var degrees = source.Rows - (source.Centred ? 1.0 : 0);
        var power = source.Rows * source.LabelPower;
        var best = (Tau: double.NaN, Noise: double.NaN);
        var least = double.PositiveInfinity;
        for (var i = 0; i < TauNodes; i++)
        {
            var share = i / (TauNodes - 1.0);
            var tau = trace / source.FeatureCount * Math.Exp(
                Math.Log(SmallestOfMean) + (share * (Math.Log(LargestOfMean) - Math.Log(SmallestOfMean))));
            var (explained, logs) = (0.0, 0.0);
            for (var k = 0; k < source.Eigenvalues.Length; k++)
            {
                var l = source.Eigenvalues[k];
                explained += source.Coefficients[k] * source.Coefficients[k] / (l + tau);
                logs += Math.Log(1 + (l / tau));
            }

            var residual = Math.Max(power - (source.Rows * explained), LeastNoise * power);
            var deviance = (degrees * Math.Log(residual / degrees)) + logs;
            // A constant label has no likelihood: the strongest pull, to weights of zero.
            if (deviance < least || double.IsNaN(best.Tau) || power == 0)
            {
                (best, least) = ((tau, residual / degrees), deviance);
            }
        }

        return best;
    }

    private static double[] Variances(TaskSpectrum source)
    {
        var variances = new double[source.FeatureCount];
        for (var j = 0; j < variances.Length; j++)
        {
            var row = source.Basis.Row(j);
            for (var k = 0; k < row.Length; k++)
            {
                variances[j] += source.Eigenvalues[k] * row[k] * row[k];
            }
        }

        return variances;
    }

    /// <summary>tr SC = sum_k lambda_k v_k'C v_k.</summary>
    private double TraceOfProduct(Matrix c, Workers workers)
    {
        var product = Product.Times(c, _source.Basis, workers);
        var sum = 0.0;
        for (var i = 0; i < product.Rows; i++)
        {
            var basis = _source.Basis.Row(i);
            var row = product.Row(i);
            for (var k = 0; k < row.Length; k++)
            {
                sum += _source.Eigenvalues[k] * basis[k] * row[k];
            }
        }

        return sum;
    }
}
