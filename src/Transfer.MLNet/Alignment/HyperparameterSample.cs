using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Alignment;

/// <summary>
/// A weighted sample of the hyperparameters' posterior: importance sampling from a multivariate t about the mode, once more from the
/// first round's own mean and covariance. The points are quasi-random and always the same, so the result is a function of the data.
/// </summary>
internal sealed class HyperparameterSample
{
    private const int FirstRound = 64;
    private const int SecondRound = 128;
    private const double DegreesOfFreedom = 6;

    // The proposal is wider than what it imitates, for the tails.
    private const double Widening = 1.2;

    // The first round's moments replace the Laplace approximation in the measure that they rest on enough points.
    private const double EnoughPoints = 30;

    private HyperparameterSample(Hyperparameters[] points, double[] weights)
    {
        Points = points;
        Weights = weights;
        EffectiveSize = 1 / weights.Sum(w => w * w);
    }

    public Hyperparameters[] Points { get; }

    /// <summary>They sum to one.</summary>
    public double[] Weights { get; }

    /// <summary>1 / sum of squared weights: how many equally weighted points it is worth.</summary>
    public double EffectiveSize { get; }

    public static HyperparameterSample Draw(HyperparameterPosterior posterior, Workers workers)
    {
        var mode = PosteriorMode.Find(posterior, workers);
        var (centre, covariance) = (mode.Point, mode.Covariance);
        var (points, weights) = Round(posterior, centre, covariance, 0, FirstRound, workers);
        var size = 1 / weights.Sum(w => w * w);
        var mean = Vector<double>.Build.Dense(Hyperparameters.Count);
        for (var i = 0; i < points.Length; i++)
        {
            mean += weights[i] * points[i];
        }

        var spread = Matrix<double>.Build.DenseIdentity(Hyperparameters.Count) * 1e-4;
        for (var i = 0; i < points.Length; i++)
        {
            var off = points[i] - mean;
            spread += weights[i] * off.OuterProduct(off);
        }

        var trust = Math.Min(1, size / EnoughPoints);
        centre = (trust * mean) + ((1 - trust) * centre);
        covariance = (trust * spread) + ((1 - trust) * 1.5 * covariance);
        (points, weights) = Round(posterior, centre, covariance, FirstRound, SecondRound, workers);
        return new(Array.ConvertAll(points, p => Hyperparameters.Of(p.ToArray())), weights);
    }

    /// <summary>The weighted quantile of a quantity with one value for each point.</summary>
    public double Quantile(double[] values, double probability)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        double before = 0, previousValue = values[order[0]], previousShare = 0;
        foreach (var i in order)
        {
            var share = before + (Weights[i] / 2);
            if (share >= probability)
            {
                return share == previousShare
                    ? values[i]
                    : previousValue + ((values[i] - previousValue) * (probability - previousShare) / (share - previousShare));
            }

            (before, previousValue, previousShare) = (before + Weights[i], values[i], share);
        }

        return previousValue;
    }

    /// <summary>Equally weighted points that stand for the sample: systematic resampling.</summary>
    public Hyperparameters[] Resample(int count)
    {
        var chosen = new Hyperparameters[count];
        var (at, sum) = (0, Weights[0]);
        for (var k = 0; k < count; k++)
        {
            var position = (k + 0.5) / count;
            while (sum < position && at < Weights.Length - 1)
            {
                sum += Weights[++at];
            }

            chosen[k] = Points[at];
        }

        return chosen;
    }

    private static (Vector<double>[] Points, double[] Weights) Round(
        HyperparameterPosterior posterior, Vector<double> centre, Matrix<double> covariance, int first, int count, Workers workers)
    {
        const int d = Hyperparameters.Count;
        var root = (covariance * Widening).Cholesky().Factor;
        var points = new Vector<double>[count];
        var logs = new double[count];
        workers.For(count, i =>
        {
            var uniform = QuasiRandom(first + i + 1);
            var z = Vector<double>.Build.Dense(d, j => Normal.InvCDF(0, 1, uniform[j]));
            var stretch = ChiSquared.InvCDF(DegreesOfFreedom, uniform[d]) / DegreesOfFreedom;
            points[i] = centre + (root * z / Math.Sqrt(stretch));
            var proposal = -(DegreesOfFreedom + d) / 2 * Math.Log(1 + (z.DotProduct(z) / stretch / DegreesOfFreedom));
            logs[i] = posterior.LogDensity(points[i].ToArray(), workers.Single) - proposal;
        });
        var largest = logs.Max();
        if (!double.IsFinite(largest))
        {
            throw new InvalidOperationException("The two tasks' likelihood could not be evaluated anywhere near its best point; the features may hold values too large for double precision. Normalise them.");
        }

        var weights = Array.ConvertAll(logs, l => Math.Exp(l - largest));
        var total = weights.Sum();
        return (points, Array.ConvertAll(weights, w => w / total));
    }

    // The additive recurrence of M. Roberts ("The unreasonable effectiveness of quasirandom sequences", 2018) in d + 1 dimensions.
    private static double[] QuasiRandom(int index)
    {
        const int dimensions = Hyperparameters.Count + 1;
        var g = 1.0;
        for (var i = 0; i < 30; i++)
        {
            g = Math.Pow(1 + g, 1.0 / (dimensions + 1));
        }

        var point = new double[dimensions];
        for (var j = 0; j < dimensions; j++)
        {
            var value = 0.5 + (index * Math.Pow(1 / g, j + 1));
            point[j] = Math.Clamp(value - Math.Floor(value), 1e-9, 1 - 1e-9);
        }

        return point;
    }
}
