using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>M = diag(d).</summary>
internal sealed class DiagonalMetric : PriorMetric
{
    // The share of the relative metric that is the same for all weights.
    private const double EqualShare = 0.2;
    private const double LeastSquare = 1e-12;

    private readonly double[] _variances;
    private readonly double[] _roots;

    private DiagonalMetric(BlendMetric kind, double[] mean, double[] variances)
        : base(kind, mean)
    {
        _variances = variances;
        _roots = Array.ConvertAll(variances, Math.Sqrt);
    }

    /// <summary>M = I / tr S.</summary>
    public static DiagonalMetric Identity(double[] mean, double trace)
    {
        var d = new double[mean.Length];
        Array.Fill(d, 1 / trace);
        return new(BlendMetric.Identity, mean, d);
    }

    /// <summary>M = 0.8 diag(u) / u'diag(S) + 0.2 I / tr S, with u_j = m_j^2 and a little.</summary>
    /// <param name="mean">m (p).</param>
    /// <param name="variances">The diagonal of S (p).</param>
    /// <param name="trace">tr S.</param>
    public static DiagonalMetric Relative(double[] mean, ReadOnlySpan<double> variances, double trace)
    {
        var least = LeastSquare * Product.Dot(mean, mean);
        var squares = Array.ConvertAll(mean, m => (m * m) + least);
        var sum = Product.Dot(squares, variances);
        var equal = 1 / trace;
        return new(BlendMetric.Relative, mean,
            Array.ConvertAll(squares, u => ((1 - EqualShare) * (sum > 0 ? u / sum : equal)) + (EqualShare * equal)));
    }

    public override double[] Times(ReadOnlySpan<double> u)
    {
        var result = new double[u.Length];
        for (var j = 0; j < result.Length; j++)
        {
            result[j] = _variances[j] * u[j];
        }

        return result;
    }

    public override Matrix InMetric(Matrix rows, Workers workers)
    {
        var result = new Matrix(rows.Rows, rows.Columns);
        for (var i = 0; i < rows.Rows; i++)
        {
            var from = rows.Row(i);
            var to = result.Row(i);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = _roots[j] * from[j];
            }
        }

        return result;
    }
}
