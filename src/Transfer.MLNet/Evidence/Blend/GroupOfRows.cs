using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// A task with fewer rows than features by its rows, n x n: K = I + R diag(omega) R' / s. The same numbers as by moments, at n^2 p instead
/// of p^3: what makes 1,000 features and groups of 20 rows possible.
/// </summary>
/// <param name="rows">R (n x p): rows about their means, times the roots of their weights; any R with R'R = A_g.</param>
/// <param name="labels">z (n): the labels likewise; R'z = B_g.</param>
/// <param name="count">n_g; more than n where R spans what the rows span.</param>
internal sealed class GroupOfRows(Matrix rows, double[] labels, double count) : GroupTask
{
    public override double Rows => count;

    public override double Trace => Product.Dot(rows.Values, rows.Values);

    public override double LabelScatter => Product.Dot(labels, labels);

    public override void Fill(GroupPosterior into, double noise, double[] mean, double[] roots)
    {
        var (n, p) = (rows.Rows, rows.Columns);
        var (scaled, factor) = Factor(noise, roots);
        var inverse = new Matrix(n, n);
        SmallCholesky.Invert(factor, inverse);
        var left = Left(mean);
        var dual = (double[])left.Clone();
        SmallCholesky.Solve(factor, dual);

        // d = D (RD)'K^-1 e / s, V_jj = omega_j (1 - |L^-1 (RD)_j|^2 / s).
        var (deviation, variances) = (into.Deviation, into.Variances);
        Array.Clear(deviation);
        Array.Clear(variances);
        var whitened = new double[p];
        var trace = 0.0;
        for (var i = 0; i < n; i++)
        {
            Product.AddScaled(dual[i] / noise, scaled.Row(i), deviation);
            Array.Clear(whitened);
            var row = inverse.Row(i)[..(i + 1)];
            for (var k = 0; k <= i; k++)
            {
                Product.AddScaled(row[k], scaled.Row(k), whitened);
            }

            for (var j = 0; j < p; j++)
            {
                variances[j] += whitened[j] * whitened[j];
            }

            trace += Product.Dot(row, row);
        }

        for (var j = 0; j < p; j++)
        {
            deviation[j] *= roots[j];
            variances[j] = roots[j] * roots[j] * Math.Max(0, 1 - (variances[j] / noise));
        }

        // K^-1 e is what is left at m_g; tr A V = s (n - tr K^-1).
        into.Residual = Product.Dot(dual, dual) + (noise * (n - trace));
    }

    /// <summary>R'K^-1 R / s.</summary>
    public override void AddInformation(Matrix sum, double noise, double[] roots)
    {
        var (_, factor) = Factor(noise, roots);
        var inverse = new Matrix(rows.Rows, rows.Rows);
        SmallCholesky.Invert(factor, inverse);
        var whitened = Product.Times(inverse, rows, Workers.All.Single);
        BlockedProduct.Add(1 / noise, MatrixView.Of(whitened).Transposed, MatrixView.Of(whitened), MatrixView.Of(sum), Workers.All.Single);
    }

    public override void AddMoments(Matrix scatter, double[] cross)
    {
        Gram.Accumulate(rows, rows.Rows, scatter, Workers.All.Single);
        Product.AddScaled(1, Product.TransposedTimes(rows, labels), cross);
    }

    public override double ResidualAt(double[] w)
    {
        var left = Left(w);
        return Product.Dot(left, left);
    }

    private double[] Left(double[] w)
    {
        var left = Product.Times(rows, w);
        for (var i = 0; i < left.Length; i++)
        {
            left[i] = labels[i] - left[i];
        }

        return left;
    }

    private (Matrix Scaled, Matrix Factor) Factor(double noise, double[] roots)
    {
        var n = rows.Rows;
        var scaled = new Matrix(n, rows.Columns);
        for (var i = 0; i < n; i++)
        {
            var from = rows.Row(i);
            var to = scaled.Row(i);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = roots[j] * from[j];
            }
        }

        var factor = new Matrix(n, n);
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k <= i; k++)
            {
                factor[i, k] = Product.Dot(scaled.Row(i), scaled.Row(k)) / noise;
            }

            factor[i, i] += 1;
        }

        SmallCholesky.Factor(factor);
        return (scaled, factor);
    }
}
