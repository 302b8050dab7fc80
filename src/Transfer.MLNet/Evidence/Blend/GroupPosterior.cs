using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// One group's weights given its rows: w_g = wbar + D u with D = diag(omega)^1/2, and u of precision I + D A D / s. Scaled so, the factor is
/// well conditioned however different the omegas are. One object serves many groups, one after the other.
/// </summary>
internal sealed class GroupPosterior(int p)
{
    private readonly Matrix _scaled = new(p, p);
    private readonly Matrix _factor = new(p, p);
    private readonly Matrix _inverse = new(p, p);
    private double[] _roots = [];

    /// <summary>m_g - wbar (p).</summary>
    public double[] Deviation { get; } = new double[p];

    /// <summary>The diagonal of V_g (p).</summary>
    public double[] Variances { get; } = new double[p];

    /// <summary>The expected sum of squares that is left: that at m_g, and tr A V.</summary>
    public double Residual { get; private set; }

    /// <param name="group">Its moments.</param>
    /// <param name="scale">What they are multiplied by.</param>
    /// <param name="noise">s.</param>
    /// <param name="mean">wbar (p).</param>
    /// <param name="roots">omega^1/2 (p).</param>
    public void Set(MomentBlock group, double scale, double noise, double[] mean, double[] roots)
    {
        _roots = roots;
        var gradient = new double[p];
        for (var i = 0; i < p; i++)
        {
            var from = group.Scatter.Row(i);
            var to = _scaled.Row(i);
            var factor = _factor.Row(i);
            gradient[i] = scale * (group.Cross[i] - Product.Dot(from, mean));
            for (var j = 0; j < p; j++)
            {
                factor[j] = to[j] = scale * from[j] * roots[i] * roots[j] / noise;
            }

            factor[i] += 1;
        }

        Factor();
        var (u, trace) = (new double[p], 0.0);
        for (var j = 0; j < p; j++)
        {
            u[j] = gradient[j] * roots[j] / noise;
        }

        u = Solve(u);
        Invert();
        for (var j = 0; j < p; j++)
        {
            Deviation[j] = roots[j] * u[j];
            var sum = 0.0;
            for (var i = j; i < p; i++)
            {
                sum += _inverse[i, j] * _inverse[i, j];
            }

            Variances[j] = roots[j] * roots[j] * sum;
            trace += 1 - sum;
        }

        // y'y - 2 m'B + m'A m at m = wbar + d, from that at wbar.
        var cross = 0.0;
        var change = 0.0;
        for (var i = 0; i < p; i++)
        {
            var row = group.Scatter.Row(i);
            change += Deviation[i] * ((scale * Product.Dot(row, Deviation)) - (2 * gradient[i]));
            cross += mean[i] * (group.Cross[i] + (gradient[i] / scale));
        }

        Residual = (scale * (group.LabelScatter - cross)) + change + (noise * trace);
    }

    /// <summary>Adds (s A^-1 + diag(omega))^-1 = D^-1 B (I + B)^-1 D^-1, of B = D A D / s.</summary>
    public void AddInformation(Matrix sum)
    {
        var column = new double[p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                column[i] = _scaled[i, j];
            }

            column = Solve(column);
            for (var i = 0; i < p; i++)
            {
                sum[i, j] += column[i] / (_roots[i] * _roots[j]);
            }
        }
    }

    private void Factor()
    {
        for (var j = 0; j < p; j++)
        {
            var rowJ = _factor.Row(j);
            rowJ[j] = Math.Sqrt(rowJ[j] - Product.Dot(rowJ[..j], rowJ[..j]));
            for (var i = j + 1; i < p; i++)
            {
                var rowI = _factor.Row(i);
                rowI[j] = (rowI[j] - Product.Dot(rowI[..j], rowJ[..j])) / rowJ[j];
            }
        }
    }

    private double[] Solve(double[] b)
    {
        var x = (double[])b.Clone();
        for (var i = 0; i < p; i++)
        {
            x[i] = (x[i] - Product.Dot(_factor.Row(i)[..i], x.AsSpan(0, i))) / _factor[i, i];
        }

        for (var i = p - 1; i >= 0; i--)
        {
            x[i] /= _factor[i, i];
            Product.AddScaled(-x[i], _factor.Row(i)[..i], x.AsSpan(0, i));
        }

        return x;
    }

    /// <summary>L^-1, row by row.</summary>
    private void Invert()
    {
        for (var i = 0; i < p; i++)
        {
            var row = _inverse.Row(i);
            var l = _factor.Row(i);
            row.Clear();
            for (var k = 0; k < i; k++)
            {
                Product.AddScaled(-l[k], _inverse.Row(k)[..(k + 1)], row[..(k + 1)]);
            }

            row[i] = 1;
            foreach (ref var value in row[..(i + 1)])
            {
                value /= l[i];
            }
        }
    }
}
