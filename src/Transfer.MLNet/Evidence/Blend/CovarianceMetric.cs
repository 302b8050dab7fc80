using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>M = C / tr SC, with C how the weights of the source's groups vary about their mean, and how well that mean is known.</summary>
internal sealed class CovarianceMetric : PriorMetric
{
    private readonly Matrix _covariance;
    private readonly Matrix _root;

    private CovarianceMetric(double[] mean, Matrix covariance, Matrix root)
        : base(BlendMetric.Group, mean)
    {
        _covariance = covariance;
        _root = root;
    }

    /// <param name="mean">The mean of the groups' weights (p).</param>
    /// <param name="covariance">C (p x p).</param>
    /// <param name="trace">tr SC.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static CovarianceMetric Of(double[] mean, Matrix covariance, double trace, Workers workers)
    {
        var scaled = covariance.Clone();
        foreach (ref var value in scaled.Values.AsSpan())
        {
            value /= trace;
        }

        var eigen = SymmetricEigen.Of(scaled, workers);
        var root = eigen.Vectors.Clone();
        for (var i = 0; i < root.Rows; i++)
        {
            var row = root.Row(i);
            for (var k = 0; k < row.Length; k++)
            {
                row[k] *= Math.Sqrt(Math.Max(0, eigen.Values[k]));
            }
        }

        return new(mean, scaled, root);
    }

    public override double[] Times(ReadOnlySpan<double> u) => Product.Times(_covariance, u);

    public override Matrix InMetric(Matrix rows, Workers workers) => Product.Times(rows, _root, workers);
}
