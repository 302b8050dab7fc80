using MathNet.Numerics.RootFinding;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// How much smaller the least-squares weights of a 0/1 label are than the log-odds weights w: for Gaussian features Stein's lemma gives
/// beta = c w with c = E s'(b + v Z), s the logistic function, Z standard normal, v the standard deviation of the log odds.
/// </summary>
/// <remarks>
/// v follows from the variance c^2 v^2 that beta explains, which levels off as v grows: put in as it is estimated, a noisy one gives any v
/// at all. So log c is averaged over what v may be, with a prior that says that log odds are seldom beyond 6.
/// </remarks>
/// <param name="LogFactor">E log c.</param>
/// <param name="StandardError">The standard deviation of log c.</param>
internal sealed record LinkAttenuation(double LogFactor, double StandardError)
{
    // The trapezoid rule is exact to rounding for functions as smooth as this, over 8 standard deviations.
    private const int Points = 161;
    private const double Reach = 8;

    private const int Deviations = 160;
    private const double LargestDeviation = 8;
    private const double PriorDeviation = 2;

    // Of the label's variance: how finely the grid of v tells explained variances apart.
    private const double Resolution = 0.01;

    private static readonly (double Z, double Weight)[] _nodes = Nodes();

    /// <param name="rate">E y, in (0, 1).</param>
    /// <param name="explained">beta'S beta as it was estimated; may be below zero.</param>
    /// <param name="standardError">Its standard error.</param>
    public static LinkAttenuation Of(double rate, double explained, double standardError)
    {
        var error = Math.Max(standardError, Resolution * rate * (1 - rate));
        var (exponents, logs) = (new double[Deviations], new double[Deviations]);
        for (var i = 0; i < Deviations; i++)
        {
            var v = LargestDeviation * (i + 0.5) / Deviations;
            var c = Slope(Offset(rate, v), v);
            logs[i] = Math.Log(c);
            exponents[i] = (-Math.Pow(((c * c * v * v) - explained) / error, 2) - Math.Pow(v / PriorDeviation, 2)) / 2;
        }

        var most = exponents.Max();
        var weights = Array.ConvertAll(exponents, e => Math.Exp(e - most));
        var total = weights.Sum();
        var mean = weights.Zip(logs, (w, l) => w * l).Sum() / total;
        return new(mean, Math.Sqrt(weights.Zip(logs, (w, l) => w * (l - mean) * (l - mean)).Sum() / total));
    }

    /// <summary>E s(b + v Z).</summary>
    public static double Rate(double offset, double deviation) => _nodes.Sum(n => n.Weight * Logistic(offset + (deviation * n.Z)));

    /// <summary>E s'(b + v Z).</summary>
    public static double Slope(double offset, double deviation) => _nodes.Sum(n =>
    {
        var s = Logistic(offset + (deviation * n.Z));
        return n.Weight * s * (1 - s);
    });

    /// <summary>The b with E s(b + v Z) = rate.</summary>
    public static double Offset(double rate, double deviation)
    {
        var reach = (10 + (8 * deviation)) * Math.Max(1, Math.Abs(Math.Log(rate / (1 - rate))));
        return Brent.FindRoot(b => Rate(b, deviation) - rate, -reach, reach, 1e-12, 200);
    }

    private static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static (double, double)[] Nodes()
    {
        var step = 2 * Reach / (Points - 1);
        return [.. Enumerable.Range(0, Points).Select(i => -Reach + (step * i)).Select(z => (z, step * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)))];
    }
}
