using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Validation.Real.Rivals;

/// <summary>
/// w1 ~ N(mean, M) in units of a target row's noise, M = V diag(inBasis) V' + beyond (I - VV'), V the source's eigenvectors: several
/// rivals come to this once the source's part is solved. The target's intercept is free.
/// </summary>
/// <param name="Mean">p.</param>
/// <param name="InBasis">q.</param>
/// <param name="Beyond">In the directions in which the source does not vary.</param>
internal sealed record GaussianPrior(double[] Mean, double[] InBasis, double Beyond)
{
    private const double LeastRoom = 1e-9;

    /// <summary>
    /// The posterior mean for each weight of a target row, and its mean squared left-out error: with K = Xc M Xc' = U diag(k) U' and
    /// f = omega k / (1 + omega k), e_i = (r - U f U'r)_i / (1 - 1/n - sum_j f_j U_ij^2).
    /// </summary>
    /// <param name="draw">The draw.</param>
    /// <param name="rowWeights">omega, what a row of the target counts.</param>
    public (double[] Weights, double LeftOut) Best(RealDraw draw, IReadOnlyList<double> rowWeights)
    {
        var (x, y) = (draw.Spectrum.ScaledRows!, draw.Spectrum.ScaledLabels!);
        var (n, basis) = (x.Rows, draw.Source.Spectrum.Basis);
        var residual = (double[])y.Clone();
        Product.AddScaled(-1, Product.Times(x, Mean), residual);

        var scaled = Product.Times(x, basis, draw.Workers);
        var weighted = scaled.Clone();
        for (var i = 0; i < n; i++)
        {
            var row = weighted.Row(i);
            for (var k = 0; k < row.Length; k++)
            {
                row[k] *= InBasis[k] - Beyond;
            }
        }

        var kernel = Product.TimesTransposed(weighted, scaled, draw.Workers);
        Product.AddScaled(Beyond, Product.TimesTransposed(x, x, draw.Workers).Values, kernel.Values);
        var eigen = SymmetricEigen.Of(kernel, draw.Workers);
        var onResidual = Product.TransposedTimes(eigen.Vectors, residual);
        (double[] Dual, double LeftOut) best = ([], double.PositiveInfinity);
        foreach (var omega in rowWeights)
        {
            double Share(int k) => omega * Math.Max(eigen.Values[k], 0) / (1 + (omega * Math.Max(eigen.Values[k], 0)));
            var sum = 0.0;
            for (var i = 0; i < n; i++)
            {
                var row = eigen.Vectors.Row(i);
                var (room, left) = (1 - (1.0 / n), residual[i]);
                for (var k = 0; k < row.Length; k++)
                {
                    room -= Share(k) * row[k] * row[k];
                    left -= Share(k) * row[k] * onResidual[k];
                }

                left /= Math.Max(room, LeastRoom);
                sum += left * left;
            }

            if (sum / n < best.LeftOut)
            {
                best = ([.. onResidual.Select((v, k) => v * omega / (1 + (omega * Math.Max(eigen.Values[k], 0))))], sum / n);
            }
        }

        // w = mean + M Xc' U (dual).
        var towards = Product.TransposedTimes(x, Product.Times(eigen.Vectors, best.Dual));
        var along = Product.TransposedTimes(basis, towards);
        for (var k = 0; k < along.Length; k++)
        {
            along[k] *= InBasis[k] - Beyond;
        }

        var weights = Product.Times(basis, along);
        Product.AddScaled(Beyond, towards, weights);
        Product.AddScaled(1, Mean, weights);
        return (weights, best.LeftOut);
    }
}
