using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// Whether the features of source and target are spread alike, in units of the source's standard deviations. Each finding must be both
/// certain (against the noise of the estimates) and large enough to matter. Holds with fewer rows than features: nothing is inverted.
/// </summary>
/// <remarks>
/// Means by t tests with Bonferroni's correction and, all features together, by the statistic of Bai and Saranadasa (1996); covariances by
/// tr(S0 - S1)^2, estimated without bias as by Li and Chen (2012).
/// </remarks>
internal sealed class CovariateShift
{
    private const double LargeShift = 0.5;
    private const double LargeMeanSquare = 0.1;
    private const double LargeCovarianceDifference = 0.1;
    private const double ErrorRate = 1e-3;
    private const double CertainDeviations = 4;

    // Of the largest variance: features that do not vary in the source have no scale to measure by.
    private const double Constant = 1e-12;

    private CovariateShift(IReadOnlyList<(int Feature, double Shift)> shifted, double meanSquare, double covarianceDifference,
        IReadOnlyList<int> newlyVarying)
    {
        (ShiftedMeans, MeanSquare, CovarianceDifference, NewlyVarying) = (shifted, meanSquare, covarianceDifference, newlyVarying);
    }

    /// <summary>Features whose mean differs, with the difference in standard deviations of the source; the largest first.</summary>
    public IReadOnlyList<(int Feature, double Shift)> ShiftedMeans { get; }

    /// <summary>
    /// The mean over features of the squared differences of means, in the source's variances; 0 where it is not certain or small.
    /// </summary>
    public double MeanSquare { get; }

    /// <summary>tr(S0 - S1)^2 / tr S0^2; 0 where it is not certain or small.</summary>
    public double CovarianceDifference { get; }

    /// <summary>Features that vary in the target and not in the source.</summary>
    public IReadOnlyList<int> NewlyVarying { get; }

    public bool IsFound => ShiftedMeans.Count > 0 || MeanSquare > 0 || CovarianceDifference > 0 || NewlyVarying.Count > 0;

    /// <summary>The places of features whose names are known to differ.</summary>
    public static Func<int, bool> Named(Func<string, bool> divides, params IReadOnlyList<string>[] namings) =>
        j => namings.FirstOrDefault(names => j < names.Count && names[j].Length > 0) is { } names && divides(names[j]);

    /// <param name="source">The source.</param>
    /// <param name="target">The target.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="divides">Features that are not looked at, by place: what divides the two; null: none.</param>
    public static CovariateShift Of(TaskSpectrum source, TaskSpectrum target, Workers workers, Func<int, bool>? divides = null)
    {
        var (v0, v1) = (Variances(source), Variances(target));
        var floor = Constant * v0.Max();
        double[] scale = [.. v0.Select((v, j) => v > floor && divides?.Invoke(j) != true ? 1 / Math.Sqrt(v) : 0)];
        var p = scale.Count(s => s > 0);
        var newly = Enumerable.Range(0, scale.Length).Where(j => v0[j] <= floor && v1[j] > floor && divides?.Invoke(j) != true).ToArray();
        var (m0, m1) = (Degrees(source), Degrees(target));
        if (p == 0 || m0 < 3 || m1 < 3)
        {
            return new([], 0, 0, newly);
        }

        var (scaled0, scaled1) = (ScaledBasis(source, scale), ScaledBasis(target, scale));
        var (square0, square1) = (SquareTrace(source, scaled0, scale, workers), SquareTrace(target, scaled1, scale, workers));
        var cross = source.Rows / m0 * (target.Rows / m1)
            * CrossTrace(scaled0, source.Eigenvalues, scaled1, target.Eigenvalues, workers);
        var pooled = Math.Max(0, ((source.Rows * square0) + (target.Rows * square1)) / (source.Rows + target.Rows));
        var difference = square0 + square1 - (2 * cross);
        var certain = difference > CertainDeviations * 2 * pooled * ((1 / m0) + (1 / m1));
        var relative = square0 > 0 ? difference / square0 : 0;
        var covariance = certain && relative > LargeCovarianceDifference ? relative : 0;
        if (!source.Centred || !target.Centred)
        {
            return new([], 0, covariance, newly);
        }

        var shifted = new List<(int, double)>();
        var threshold = StudentT.InvCDF(0, 1, Math.Min(m0, m1), 1 - (ErrorRate / (2 * p)));
        var (squares, noise) = (0.0, 0.0);
        for (var j = 0; j < scale.Length; j++)
        {
            var shift = (target.FeatureMeans[j] - source.FeatureMeans[j]) * scale[j];
            var variance = ((v0[j] / m0) + (v1[j] / m1)) * scale[j] * scale[j];
            squares += shift * shift;
            noise += variance;
            if (Math.Abs(shift) > LargeShift && Math.Abs(shift) > threshold * Math.Sqrt(variance))
            {
                shifted.Add((j, shift));
            }
        }

        var excess = squares - noise;
        var clear = excess > CertainDeviations * Math.Sqrt(2 * pooled) * ((1 / m0) + (1 / m1));
        return new(
            [.. shifted.OrderByDescending(s => Math.Abs(s.Item2))], clear && excess / p > LargeMeanSquare ? excess / p : 0, covariance,
                newly);
    }

    private static double Degrees(TaskSpectrum task) => task.Rows - (task.Centred ? 1 : 0);

    private static double[] Variances(TaskSpectrum task)
    {
        var variances = new double[task.FeatureCount];
        for (var j = 0; j < variances.Length; j++)
        {
            var row = task.Basis.Row(j);
            for (var k = 0; k < row.Length; k++)
            {
                variances[j] += task.Eigenvalues[k] * row[k] * row[k];
            }
        }

        return variances;
    }

    private static Matrix ScaledBasis(TaskSpectrum task, double[] scale)
    {
        var basis = task.Basis.Clone();
        for (var j = 0; j < basis.Rows; j++)
        {
            foreach (ref var v in basis.Row(j))
            {
                v *= scale[j];
            }
        }

        return basis;
    }

    // tr(DAD DBD) = sum_ij lambda_i mu_j (v_i'D^2 w_j)^2.
    private static double CrossTrace(Matrix basis, double[] eigenvalues, Matrix otherBasis, double[] others, Workers workers)
    {
        var inner = Product.TransposedTimes(basis, otherBasis, workers);
        var sum = 0.0;
        for (var i = 0; i < inner.Rows; i++)
        {
            var row = inner.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                sum += eigenvalues[i] * others[j] * row[j] * row[j];
            }
        }

        return sum;
    }

    /// <summary>
    /// An unbiased estimate of tr S^2: from pairs of rows where there are rows, whatever their distribution; else as for normal ones.
    /// </summary>
    private static double SquareTrace(TaskSpectrum task, Matrix basis, double[] scale, Workers workers)
    {
        var (n, m) = ((double)task.Rows, Degrees(task));
        var square = CrossTrace(basis, task.Eigenvalues, basis, task.Eigenvalues, workers);
        var trace = 0.0;
        for (var k = 0; k < task.Eigenvalues.Length; k++)
        {
            for (var j = 0; j < basis.Rows; j++)
            {
                trace += task.Eigenvalues[k] * basis[j, k] * basis[j, k];
            }
        }

        if (task.ScaledRows is not { } rows)
        {
            var (a, b) = (square * n / m * (n / m), trace * n / m);
            return m * m / ((m - 1) * (m + 2)) * (a - (b * b / m));
        }

        // Over i != j the products x_i'x_j have the square mean tr S^2, and by the centring the mean -tr A / (n - 1).
        var diagonal = 0.0;
        for (var i = 0; i < rows.Rows; i++)
        {
            var row = rows.Row(i);
            var norm = 0.0;
            for (var j = 0; j < row.Length; j++)
            {
                norm += row[j] * row[j] * scale[j] * scale[j];
            }

            diagonal += norm * norm;
        }

        var mean = task.Centred ? trace / (n - 1) : 0;
        return ((n * n * square) - diagonal) / (n * (n - 1)) - (mean * mean);
    }
}
