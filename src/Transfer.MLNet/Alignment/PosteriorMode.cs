using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Alignment;

/// <summary>The hyperparameters' most likely point and the curvature there.</summary>
/// <param name="Point">In the coordinates of <see cref="Hyperparameters.ToVector"/>.</param>
/// <param name="Covariance">The inverse of the negative Hessian, its eigenvalues kept within reason.</param>
internal sealed record PosteriorMode(Vector<double> Point, Matrix<double> Covariance)
{
    private const double GradientStep = 1e-3;

    // In units of the log density per unit of its logarithmic coordinates: the mode is a centre to sample about, not an answer.
    private const double GradientTolerance = 0.05;
    private const double CurvatureStep = 0.05;

    // A direction that the data say nothing of is searched over this standard deviation.
    private const double WidestDeviation = 2.5;

    public static PosteriorMode Find(HyperparameterPosterior posterior, Workers workers)
    {
        var start = posterior.Start(workers);
        var best = (Point: Vector<double>.Build.DenseOfArray(start), Value: -posterior.LogDensity(start, workers));

        double Value(Vector<double> x)
        {
            var value = -posterior.LogDensity(x.ToArray(), workers);
            // A finite wall: the line search steps back from it, and differences with it stay numbers.
            value = double.IsFinite(value) ? value : 1e100;
            if (value < best.Value)
            {
                best = (x.Clone(), value);
            }

            return value;
        }

        // Forward differences: half the work of central ones, and exact enough for the centre of a sample.
        Vector<double> Gradient(Vector<double> x)
        {
            var values = new double[x.Count + 1];
            workers.For(values.Length, i =>
            {
                var at = x.ToArray();
                if (i < at.Length)
                {
                    at[i] += GradientStep;
                }

                values[i] = Finite(-posterior.LogDensity(at, workers.Single));
            });
            return Vector<double>.Build.Dense(x.Count, i => (values[i] - values[^1]) / GradientStep);
        }

        try
        {
            new BfgsMinimizer(GradientTolerance, 1e-4, 1e-6, 30).FindMinimum(ObjectiveFunction.Gradient(Value, Gradient), best.Point);
        }
        catch (Exception e) when (e is OptimizationException or MaximumIterationsException)
        {
            // The line search gave up, as it may on a nearly flat density: the best point that was seen is as good a centre.
        }

        return new(best.Point, CovarianceAt(posterior, best.Point, workers));
    }

    // -log density at x + h e_i and x - h e_i, by turns.
    private static double[] Around(HyperparameterPosterior posterior, Vector<double> x, double step, Workers workers)
    {
        var values = new double[2 * x.Count];
        workers.For(values.Length, i =>
        {
            var at = x.ToArray();
            at[i / 2] += i % 2 == 0 ? step : -step;
            values[i] = Finite(-posterior.LogDensity(at, workers.Single));
        });
        return values;
    }

    private static Matrix<double> CovarianceAt(HyperparameterPosterior posterior, Vector<double> x, Workers workers)
    {
        var d = x.Count;
        var single = Around(posterior, x, CurvatureStep, workers);
        var centre = Finite(-posterior.LogDensity(x.ToArray(), workers));
        var pairs = (from i in Enumerable.Range(0, d) from j in Enumerable.Range(0, i) select (i, j)).ToArray();
        var both = new double[2 * pairs.Length];
        workers.For(both.Length, k =>
        {
            var (i, j) = pairs[k / 2];
            var step = k % 2 == 0 ? CurvatureStep : -CurvatureStep;
            var at = x.ToArray();
            at[i] += step;
            at[j] += step;
            both[k] = Finite(-posterior.LogDensity(at, workers.Single));
        });
        var h2 = CurvatureStep * CurvatureStep;
        var hessian = Matrix<double>.Build.Dense(d, d);
        for (var i = 0; i < d; i++)
        {
            hessian[i, i] = (single[2 * i] - (2 * centre) + single[(2 * i) + 1]) / h2;
        }

        for (var k = 0; k < pairs.Length; k++)
        {
            var (i, j) = pairs[k];
            hessian[i, j] = hessian[j, i] = (both[2 * k] + both[(2 * k) + 1] + (2 * centre)
                - single[2 * i] - single[(2 * i) + 1] - single[2 * j] - single[(2 * j) + 1]) / (2 * h2);
        }

        var eigen = hessian.Evd(Symmetricity.Symmetric);
        var variances = eigen.EigenValues.Map(v => Math.Min(1 / Math.Max(v.Real, 1e-12), WidestDeviation * WidestDeviation));
        return eigen.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(variances) * eigen.EigenVectors.Transpose();
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 1e100;
}
