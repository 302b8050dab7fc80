using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;

namespace Transfer.MLNet;

/// <summary>
/// M, in which a fit is held to its starting point: tau (w - c w_sp)'M (w - c w_sp) in place of tau |w - c w_sp|^2. It says which changes
/// of the weights are dear and which are cheap. Immutable.
/// </summary>
/// <remarks>
/// <para>M is taken as it is given, so that tau is in its units: where M is multiplied by ten, a tenth of tau gives the same fit.</para>
/// <para>Solved in the coordinates v = R w with M = R'R, in which the penalty is tau |v - c R w_sp|^2: leave-one-out and the search for tau
/// are as exact as without a metric. Without one, M is the identity.</para>
/// </remarks>
public sealed class PullMetric
{
    private readonly string _name;

    private PullMetric(Metric metric, string name) => (Metric, _name) = (metric, name);

    /// <summary>Number of features p.</summary>
    public int FeatureCount => Metric.FeatureCount;

    internal Metric Metric { get; }

    /// <summary>
    /// M = diag(m): each weight is held by itself. With m_j the variance of feature j tau means the same for features of any size; with
    /// m_j = 1 / w_sp_j^2 (and a little) large weights may change more than small ones.
    /// </summary>
    /// <param name="values">m (p), each above zero.</param>
    /// <exception cref="ArgumentException">There is no value, or one is not above zero and finite; the message says which.</exception>
    public static PullMetric Diagonal(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
        {
            throw new ArgumentException("A metric has a value for each feature, and none is given.", nameof(values));
        }

        return new(new DiagonalScale(values), "diagonal");
    }

    /// <summary>
    /// M = S + r, with S the covariance of the features in the moments (centred, divided by their weight): what the source's rows say much
    /// of is held, what they say little of is free. With the source's own ridge fit at tau = r as starting point, this is the fit to the
    /// rows of both, the source's with the weight tau and each task with its own intercept, since the source's loss about its minimum
    /// is (w - w_sp)'(S + r)(w - w_sp).
    /// </summary>
    /// <param name="moments">Of the source: what <c>ml.Regression.ComputeMoments</c> gave.</param>
    /// <param name="ridge">r, zero or above; needed where features are constant or combinations of others.</param>
    /// <exception cref="ArgumentOutOfRangeException">r is negative, infinite or NaN.</exception>
    /// <exception cref="ArgumentException">S + r is not positive definite; the message names the feature.</exception>
    public static PullMetric Gram(Moments moments, double ridge = 0)
    {
        ArgumentNullException.ThrowIfNull(moments);
        if (!(ridge >= 0 && double.IsFinite(ridge)))
        {
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "The ridge must be a finite number, zero or above.");
        }

        var (p, total) = (moments.FeatureCount, moments.Total);
        if (!(total.Weight > 0))
        {
            throw new ArgumentException("The moments have no rows, and no covariance.", nameof(moments));
        }

        var m = total.Scatter.Clone();
        for (var i = 0; i < p; i++)
        {
            foreach (ref var value in m.Row(i))
            {
                value /= total.Weight;
            }

            m[i, i] += ridge;
        }

        const string Remedy = "Give a ridge (1e-3 of the features' variance holds such directions loosely), leave the feature out, or use "
            + "PullMetric.Diagonal.";
        return new(new DenseMetric(m, moments.FeatureNames, Remedy, new Workers(Environment.ProcessorCount)), "Gram");
    }

    /// <summary>M as it is given.</summary>
    /// <param name="values">M (p x p), symmetric and positive definite.</param>
    /// <exception cref="ArgumentException">M is not square, not symmetric, not finite, or not positive definite; the message says
    /// where.</exception>
    public static PullMetric Matrix(double[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var m = new Matrix(values.GetLength(0), values.GetLength(1), [.. values.Cast<double>()]);
        const string Remedy = "Add a small number to its diagonal, or use PullMetric.Diagonal.";
        return new(new DenseMetric(m, [], Remedy, new Workers(Environment.ProcessorCount)), "matrix");
    }

    /// <summary>Kind and size, for a log.</summary>
    public override string ToString() => $"{_name} metric of {FeatureCount} features";
}
