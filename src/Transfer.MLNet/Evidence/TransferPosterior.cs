using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// What both tasks together say of the target's coefficients w1 and of their alignment, under the random-effects model: normal given its
/// hyperparameters at their mode, with their uncertainty added by its linear effect. A candidate's target risk differs from another's by
/// a linear function of w1, so the probability that one is better is a normal probability.
/// </summary>
internal sealed class TransferPosterior
{
    private readonly JointLikelihood _likelihood;

    private TransferPosterior(JointLikelihood likelihood, PosteriorMode mode) => (_likelihood, Mode) = (likelihood, mode);

    /// <summary>The hyperparameters and what is expected of the coefficients.</summary>
    public PosteriorMode Mode { get; }

    /// <summary>The tasks and how their eigenbases lie to each other.</summary>
    public JointLikelihood Likelihood => _likelihood;

    /// <summary>E[w1 | data] (p).</summary>
    public double[] TargetMean => Mode.Moments.TargetMean;

    /// <summary>s1^2.</summary>
    public double TargetNoise => Mode.Evaluation.At.TargetNoise;

    /// <exception cref="ArgumentException">The tasks have different numbers of features.</exception>
    /// <exception cref="InvalidOperationException">A task has nothing to learn from: one row, constant features or a constant label.</exception>
    public static TransferPosterior Of(TaskSpectrum source, TaskSpectrum target, Workers workers)
    {
        if (source.FeatureCount != target.FeatureCount)
        {
            throw new ArgumentException($"The source has {source.FeatureCount} features, the target {target.FeatureCount}; both must be featurised in the same way.", nameof(target));
        }

        var likelihood = new JointLikelihood(TaskEvidence.Of(source, "source"), TaskEvidence.Of(target, "target"), workers);
        return new(likelihood, PosteriorMode.Find(new HyperparameterPosterior(likelihood), workers));
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

    /// <summary>
    /// <see cref="ExcessRisks"/> (T x J) of the target's L2-SP fits for every tau and every start (column of p x J; scaled already; zero
    /// is plain ridge), without forming p x T J weights.
    /// </summary>
    public Matrix GridRisks(Matrix starts, IReadOnlyList<double> targetTaus, FeatureCovariance covariance, Workers workers)
    {
        // w - w1 = start - w1 + V1 (beta - lambda V1'start) / (lambda + tau).
        var target = _likelihood.Target.Spectrum;
        var off = starts.Clone();
        for (var j = 0; j < off.Rows; j++)
        {
            foreach (ref var v in off.Row(j))
            {
                v -= TargetMean[j];
            }
        }

        var wanting = Product.TransposedTimes(target.Basis, starts, workers);
        for (var k = 0; k < wanting.Rows; k++)
        {
            foreach (ref var v in wanting.Row(k))
            {
                v = target.Coefficients[k] - (target.Eigenvalues[k] * v);
            }
        }

        var risks = new Matrix(targetTaus.Count, starts.Columns);
        var bases = covariance.InBases(off, target.Basis, workers);
        workers.For(targetTaus.Count, t =>
        {
            var tau = targetTaus[t];
            var moves = wanting.Clone();
            for (var k = 0; k < moves.Rows; k++)
            {
                var share = 1 / (target.Eigenvalues[k] + tau);
                foreach (ref var v in moves.Row(k))
                {
                    v *= share;
                }
            }

            bases.AddQuadratic(moves, risks.Row(t), workers.Single);
        });
        return risks;
    }

    /// <summary>tr(S Cov(w1 | data)): what is expected of (w - w1)'S(w - w1) even for the best w.</summary>
    public double UnavoidableRisk(FeatureCovariance covariance, Workers workers)
    {
        var (inSource, inTarget, norms) = InBases(covariance.Root(), workers);
        return Mode.Evaluation.TargetVariances(inSource, inTarget, norms, workers).Sum() + covariance.Quadratic(Mode.TargetRoot, workers).Sum();
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
        var variances = Mode.Evaluation.TargetVariances(inSource, inTarget, norms, workers);
        var byHyperparameters = Product.TransposedTimes(Mode.TargetRoot, g, workers);
        var means = Product.TransposedTimes(g, TargetMean);
        var probabilities = new double[a.Columns];
        for (var k = 0; k < probabilities.Length; k++)
        {
            var variance = variances[k];
            for (var i = 0; i < byHyperparameters.Rows; i++)
            {
                variance += byHyperparameters[i, k] * byHyperparameters[i, k];
            }

            var gain = (2 * means[k]) - ofA[k] + ofB[k];
            var deviation = 2 * Math.Sqrt(variance);
            probabilities[k] = deviation > 0 ? Normal.CDF(0, 1, gain / deviation) : gain > 0 ? 1 : gain < 0 ? 0 : 0.5;
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
}
