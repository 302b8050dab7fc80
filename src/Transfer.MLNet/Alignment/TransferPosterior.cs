using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Alignment;

/// <summary>
/// What both tasks together say of the target's coefficients w1 and of their alignment, under the random-effects model with its
/// hyperparameters integrated out. A candidate's target risk differs from another's by a linear function of w1, so the probability that
/// one is better is a mixture of normal probabilities.
/// </summary>
internal sealed class TransferPosterior
{
    // Hyperparameters that stand for the sample where each costs a factorisation and the answer is a smooth average.
    private const int Representatives = 32;

    private readonly JointLikelihood _likelihood;
    private readonly Hyperparameters[] _representatives;
    private readonly double[][] _means;

    private TransferPosterior(JointLikelihood likelihood, HyperparameterSample sample, Hyperparameters[] representatives, double[][] means, double[] mean)
    {
        (_likelihood, Sample, _representatives, _means, TargetMean) = (likelihood, sample, representatives, means, mean);
    }

    public HyperparameterSample Sample { get; }

    /// <summary>E[w1 | data] (p).</summary>
    public double[] TargetMean { get; }

    /// <summary>E[s1^2 | data].</summary>
    public double TargetNoise => Mean(h => h.TargetNoise);

    /// <summary>rho = r sqrt(v1 / v0) at each point of the sample.</summary>
    public double[] Alignments() =>
        Array.ConvertAll(Sample.Points, h => h.Alignment(_likelihood.Source.Rows, _likelihood.Target.Rows));

    /// <summary>The weighted mean over the sample.</summary>
    public double Mean(Func<Hyperparameters, double> quantity) => Sample.Points.Zip(Sample.Weights, (h, w) => w * quantity(h)).Sum();

    public static TransferPosterior Of(TaskSpectrum source, TaskSpectrum target, Workers workers)
    {
        if (source.FeatureCount != target.FeatureCount)
        {
            throw new ArgumentException($"The source has {source.FeatureCount} features, the target {target.FeatureCount}; both must be featurised in the same way.", nameof(target));
        }

        var likelihood = new JointLikelihood(TaskEvidence.Of(source), TaskEvidence.Of(target), workers);
        var sample = HyperparameterSample.Draw(new HyperparameterPosterior(likelihood), workers);
        var representatives = sample.Resample(Representatives);
        var means = new double[representatives.Length][];
        workers.For(means.Length, i => means[i] = At(likelihood, representatives[i], workers.Single).TargetMean());
        var mean = new double[source.FeatureCount];
        foreach (var w in means)
        {
            Product.AddScaled(1.0 / means.Length, w, mean);
        }

        return new(likelihood, sample, representatives, means, mean);
    }

    /// <summary>
    /// (w - w1)'S(w - w1) expected for each candidate (column of p x k), up to <see cref="UnavoidableRisk"/>, which no candidate
    /// escapes: the squared distance to the posterior mean.
    /// </summary>
    public double[] ExcessRisks(Matrix candidates, FeatureCovariance covariance, Workers workers)
    {
        var off = candidates.Clone();
        for (var j = 0; j < off.Rows; j++)
        {
            foreach (ref var v in off.Row(j))
            {
                v -= TargetMean[j];
            }
        }

        return covariance.Quadratic(off, workers);
    }

    /// <summary>tr(S Cov(w1 | data)): what is expected of (w - w1)'S(w - w1) even for the best w.</summary>
    public double UnavoidableRisk(FeatureCovariance covariance, Workers workers)
    {
        var root = covariance.Root();
        var (inSource, inTarget, norms) = InBases(root, workers);
        var between = ColumnsOf(_means);
        for (var j = 0; j < between.Rows; j++)
        {
            foreach (ref var v in between.Row(j))
            {
                v -= TargetMean[j];
            }
        }

        // Within each representative costs a factorisation with as many right-hand sides as S has directions: a few of them stand for all.
        var few = Enumerable.Range(0, 4).Select(i => _representatives[((2 * i) + 1) * Representatives / 8]).ToArray();
        var within = few.Average(h => At(_likelihood, h, workers).TargetVariances(inSource, inTarget, norms, workers).Sum());
        return within + covariance.Quadratic(between, workers).Average();
    }

    /// <summary>The probability that candidate a has a lower target risk than candidate b, pair by pair (columns of p x k).</summary>
    public double[] ProbabilitiesBetter(Matrix a, Matrix b, FeatureCovariance covariance, Workers workers)
    {
        // risk(a) - risk(b) = a'Sa - b'Sb - 2 g'w1 with g = S(a - b).
        var difference = a.Clone();
        for (var i = 0; i < difference.Values.Length; i++)
        {
            difference.Values[i] -= b.Values[i];
        }

        var g = covariance.Times(difference, workers);
        var (inSource, inTarget, norms) = InBases(g, workers);
        var (ofA, ofB) = (covariance.Quadratic(a, workers), covariance.Quadratic(b, workers));
        var parts = new double[_representatives.Length][];
        workers.For(parts.Length, i =>
        {
            var variances = At(_likelihood, _representatives[i], workers.Single).TargetVariances(inSource, inTarget, norms, workers.Single);
            var means = Product.TransposedTimes(g, _means[i]);
            parts[i] = new double[means.Length];
            for (var k = 0; k < means.Length; k++)
            {
                var gain = (2 * means[k]) - ofA[k] + ofB[k];
                var deviation = 2 * Math.Sqrt(variances[k]);
                parts[i][k] = deviation > 0 ? Normal.CDF(0, 1, gain / deviation) : gain > 0 ? 1 : gain < 0 ? 0 : 0.5;
            }
        });
        var probabilities = new double[a.Columns];
        foreach (var part in parts)
        {
            Product.AddScaled(1.0 / parts.Length, part, probabilities);
        }

        return probabilities;
    }

    private (Matrix InSource, Matrix InTarget, double[] SquaredNorms) InBases(Matrix g, Workers workers)
    {
        var norms = new double[g.Columns];
        for (var i = 0; i < g.Rows; i++)
        {
            var row = g.Row(i);
            for (var k = 0; k < row.Length; k++)
            {
                norms[k] += row[k] * row[k];
            }
        }

        return (
            Product.TransposedTimes(_likelihood.Source.Spectrum.Basis, g, workers),
            Product.TransposedTimes(_likelihood.Target.Spectrum.Basis, g, workers),
            norms);
    }

    // A point that has a weight has been evaluated before.
    private static JointLikelihood.Evaluation At(JointLikelihood likelihood, Hyperparameters at, Workers workers) =>
        likelihood.TryAt(at, workers) ?? throw new InvalidOperationException("A point of the sample cannot be evaluated again.");

    private static Matrix ColumnsOf(double[][] vectors)
    {
        var matrix = new Matrix(vectors[0].Length, vectors.Length);
        for (var j = 0; j < vectors.Length; j++)
        {
            for (var i = 0; i < matrix.Rows; i++)
            {
                matrix[i, j] = vectors[j][i];
            }
        }

        return matrix;
    }
}
