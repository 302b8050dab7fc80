using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Trees.Leaves;

/// <summary>The features of rows, each in the unit of its own deviation: what a linear model of the rows alone is fitted to.</summary>
internal sealed class FeatureRows
{
    private const double Negligible = 1e-9;

    private readonly double[] _means;
    private readonly double[] _deviations;
    private readonly Matrix _standardised;

    /// <param name="features">n x p, finite.</param>
    /// <param name="weights">omega (n).</param>
    public FeatureRows(Matrix features, double[] weights)
    {
        var (n, p, total) = (features.Rows, features.Columns, weights.Sum());
        (_means, _deviations) = (new double[p], new double[p]);
        for (var i = 0; i < n; i++)
        {
            Product.AddScaled(weights[i] / total, features.Row(i), _means);
        }

        _standardised = features.Clone();
        for (var i = 0; i < n; i++)
        {
            var row = _standardised.Row(i);
            for (var j = 0; j < p; j++)
            {
                row[j] -= _means[j];
                _deviations[j] += weights[i] / total * row[j] * row[j];
            }
        }

        // A feature that does not vary says nothing: its weight is zero.
        for (var j = 0; j < p; j++)
        {
            var deviation = Math.Sqrt(_deviations[j]);
            _deviations[j] = deviation > Negligible * Math.Abs(_means[j]) ? deviation : 0;
        }

        for (var i = 0; i < n; i++)
        {
            var row = _standardised.Row(i);
            for (var j = 0; j < p; j++)
            {
                row[j] = _deviations[j] > 0 ? row[j] / _deviations[j] : 0;
            }
        }
    }

    /// <summary>Null where there are none, or some are missing.</summary>
    /// <param name="given">n of p.</param>
    /// <param name="weights">omega (n).</param>
    public static FeatureRows? Of(float[][]? given, double[] weights)
    {
        if (given is not { Length: > 0 } || given.Any(row => Array.Exists(row, v => !float.IsFinite(v))))
        {
            return null;
        }

        var features = new Matrix(given.Length, given[0].Length);
        for (var i = 0; i < given.Length; i++)
        {
            var row = features.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = given[i][j];
            }
        }

        return new(features, weights);
    }

    /// <summary>How many features vary.</summary>
    public int Varying => _deviations.Count(d => d > 0);

    /// <summary>The products of the rows (n x n).</summary>
    public Matrix Products(Workers workers) => Product.TimesTransposed(_standardised, _standardised, workers);

    /// <summary>
    /// The linear function that intercept + sum_i dual_i (products with row i) is, in the features' own units. The weights are rounded to
    /// what a
    /// model stores before the intercept is made, so that large means do not shift it.
    /// </summary>
    public LinearFit Unscaled(double intercept, double[] dual)
    {
        var weights = Product.TransposedTimes(_standardised, dual);
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = _deviations[j] > 0 ? (float)(weights[j] / _deviations[j]) : 0;
            intercept -= weights[j] * _means[j];
        }

        return new(weights, intercept);
    }
}
