using System.Globalization;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Pull;

/// <summary>M of any shape: R = L', of the Cholesky factor M = L L'.</summary>
internal sealed class DenseMetric : Metric
{
    // Of entries that should be equal: what sums in another order may differ by.
    private const double Rounding = 1e-10;

    private readonly Cholesky _factor;

    /// <param name="m">M (p x p).</param>
    /// <param name="featureNames">p names, or none.</param>
    /// <param name="remedy">What is to be done where M is not positive definite.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="ArgumentException">M is not a symmetric positive definite matrix of finite numbers.</exception>
    public DenseMetric(Matrix m, IReadOnlyList<string> featureNames, string remedy, Workers workers)
    {
        string Feature(int j) =>
            j < featureNames.Count && featureNames[j].Length > 0 ? $"feature {j} ('{featureNames[j]}')" : $"feature {j}";
        if (m.Rows != m.Columns || m.Rows == 0)
        {
            throw new ArgumentException(
                $"A metric has as many rows as columns, one for each feature, and this one is {m.Rows} x {m.Columns}.");
        }

        for (var i = 0; i < m.Rows; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var (a, b) = (m[i, j], m[j, i]);
                if (!double.IsFinite(a) || !(Math.Abs(a - b) <= Rounding * Math.Max(Math.Abs(a), Math.Abs(b))))
                {
                    throw new ArgumentException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"A metric is a symmetric matrix of finite numbers, and this one has {a} at ({i}, {j}) and {b} at ({j}, {i})."));
                }
            }

            if (!(m[i, i] > 0))
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The metric is not positive definite: on its diagonal {Feature(i)} has {m[i, i]}. {remedy}"));
            }
        }

        if (Singular.Looks(m, workers) || Cholesky.TryFactor(m, workers) is not { } factor)
        {
            var (value, j) = Smallest(m, workers);
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"The metric is not positive definite: scaled to diagonal 1 its smallest eigenvalue is {value:G2}, where it must be above "
                + $"{Singular.Smallest:G2}; "
                + $"{Feature(j)} has the largest part in it. {remedy}"));
        }

        _factor = factor;
    }

    public override int FeatureCount => _factor.Size;

    public override Matrix OfRows(Matrix rows, Workers workers) => _factor.SolveRight(rows, workers);

    public override double[] OfWeights(double[] weights) => _factor.TransposedTimes(weights);

    public override double[] ToWeights(double[] coordinates) => _factor.SolveTransposed(coordinates);

    private static (double Value, int Feature) Smallest(Matrix m, Workers workers)
    {
        var eigen = SymmetricEigen.Of(Singular.ScaledToOne(m), workers);
        var last = m.Rows - 1;
        var largest = 0;
        for (var j = 1; j < m.Rows; j++)
        {
            largest = Math.Abs(eigen.Vectors[j, last]) > Math.Abs(eigen.Vectors[largest, last]) ? j : largest;
        }

        return (eigen.Values[last], largest);
    }
}
