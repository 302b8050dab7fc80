using System.Globalization;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Pull;

/// <summary>M = diag(m): each weight is held by itself, R = diag(sqrt(m)).</summary>
internal sealed class DiagonalScale : Metric
{
    private readonly double[] _roots;

    /// <exception cref="ArgumentException">A value is not above zero and finite.</exception>
    public DiagonalScale(IReadOnlyList<double> values)
    {
        _roots = new double[values.Count];
        for (var j = 0; j < _roots.Length; j++)
        {
            if (!(values[j] > 0 && double.IsFinite(values[j])))
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"A metric must be positive definite, and its value for feature {j} is {values[j]}. "
                    + $"Give a finite number above zero; a small one leaves the weight almost free."));
            }

            _roots[j] = Math.Sqrt(values[j]);
        }
    }

    public override int FeatureCount => _roots.Length;

    public override double[] Roots => _roots;

    public override Matrix OfRows(Matrix rows, Workers workers)
    {
        var turned = new Matrix(rows.Rows, rows.Columns);
        for (var i = 0; i < rows.Rows; i++)
        {
            var from = rows.Row(i);
            var to = turned.Row(i);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = from[j] / _roots[j];
            }
        }

        return turned;
    }

    public override double[] OfWeights(double[] weights)
    {
        var turned = new double[weights.Length];
        for (var j = 0; j < turned.Length; j++)
        {
            turned[j] = weights[j] * _roots[j];
        }

        return turned;
    }

    public override double[] ToWeights(double[] coordinates)
    {
        var weights = new double[coordinates.Length];
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = coordinates[j] / _roots[j];
        }

        return weights;
    }
}
