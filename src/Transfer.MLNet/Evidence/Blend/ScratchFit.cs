using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>The target alone by ridge, from what the identity metric has factorised.</summary>
internal static class ScratchFit
{
    private const double LeastRoom = 1e-9;

    /// <param name="target">The target.</param>
    /// <param name="spectrum">Its spectrum in the metric <paramref name="identity"/>.</param>
    /// <param name="identity">M = I / tr S.</param>
    /// <param name="tau">Per row, in the features' own unit.</param>
    public static (double[] Weights, double[] Residuals) Of(BlendTarget target, MetricSpectrum spectrum, PriorMetric identity, double tau)
    {
        if (identity.Kind != BlendMetric.Identity)
        {
            throw new ArgumentException($"The metric is {identity.Kind}.", nameof(identity));
        }

        // tau |w|^2 = (tau / tr S) w'M^-1 w.
        var own = tau * identity.Times(FirstUnit(target.Centred.Features.Columns))[0];
        var n = target.Rows;
        var u = spectrum.RowBasis;
        var onLabels = Product.TransposedTimes(u, target.Centred.Labels);
        var (dual, shares, fitted) = (new double[onLabels.Length], new double[onLabels.Length], new double[onLabels.Length]);
        for (var k = 0; k < onLabels.Length; k++)
        {
            var l = spectrum.Eigenvalues[k];
            shares[k] = l / (l + own);
            fitted[k] = shares[k] * onLabels[k];
            dual[k] = onLabels[k] / (n * (l + own));
        }

        var residuals = Product.Times(u, fitted);
        for (var i = 0; i < n; i++)
        {
            var row = u.Row(i);
            var root = target.Centred.RootWeights[i];
            var room = 1 - (target.HasIntercept ? root * root / n : 0);
            for (var k = 0; k < row.Length; k++)
            {
                room -= shares[k] * row[k] * row[k];
            }

            residuals[i] = (target.Centred.Labels[i] - residuals[i]) / Math.Max(room, LeastRoom);
        }

        return (identity.Times(target.ToFeatures(Product.Times(u, dual))), residuals);
    }

    private static double[] FirstUnit(int p)
    {
        var unit = new double[p];
        unit[0] = 1;
        return unit;
    }
}
