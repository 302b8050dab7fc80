using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// A task of many features by a factor of its scatter, A = R'R + rest with R r x p: a step of EM costs r² p in place of p³. With no rest,
/// as of a group with no more rows than R has, the numbers are those of the moments. Else the diagonal stands for what is left: m_g is
/// still exact, by conjugate gradients that begin there, and V_g is that of the diagonal.
/// </summary>
internal sealed class GroupOfFactor : GroupTask
{
    // Steps of the conjugate gradients, and how much of the gradient may be left: far below what the 60 steps of EM leave open.
    private const int Steps = 20;
    private const double Left = 1e-8;

    private readonly MomentBlock _moments;
    private readonly double _scale;
    private readonly Matrix _factor;
    private readonly double[] _rest;
    private readonly bool _isExact;

    /// <param name="moments">Of the group.</param>
    /// <param name="most">The most rows that R may have.</param>
    public GroupOfFactor(MomentBlock moments, int most)
    {
        (_moments, _scale) = (moments, moments.Count / moments.Weight);
        (_factor, _rest) = PivotedCholesky.Of(moments.Scatter, most);
        var root = Math.Sqrt(_scale);
        foreach (ref var value in _factor.Values.AsSpan())
        {
            value *= root;
        }

        foreach (ref var value in _rest.AsSpan())
        {
            value *= _scale;
        }

        _isExact = _rest.All(d => d == 0);
    }

    /// <summary>r.</summary>
    public int Rank => _factor.Rows;

    public override double Rows => _moments.Count;

    public override double Trace => Product.Dot(_factor.Values, _factor.Values) + _rest.Sum();

    public override double LabelScatter => _scale * _moments.LabelScatter;

    public override void Fill(GroupPosterior into, double noise, double[] mean, double[] roots)
    {
        var p = mean.Length;
        var gradient = new double[p];
        var cross = 0.0;
        for (var j = 0; j < p; j++)
        {
            var left = _moments.Cross[j] - Product.Dot(_moments.Scatter.Row(j), mean);
            gradient[j] = _scale * left;
            cross += mean[j] * (_moments.Cross[j] + left);
        }

        var own = OwnRoots(noise, roots);
        var whitened = Whitened(noise, own);
        Array.Clear(into.Variances);
        for (var k = 0; k < whitened.Rows; k++)
        {
            var row = whitened.Row(k);
            for (var j = 0; j < p; j++)
            {
                into.Variances[j] += row[j] * row[j];
            }
        }

        var open = 0.0;
        for (var j = 0; j < p; j++)
        {
            var omega = roots[j] * roots[j];
            into.Variances[j] = own[j] * own[j] * Math.Max(0, 1 - (into.Variances[j] / noise));
            open += 1 - (into.Variances[j] / omega);
        }

        var deviation = Deviation(gradient, noise, roots, own, whitened);
        deviation.CopyTo(into.Deviation, 0);
        var change = 0.0;
        for (var j = 0; j < p; j++)
        {
            change += deviation[j] * ((_scale * Product.Dot(_moments.Scatter.Row(j), deviation)) - (2 * gradient[j]));
        }

        // tr A V = s (p - sum V_jj / omega_j), since V (A / s + 1 / omega) = I.
        into.Residual = (_scale * (_moments.LabelScatter - cross)) + change + (noise * open);
    }

    /// <summary>1 / omega - V / omega²: D^-1 (I - D V D) D^-1.</summary>
    public override void AddInformation(Matrix sum, double noise, double[] roots)
    {
        var own = OwnRoots(noise, roots);
        var whitened = Whitened(noise, own);
        for (var j = 0; j < own.Length; j++)
        {
            var omega = roots[j] * roots[j];

            // What the diagonal says: (s / rest + omega)^-1.
            sum[j, j] += _rest[j] / (noise + (omega * _rest[j]));
            for (var k = 0; k < whitened.Rows; k++)
            {
                whitened[k, j] *= own[j] / omega;
            }
        }

        BlockedProduct.Add(
            1 / noise, MatrixView.Of(whitened).Transposed, MatrixView.Of(whitened), MatrixView.Of(sum), Workers.All.Single);
    }

    public override void AddMoments(Matrix scatter, double[] cross)
    {
        Product.AddScaled(_scale, _moments.Scatter.Values, scatter.Values);
        Product.AddScaled(_scale, _moments.Cross, cross);
    }

    public override double ResidualAt(double[] w) =>
        _scale * (_moments.LabelScatter - (2 * Product.Dot(w, _moments.Cross)) + Product.Dot(w, Product.Times(_moments.Scatter, w)));

    /// <summary>The roots of 1 / (1 / omega + rest / s).</summary>
    private double[] OwnRoots(double noise, double[] roots) =>
        [.. roots.Select((root, j) => root / Math.Sqrt(1 + (root * root * _rest[j] / noise)))];

    /// <summary>L^-1 R diag(own) with LL' = I + R diag(own²) R' / s: V = diag(own) (I - W'W / s) diag(own).</summary>
    private Matrix Whitened(double noise, double[] own)
    {
        var scaled = _factor.Clone();
        for (var k = 0; k < scaled.Rows; k++)
        {
            var row = scaled.Row(k);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] *= own[j];
            }
        }

        var kernel = Product.TimesTransposed(scaled, scaled, Workers.All.Single);
        for (var k = 0; k < kernel.Rows; k++)
        {
            foreach (ref var value in kernel.Row(k))
            {
                value /= noise;
            }

            kernel[k, k] += 1;
        }

        SmallCholesky.Factor(kernel);
        var inverse = new Matrix(kernel.Rows, kernel.Rows);
        SmallCholesky.Invert(kernel, inverse);
        return Product.Times(inverse, scaled, Workers.All.Single);
    }

    /// <summary>(A / s + 1 / omega)^-1 g / s.</summary>
    private double[] Deviation(double[] gradient, double noise, double[] roots, double[] own, Matrix whitened)
    {
        double[] b = [.. gradient.Select(g => g / noise)];
        var x = Solve(b);
        if (_isExact)
        {
            return x;
        }

        var r = (double[])b.Clone();
        Product.AddScaled(-1, Applied(x), r);
        var z = Solve(r);
        var (direction, power) = (z, Product.Dot(r, z));
        var enough = Left * Left * Product.Dot(b, Solve(b));
        for (var step = 0; step < Steps && power > enough; step++)
        {
            var moved = Applied(direction);
            var length = power / Product.Dot(direction, moved);
            Product.AddScaled(length, direction, x);
            Product.AddScaled(-length, moved, r);
            z = Solve(r);
            var next = Product.Dot(r, z);
            Product.AddScaled(next / power, direction, z);
            (direction, power) = (z, next);
        }

        return x;

        double[] Applied(double[] v)
        {
            var product = Product.Times(_moments.Scatter, v);
            for (var j = 0; j < v.Length; j++)
            {
                product[j] = (_scale * product[j] / noise) + (v[j] / (roots[j] * roots[j]));
            }

            return product;
        }

        double[] Solve(double[] v)
        {
            var u = new double[v.Length];
            for (var j = 0; j < u.Length; j++)
            {
                u[j] = own[j] * v[j];
            }

            Product.AddScaled(-1 / noise, Product.TransposedTimes(whitened, Product.Times(whitened, u)), u);
            for (var j = 0; j < u.Length; j++)
            {
                u[j] *= own[j];
            }

            return u;
        }
    }
}
