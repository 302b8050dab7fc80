using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// M = (S + tau_S)^-1 / tr S(S + tau_S)^-1 in the source's eigenbasis. The directions that the source's rows do not span share one
/// eigenvalue, so that the basis need not be complete.
/// </summary>
internal sealed class GramMetric : PriorMetric
{
    private readonly Matrix _basis;
    private readonly double[] _eigenvalues;
    private readonly double _outside;
    private readonly double[] _rootsBeyond;

    /// <param name="source">The source.</param>
    /// <param name="mean">m (p).</param>
    /// <param name="tau">tau_S.</param>
    public GramMetric(TaskSpectrum source, double[] mean, double tau)
        : base(BlendMetric.Gram, mean)
    {
        var sum = 0.0;
        foreach (var value in source.Eigenvalues)
        {
            sum += value / (value + tau);
        }

        _basis = source.Basis;
        _eigenvalues = Array.ConvertAll(source.Eigenvalues, l => 1 / ((l + tau) * sum));
        _outside = _eigenvalues.Length < mean.Length ? 1 / (tau * sum) : 0;
        _rootsBeyond = Array.ConvertAll(_eigenvalues, g => Math.Sqrt(g) - Math.Sqrt(_outside));
    }

    public override double[] Times(ReadOnlySpan<double> u)
    {
        var inBasis = Product.TransposedTimes(_basis, u);
        for (var k = 0; k < inBasis.Length; k++)
        {
            inBasis[k] *= _eigenvalues[k] - _outside;
        }

        var result = Product.Times(_basis, inBasis);
        Product.AddScaled(_outside, u, result);
        return result;
    }

    public override Matrix InMetric(Matrix rows, Workers workers)
    {
        // With a complete basis any turn of it will do; else the symmetric root, with what lies outside.
        var inBasis = Product.Times(rows, _basis, workers);
        for (var i = 0; i < inBasis.Rows; i++)
        {
            var row = inBasis.Row(i);
            for (var k = 0; k < row.Length; k++)
            {
                row[k] *= _rootsBeyond[k];
            }
        }

        if (_outside == 0)
        {
            return inBasis;
        }

        var result = Product.TimesTransposed(inBasis, _basis, workers);
        Product.AddScaled(Math.Sqrt(_outside), rows.Values, result.Values);
        return result;
    }
}
