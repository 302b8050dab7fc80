using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// A task by its moments, p x p: w_g = mean + D u with D = diag(omega)^1/2, and u of precision I + D A D / s. Scaled so, the factor is well
/// conditioned however different the omegas are.
/// </summary>
internal sealed class GroupOfMoments(MomentBlock moments) : GroupTask
{
    // Row weights count as shares within their group, so that a unit of weight is no row.
    private readonly double _scale = moments.Count / moments.Weight;

    public override double Rows => moments.Count;

    public override double Trace
    {
        get
        {
            var trace = 0.0;
            for (var j = 0; j < moments.FeatureCount; j++)
            {
                trace += moments.Scatter[j, j];
            }

            return trace * _scale;
        }
    }

    public override double LabelScatter => _scale * moments.LabelScatter;

    public override void Fill(GroupPosterior into, double noise, double[] mean, double[] roots)
    {
        var p = mean.Length;
        var (factor, inverse) = (into.Squares[0], into.Squares[1]);
        var (gradient, u) = (new double[p], new double[p]);
        for (var i = 0; i < p; i++)
        {
            var from = moments.Scatter.Row(i);
            gradient[i] = _scale * (moments.Cross[i] - Product.Dot(from, mean));
            u[i] = gradient[i] * roots[i] / noise;
            SetScaled(factor.Row(i), from, i, noise, roots);
            factor[i, i] += 1;
        }

        SmallCholesky.Factor(factor);
        SmallCholesky.Solve(factor, u);
        SmallCholesky.Invert(factor, inverse);
        var left = 0.0;
        var sums = new double[p];
        for (var i = 0; i < p; i++)
        {
            var row = inverse.Row(i);
            for (var j = 0; j <= i; j++)
            {
                sums[j] += row[j] * row[j];
            }
        }

        for (var j = 0; j < p; j++)
        {
            into.Deviation[j] = roots[j] * u[j];
            into.Variances[j] = roots[j] * roots[j] * sums[j];
            left += 1 - sums[j];
        }

        // y'y - 2 m'B + m'A m at m = mean + d, from that at the mean.
        var (cross, change) = (0.0, 0.0);
        for (var i = 0; i < p; i++)
        {
            change += into.Deviation[i] * ((_scale * Product.Dot(moments.Scatter.Row(i), into.Deviation)) - (2 * gradient[i]));
            cross += mean[i] * (moments.Cross[i] + (gradient[i] / _scale));
        }

        into.Residual = (_scale * (moments.LabelScatter - cross)) + change + (noise * left);
    }

    /// <summary>D^-1 B (I + B)^-1 D^-1, of B = D A D / s.</summary>
    public override void AddInformation(Matrix sum, double noise, double[] roots)
    {
        var p = roots.Length;
        var (factor, column) = (new Matrix(p, p), new double[p]);
        for (var i = 0; i < p; i++)
        {
            SetScaled(factor.Row(i), moments.Scatter.Row(i), i, noise, roots);
            factor[i, i] += 1;
        }

        SmallCholesky.Factor(factor);
        for (var j = 0; j < p; j++)
        {
            SetScaled(column, moments.Scatter.Row(j), j, noise, roots);
            SmallCholesky.Solve(factor, column);
            for (var i = 0; i < p; i++)
            {
                sum[i, j] += column[i] / (roots[i] * roots[j]);
            }
        }
    }

    public override void AddMoments(Matrix scatter, double[] cross)
    {
        Product.AddScaled(_scale, moments.Scatter.Values, scatter.Values);
        Product.AddScaled(_scale, moments.Cross, cross);
    }

    public override double ResidualAt(double[] w) =>
        _scale * (moments.LabelScatter - (2 * Product.Dot(w, moments.Cross)) + Product.Dot(w, Product.Times(moments.Scatter, w)));

    private void SetScaled(Span<double> to, ReadOnlySpan<double> from, int i, double noise, double[] roots)
    {
        var factor = _scale * roots[i] / noise;
        for (var j = 0; j < to.Length; j++)
        {
            to[j] = factor * from[j] * roots[j];
        }
    }
}
