using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Validation.Classification;

/// <summary>
/// The truth of one draw: P(true) = s(b + x'w), s the logistic function; |w0| = 1.5 in a random direction, w1 = rho w0 + v with v across
/// it and |v| = 0.75, intercepts 0.5 in the source and -0.5 in the target; Gaussian rows of variance 1, independent or AR(0.7).
/// </summary>
internal sealed class ClassPopulation
{
    private const double Autoregression = 0.7;
    private const double Length = 1.5;
    private const double Across = 0.75;

    // A grid of standard normal values for the two log odds of a row, the true one and the model's.
    private const int Nodes = 49;
    private const double Reach = 6;

    private static readonly (double Z, double Weight)[] _nodes =
        [.. Enumerable.Range(0, Nodes).Select(i => -Reach + (2 * Reach * i / (Nodes - 1)))
            .Select(z => (z, 2 * Reach / (Nodes - 1) * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)))];

    private readonly Xoshiro256StarStar _random;
    private readonly bool _autoregressive;

    public ClassPopulation(ClassCell cell, int draw)
    {
        _random = new Xoshiro256StarStar((7919 * (cell.Number + 1)) + (104729 * draw), threadSafe: false);
        _autoregressive = cell.Covariance == "ar";
        var w0 = Direction(Length);
        var v = Direction(1);
        Product.AddScaled(-Product.Dot(v, w0) / (Length * Length), w0, v);
        var scale = Across / Math.Sqrt(Product.Dot(v, v));
        Source = new([.. w0], [0.5]);
        Target = new([.. w0.Select((w, j) => (cell.Alignment * w) + (scale * v[j]))], [-0.5]);
    }

    public Start Source { get; }

    public Start Target { get; }

    public ClassRows Rows(int count, Start truth)
    {
        var fresh = Math.Sqrt(1 - (Autoregression * Autoregression));
        var (values, classes) = (new float[count * ClassCell.Features], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var row = values.AsSpan(i * ClassCell.Features, ClassCell.Features);
            var score = truth.Intercepts[0];
            for (var j = 0; j < row.Length; j++)
            {
                var z = Normal.Sample(_random, 0, 1);
                row[j] = (float)(_autoregressive && j > 0 ? (Autoregression * row[j - 1]) + (fresh * z) : z);
                score += row[j] * truth.Weights[j];
            }

            classes[i] = _random.NextDouble() < 1 / (1 + Math.Exp(-score)) ? 1 : 0;
        }

        return new ClassRows(new DenseDesign(count, ClassCell.Features, values), classes, 2);
    }

    /// <summary>The expected log-loss of a model on new target rows: the two log odds are jointly normal.</summary>
    public double Risk(double[] weights, double intercept)
    {
        var (own, truth, cross) = (Inner(weights, weights), Inner(Target.Weights, Target.Weights), Inner(weights, Target.Weights));
        var sd = Math.Sqrt(own);
        var slope = own > 0 ? cross / sd : 0;
        var rest = Math.Sqrt(Math.Max(0, truth - (slope * slope)));
        var risk = 0.0;
        foreach (var (z, weight) in _nodes)
        {
            var rate = 0.0;
            foreach (var (u, share) in _nodes)
            {
                rate += share / (1 + Math.Exp(-(Target.Intercepts[0] + (slope * z) + (rest * u))));
            }

            var score = intercept + (sd * z);
            var surprise = Math.Max(score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score)));
            risk += weight * (surprise - (rate * score));
        }

        return risk;
    }

    private double Inner(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            if (!_autoregressive)
            {
                sum += a[i] * b[i];
                continue;
            }

            for (var j = 0; j < b.Length; j++)
            {
                sum += a[i] * b[j] * Math.Pow(Autoregression, Math.Abs(i - j));
            }
        }

        return sum;
    }

    private double[] Direction(double length)
    {
        var v = new double[ClassCell.Features];
        Normal.Samples(_random, v, 0, 1);
        var norm = Math.Sqrt(Product.Dot(v, v));
        return Array.ConvertAll(v, x => length * x / norm);
    }
}
