using MathNet.Numerics.Distributions;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>The rule of a shift, from the rows themselves, pair by pair, and whole covariance matrices.</summary>
public class CovariateShiftRuleTests
{
    private static readonly Workers One = new(1);

    [Xunit.Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Findings_are_those_of_the_rows_pair_by_pair(bool intercept, bool fromMoments)
    {
        var (means, squares, covariances, newly, none) = (0, 0, 0, 0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var p = random.Next(1, 9);
            var (n0, n1) = (random.Next(4, 120), random.Next(3, 60));
            var (spread, away) = (1 + (random.Next(3) * 0.4 * random.NextDouble()), random.Next(3) * 0.5 * random.NextDouble());
            var (a, b) = (new Matrix(n0, p), new Matrix(n1, p));
            for (var j = 0; j < p; j++)
            {
                var (unit, centre) = (Math.Pow(10, random.Next(-1, 2)), random.Next(5));
                // Some features do not vary in the source.
                var varies = random.NextDouble() < 0.93 ? 1 : 0;
                for (var i = 0; i < n0; i++)
                {
                    a[i, j] = unit * (centre + (varies * Normal.Sample(random, 0, 1)));
                }

                for (var i = 0; i < n1; i++)
                {
                    b[i, j] = unit * (centre + away + (spread * Normal.Sample(random, 0, 1)));
                }
            }

            var found = CovariateShift.Of(Spectrum(a, intercept, fromMoments), Spectrum(b, intercept, fromMoments), One);
            var told = Told(a, b, intercept, fromMoments);
            Assert.Equal(told.Newly, found.NewlyVarying);
            // Small eigenvalues are dropped beside large ones.
            Close.To(told.MeanSquare, found.MeanSquare, 1e-7);
            Close.To(told.Covariance, found.CovarianceDifference, 1e-7);
            Assert.Equal(told.Shifted.Select(s => s.Feature), found.ShiftedMeans.Select(s => s.Feature));
            Close.To([.. told.Shifted.Select(s => s.Shift)], [.. found.ShiftedMeans.Select(s => s.Shift)], 1e-7);
            Assert.Equal(
                told.MeanSquare > 0 || told.Covariance > 0 || told.Newly.Length > 0 || told.Shifted.Length > 0, found.IsFound);
            means += told.Shifted.Length > 0 ? 1 : 0;
            squares += told.MeanSquare > 0 ? 1 : 0;
            covariances += told.Covariance > 0 ? 1 : 0;
            newly += told.Newly.Length > 0 ? 1 : 0;
            none += found.IsFound ? 0 : 1;
        }

        // Each of the findings comes up, and is absent, often enough to be tested.
        Assert.True(!intercept || (means is > 8 and < 142 && squares is > 15 and < 142), $"{means} {squares}");
        Assert.True(covariances is > 15 and < 135 && newly > 5 && none > 15, $"{covariances} {newly} {none}");
    }

    [Fact]
    public void Two_or_three_rows_are_too_few_to_tell_a_shift()
    {
        // With an intercept one degree of freedom is gone: 3 rows leave two, and three are needed.
        Matrix Far(int n, double at) => new(n, 1, [.. Enumerable.Range(0, n).Select(i => at + (0.01 * (i % 2)))]);
        bool Found(int n0, int n1, bool intercept) => CovariateShift.Of(
            Spectrum(Far(n0, 0), intercept, false), Spectrum(Far(n1, 100), intercept, false), One).IsFound;
        Assert.False(Found(3, 50, true));
        Assert.False(Found(50, 3, true));
        Assert.True(Found(4, 50, true));
        Assert.True(Found(50, 4, true));
        Assert.False(Found(2, 50, false));
        Assert.False(Found(50, 2, false));
    }

    [Fact]
    public void Sizes_are_told_as_roots_of_the_mean_squares_and_three_features_are_named()
    {
        var random = new Random(5);
        Matrix Of(int n, double shift, int shifted, double spread) => new(n, 30, [.. Enumerable.Range(0, n * 30)
            .Select(at => (at % 30 < shifted ? shift : 0) + (spread * Normal.Sample(random, 0, 1)))]);
        (CovariateShift Shift, string Said) Told(double shift, int shifted, double spread)
        {
            var found = CovariateShift.Of(
                Spectrum(Of(2000, 0, 0, 1), true, false), Spectrum(Of(2000, shift, shifted, spread), true, false), One);
            return (found, Warnings.OfShift(found)!.Message);
        }

        var (small, said) = Told(0.35, 30, 1);
        Assert.Empty(small.ShiftedMeans);
        Assert.Contains(FormattableString.Invariant(
            $"the means differ by {Math.Sqrt(small.MeanSquare):0.00} standard deviations"), said, StringComparison.Ordinal);
        (var wide, said) = Told(0, 0, 1.5);
        Assert.Contains(FormattableString.Invariant(
            $"the covariances differ by {100 * Math.Sqrt(wide.CovarianceDifference):0} %"), said, StringComparison.Ordinal);
        Assert.DoesNotContain("means", said, StringComparison.Ordinal);
        (_, said) = Told(1.5, 3, 1);
        Assert.Contains("3 of the means differ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("...", said, StringComparison.Ordinal);
        (_, said) = Told(1.5, 4, 1);
        Assert.Contains("4 of the means differ", said, StringComparison.Ordinal);
        Assert.Contains(", ...", said, StringComparison.Ordinal);
        Assert.Equal(3, said.Split("feature ").Length - 1);
    }

    private static TaskSpectrum Spectrum(Matrix features, bool intercept, bool fromMoments)
    {
        var rows = new HeldRows(features, new double[features.Rows]);
        return fromMoments ? TaskSpectrum.Of(MomentsReader.Of(rows, 1, 0, One), intercept, One) : TaskSpectrum.Of(rows, intercept, One);
    }

    private static ((int Feature, double Shift)[] Shifted, double MeanSquare, double Covariance, int[] Newly) Told(
        Matrix a, Matrix b, bool intercept, bool fromMoments)
    {
        var (mean0, mean1) = (Means(a, intercept), Means(b, intercept));
        var (m0, m1) = (a.Rows - (intercept ? 1.0 : 0), b.Rows - (intercept ? 1.0 : 0));
        double[] Variance(Matrix x, double[] mean) => [.. Enumerable.Range(0, x.Columns).Select(
            j => Enumerable.Range(0, x.Rows).Average(i => (x[i, j] - mean[j]) * (x[i, j] - mean[j])))];
        var (v0, v1) = (Variance(a, mean0), Variance(b, mean1));
        var floor = 1e-12 * v0.Max();
        int[] varying = [.. Enumerable.Range(0, v0.Length).Where(j => v0[j] > floor)];
        int[] newly = [.. Enumerable.Range(0, v0.Length).Where(j => v0[j] <= floor && v1[j] > floor)];
        if (varying.Length == 0 || m0 < 3 || m1 < 3)
        {
            return ([], 0, 0, newly);
        }

        // Rows in the source's standard deviations, and their covariances without bias.
        double[][] Scaled(Matrix x, double[] mean) => [.. Enumerable.Range(0, x.Rows).Select(
            i => varying.Select(j => (x[i, j] - mean[j]) / Math.Sqrt(v0[j])).ToArray())];
        var (z0, z1) = (Scaled(a, mean0), Scaled(b, mean1));
        var (s0, s1) = (Covariance(z0, m0), Covariance(z1, m1));
        var (q0, q1) = fromMoments ? (OfNormal(s0, m0), OfNormal(s1, m1)) : (OfPairs(z0, intercept), OfPairs(z1, intercept));
        var difference = q0 + q1 - (2 * (s0 * s1).Trace());
        var pooled = Math.Max(0, ((a.Rows * q0) + (b.Rows * q1)) / (a.Rows + b.Rows));
        var noise = (1 / m0) + (1 / m1);
        var covariance = difference > 4 * 2 * pooled * noise && q0 > 0 && difference / q0 > 0.1 ? difference / q0 : 0;
        if (!intercept)
        {
            return ([], 0, covariance, newly);
        }

        var t = StudentT.InvCDF(0, 1, Math.Min(m0, m1), 1 - (1e-3 / 2 / varying.Length));
        var shifts = varying.Select(j => (
            Feature: j, Shift: (mean1[j] - mean0[j]) / Math.Sqrt(v0[j]),
                Error: Math.Sqrt(((v0[j] / m0) + (v1[j] / m1)) / v0[j]))).ToArray();
        var excess = shifts.Sum(s => (s.Shift * s.Shift) - (s.Error * s.Error));
        var meanSquare = excess > 4 * Math.Sqrt(2 * pooled) * noise && excess / varying.Length > 0.1 ? excess / varying.Length : 0;
        return (
            [.. shifts.Where(s => Math.Abs(s.Shift) > 0.5 && Math.Abs(s.Shift) > t * s.Error)
                .OrderByDescending(s => Math.Abs(s.Shift)).Select(s => (s.Feature, s.Shift))],
            meanSquare, covariance, newly);
    }

    private static double[] Means(Matrix x, bool intercept) => [.. Enumerable.Range(0, x.Columns).Select(
        j => intercept ? Enumerable.Range(0, x.Rows).Average(i => x[i, j]) : 0)];

    private static MathNet.Numerics.LinearAlgebra.Matrix<double> Covariance(double[][] z, double degrees) =>
        MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(
            z[0].Length, z[0].Length, (j, k) => z.Sum(row => row[j] * row[k]) / degrees);

    // tr S^2 of normal rows, from the unbiased covariance matrix (Srivastava 2005, Journal of the Japan Statistical Society 35, 251).
    private static double OfNormal(MathNet.Numerics.LinearAlgebra.Matrix<double> s, double m) =>
        m * m / ((m - 1) * (m + 2)) * ((s * s).Trace() - (s.Trace() * s.Trace() / m));

    // The variance of the products of two different rows; about zero their mean square.
    private static double OfPairs(double[][] z, bool intercept)
    {
        var products = new List<double>();
        for (var i = 0; i < z.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                products.Add(Product.Dot(z[i], z[j]));
            }
        }

        return products.Average(v => v * v) - (intercept ? Math.Pow(products.Average(), 2) : 0);
    }
}
