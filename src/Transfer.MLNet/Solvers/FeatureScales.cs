using System.Globalization;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>Whether features are of sizes that one tau can serve: it holds the weights of small features far more than those of large
/// ones.</summary>
internal static class FeatureScales
{
    // Of standard deviations. Rare indicators beside normalised features stay below it.
    private const double WorthAWarning = 1e4;

    private const double Rounding = 1e-12;

    /// <summary>Means and standard deviations of the features (p), weighted as the rows are.</summary>
    public static (double[] Means, double[] Deviations) Of(LabelledRows rows, Workers workers)
    {
        var shares = rows.Shares();
        var means = rows.Design.Gradient(shares, 1, workers);
        var squares = new double[rows.Design.Width];
        rows.Design.Squares(shares, 1, squares, workers);
        var deviations = new double[rows.FeatureCount];
        for (var j = 0; j < squares.Length; j++)
        {
            // What is left of a constant feature is rounding.
            var feature = rows.Design.Features?[j] ?? j;
            var variance = squares[j] - (means[feature] * means[feature]);
            deviations[feature] = variance > Rounding * squares[j] ? Math.Sqrt(variance) : 0;
        }

        return (means, deviations);
    }

    /// <summary>A warning that names the two features, or null. Constant features have no scale and are passed over.</summary>
    public static string? Warning(double[] deviations, IReadOnlyList<string> names, string column)
    {
        var (smallest, largest) = (-1, -1);
        for (var j = 0; j < deviations.Length; j++)
        {
            if (deviations[j] > 0)
            {
                smallest = smallest < 0 || deviations[j] < deviations[smallest] ? j : smallest;
                largest = largest < 0 || deviations[j] > deviations[largest] ? j : largest;
            }
        }

        if (smallest < 0 || deviations[largest] <= WorthAWarning * deviations[smallest])
        {
            return null;
        }

        string Name(int j) => names.Count > j && names[j].Length > 0 ? $"'{names[j]}'" : $"number {j}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The features of column '{column}' are of very different sizes: {Name(largest)} has standard deviation "
            + $"{deviations[largest]:G3}, "
            + $"{Name(smallest)} {deviations[smallest]:G3}. One tau for all leaves the weights of the small ones at the starting point. "
            + $"Normalise them with NormalizeMeanVariance(\"{column}\"), for source and target by the same fitted transform.");
    }
}
