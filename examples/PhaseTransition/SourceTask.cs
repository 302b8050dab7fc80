using Transfer.MLNet.Kernels;

namespace PhaseTransition;

/// <summary>
/// A source of n0 rows and its ridge at every tau from one eigendecomposition of X0 X0' / n0 = U diag(lambda) U' (n0 &lt; p here).
/// </summary>
internal sealed class SourceTask
{
    private readonly double[] _lambda;
    private readonly double[] _labels;
    private readonly Matrix _directions;

    private SourceTask(double[] lambda, double[] labels, Matrix directions) =>
        (_lambda, _labels, _directions) = (lambda, labels, directions);

    /// <summary>y = X w0 + noise of variance 1 on rows drawn from <paramref name="draws"/>.</summary>
    public static SourceTask Draw(NormalDraws draws, double[] truth, int rows, double[] deviations, Workers workers)
    {
        var x = draws.Rows(rows, deviations);
        var y = Product.Times(x, truth);
        Product.AddScaled(1, draws.Vector(rows), y);

        var gram = Gram.OfRows(x, workers);
        for (var i = 0; i < gram.Values.Length; i++)
        {
            gram.Values[i] /= rows;
        }

        // what0(tau) = X'U diag(1 / (lambda + tau)) U'y / n0.
        var eigen = SymmetricEigen.Of(gram, workers);
        var labels = Product.TransposedTimes(eigen.Vectors, y);
        return new SourceTask(eigen.Values, Array.ConvertAll(labels, v => v / rows), Product.TransposedTimes(eigen.Vectors, x, workers));
    }

    /// <summary>what0 at each tau, a row each.</summary>
    public Matrix Ridges(double[] taus, Workers workers)
    {
        var coefficients = new Matrix(taus.Length, _lambda.Length);
        for (var t = 0; t < taus.Length; t++)
        {
            var row = coefficients.Row(t);
            for (var k = 0; k < row.Length; k++)
            {
                row[k] = _labels[k] / (_lambda[k] + taus[t]);
            }
        }

        return Product.Times(coefficients, _directions, workers);
    }
}
