using MathNet.Numerics.LinearAlgebra;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

/// <summary>Against the same Gaussian model written out in the space of the rows, by MathNet.</summary>
public class JointLikelihoodTests
{
    private static readonly Hyperparameters _first = new(0.7, 0.3, 1.1, 0.6, 0.55);
    private static readonly Hyperparameters _second = new(0.2, 1.3, 0.8, 0.9, -0.35);

    // Both sides tall, one wide, both wide, and the source of lower rank: each order of the two sides is met.
    public static TheoryData<int, int, int> Shapes => new() { { 6, 15, 11 }, { 9, 20, 5 }, { 9, 5, 20 }, { 12, 7, 6 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Differences_of_the_log_likelihood_are_those_of_the_dense_gaussian(int p, int n0, int n1)
    {
        var (source, target) = Tasks(p, n0, n1);
        var model = Model(source, target);

        var ours = model.TryAt(_first, Workers.All)!.LogLikelihood - model.TryAt(_second, Workers.All)!.LogLikelihood;

        var dense = new Dense(source, target);
        Assert.Equal(dense.LogLikelihood(_first) - dense.LogLikelihood(_second), ours, 1e-9 * Math.Max(1, Math.Abs(ours)));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Posterior_means_and_variances_of_the_coefficients_are_those_of_the_dense_gaussian(int p, int n0, int n1)
    {
        var (source, target) = Tasks(p, n0, n1);
        var at = Model(source, target).TryAt(_first, Workers.All)!;
        var (sourceMean, targetMean, targetCovariance) = new Dense(source, target).Posterior(_first);

        var mean = at.TargetMean();
        var source0 = at.SourceMean();
        for (var j = 0; j < p; j++)
        {
            Assert.Equal(targetMean[j], mean[j], 1e-9);
            Assert.Equal(sourceMean[j], source0[j], 1e-9);
        }

        var g = new Matrix(p, 2);
        for (var j = 0; j < p; j++)
        {
            (g[j, 0], g[j, 1]) = (Math.Sin(j + 1), Math.Cos(2 * j));
        }

        var s = TaskSpectrum.Of(source, intercept: true, Workers.All);
        var t = TaskSpectrum.Of(target, intercept: true, Workers.All);
        var norms = Enumerable.Range(0, 2).Select(k => Enumerable.Range(0, p).Sum(j => g[j, k] * g[j, k])).ToArray();
        var variances = at.TargetVariances(
            Product.TransposedTimes(s.Basis, g, Workers.All), Product.TransposedTimes(t.Basis, g, Workers.All), norms, Workers.All);
        for (var k = 0; k < 2; k++)
        {
            var column = Vector<double>.Build.Dense(p, j => g[j, k]);
            Assert.Equal(column * targetCovariance * column, variances[k], 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_gradient_of_the_density_is_that_of_its_differences(int p, int n0, int n1)
    {
        var (source, target) = Tasks(p, n0, n1);
        var posterior = new HyperparameterPosterior(Model(source, target));
        foreach (var at in new[] { _first, _second, _first with { Correlation = 0 } })
        {
            var point = posterior.TryAt(at.ToVector(), Workers.All)!;
            var gradient = point.Gradient();
            for (var i = 0; i < gradient.Length; i++)
            {
                const double h = 1e-5;
                var (up, down) = (at.ToVector(), at.ToVector());
                up[i] += h;
                down[i] -= h;
                var difference = (posterior.TryAt(up, Workers.All)!.LogDensity - posterior.TryAt(down, Workers.All)!.LogDensity) / (2 * h);
                // Rounding of the density over h, and h^2 of its third derivative.
                Assert.Equal(difference, gradient[i], 2e-8);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Second_moments_of_the_coefficients_are_those_of_the_dense_gaussian(int p, int n0, int n1)
    {
        var (source, target) = Tasks(p, n0, n1);
        foreach (var at in new[] { _first, _second })
        {
            var ours = Model(source, target).TryAt(at, Workers.All)!.SecondMoments();
            var (mean, covariance) = new Dense(source, target).Both(at);
            var (m0, m1) = (mean.SubVector(0, p), mean.SubVector(p, p));

            Close.To((m0 * m0) + covariance.SubMatrix(0, p, 0, p).Trace(), ours.Signal, 1e-9);
            Close.To((m0 * m1) + covariance.SubMatrix(0, p, p, p).Trace(), ours.Cross, 1e-9);
            Close.To((m1 * m1) + covariance.SubMatrix(p, p, p, p).Trace(), ours.TargetSignal, 1e-9);
            Close.To(m1.ToArray(), ours.TargetMean, 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_covariance_of_the_alignment_is_that_of_quadratic_forms_of_the_dense_gaussian_and_of_the_hyperparameters(int p, int n0, int n1)
    {
        var (source, target) = Tasks(p, n0, n1);
        var posterior = new HyperparameterPosterior(Model(source, target));
        var mode = PosteriorMode.Find(posterior, Workers.All);

        // The mode is one: no slope is left beyond what the search calls the end.
        var at = mode.Evaluation.At;
        var slope = Vector<double>.Build.DenseOfArray(posterior.TryAt(at.ToVector(), Workers.All)!.Gradient());
        Assert.InRange(slope * mode.Covariance * slope, 0, 1e-3);

        // Cov(w'Aw, w'Bw) = 2 tr(A C B C) + 4 m'A C B m of w = (w0, w1).
        var dense = new Dense(source, target);
        var (m, c) = dense.Both(at);
        var signal = Matrix<double>.Build.Dense(2 * p, 2 * p, (i, j) => i == j && i < p ? 1 : 0);
        var cross = Matrix<double>.Build.Dense(2 * p, 2 * p, (i, j) => Math.Abs(i - j) == p ? 0.5 : 0);
        double Given(Matrix<double> a, Matrix<double> b) => (2 * (a * c * b * c).Trace()) + (4 * (m * a * c * b * m));

        // The hyperparameters' share by the dense moments' own differences.
        var slopes = Matrix<double>.Build.Dense(2, Hyperparameters.Count, (k, i) =>
        {
            const double h = 1e-4;
            var (up, down) = (at.ToVector(), at.ToVector());
            up[i] += h;
            down[i] -= h;
            return (Expected(Hyperparameters.Of(up)) - Expected(Hyperparameters.Of(down))) / (2 * h);

            double Expected(Hyperparameters there)
            {
                var (mean, covariance) = dense.Both(there);
                var form = k == 0 ? cross : signal;
                return (mean * form * mean) + (form * covariance).Trace();
            }
        });
        var between = slopes * mode.Covariance * slopes.Transpose();

        // Differences of step 1e-3 are good to about 1e-6 of the largest.
        Close.To(Given(cross, cross) + between[0, 0], mode.Alignment.CrossVariance, 1e-5);
        Close.To(Given(signal, signal) + between[1, 1], mode.Alignment.SignalVariance, 1e-5);
        Close.To(Given(signal, cross) + between[0, 1], mode.Alignment.Covariance, 1e-5);
    }

    private static (HeldRows Source, HeldRows Target) Tasks(int p, int n0, int n1)
    {
        var random = new Random(p + n0);
        var (w0, w1) = SimulatedTask.Truths(random, p, 0.6, 0.4);
        return (SimulatedTask.Rows(random, n0, w0, 0.8), SimulatedTask.Rows(random, n1, w1, 0.7));
    }

    private static JointLikelihood Model(HeldRows source, HeldRows target) => new(
        TaskEvidence.Of(TaskSpectrum.Of(source, intercept: true, Workers.All)),
        TaskEvidence.Of(TaskSpectrum.Of(target, intercept: true, Workers.All)),
        Workers.All);

    /// <summary>y0 and y1 about their means, as Gaussian vectors in an orthonormal basis of what is orthogonal to the constant.</summary>
    private sealed class Dense(HeldRows source, HeldRows target)
    {
        private readonly (Matrix<double> X, Vector<double> Y, int N) _source = Contrasts(source);
        private readonly (Matrix<double> X, Vector<double> Y, int N) _target = Contrasts(target);

        public double LogLikelihood(Hyperparameters at)
        {
            var sigma = Covariance(at);
            var y = Labels();
            var factor = sigma.Cholesky();
            return -0.5 * (factor.DeterminantLn + (y * factor.Solve(y)));
        }

        public (Vector<double> Source, Vector<double> Target, Matrix<double> TargetCovariance) Posterior(Hyperparameters at)
        {
            var (v0, v1, v01) = Variances(at);
            var factor = Covariance(at).Cholesky();
            var weights = factor.Solve(Labels());
            var toSource = (v0 * _source.X.Transpose()).Append(v01 * _target.X.Transpose());
            var toTarget = (v01 * _source.X.Transpose()).Append(v1 * _target.X.Transpose());
            var prior = Matrix<double>.Build.DenseIdentity(_source.X.ColumnCount) * v1;
            return (toSource * weights, toTarget * weights, prior - (toTarget * factor.Solve(toTarget.Transpose())));
        }

        /// <summary>Mean and covariance of (w0, w1) given the data, from their joint precision.</summary>
        public (Vector<double> Mean, Matrix<double> Covariance) Both(Hyperparameters at)
        {
            var (v0, v1, v01) = Variances(at);
            var p = _source.X.ColumnCount;
            var prior = Matrix<double>.Build.Dense(2, 2, [v0, v01, v01, v1]).Inverse().KroneckerProduct(Matrix<double>.Build.DenseIdentity(p));
            var seen = Matrix<double>.Build.Dense(2 * p, 2 * p);
            seen.SetSubMatrix(0, 0, _source.X.TransposeThisAndMultiply(_source.X) / at.SourceNoise);
            seen.SetSubMatrix(p, p, _target.X.TransposeThisAndMultiply(_target.X) / at.TargetNoise);
            var weighted = Vector<double>.Build.DenseOfEnumerable(
                (_source.X.TransposeThisAndMultiply(_source.Y) / at.SourceNoise).Concat(_target.X.TransposeThisAndMultiply(_target.Y) / at.TargetNoise));
            var covariance = (prior + seen).Inverse();
            return (covariance * weighted, covariance);
        }

        private Matrix<double> Covariance(Hyperparameters at)
        {
            var (v0, v1, v01) = Variances(at);
            var (x0, x1) = (_source.X, _target.X);
            var top = ((v0 * x0 * x0.Transpose()) + (at.SourceNoise * Matrix<double>.Build.DenseIdentity(x0.RowCount))).Append(v01 * x0 * x1.Transpose());
            var bottom = (v01 * x1 * x0.Transpose()).Append((v1 * x1 * x1.Transpose()) + (at.TargetNoise * Matrix<double>.Build.DenseIdentity(x1.RowCount)));
            return top.Stack(bottom);
        }

        private (double V0, double V1, double V01) Variances(Hyperparameters at)
        {
            var (v0, v1) = (at.SourceVariance(_source.N), at.TargetVariance(_target.N));
            return (v0, v1, at.Correlation * Math.Sqrt(v0 * v1));
        }

        private Vector<double> Labels() => Vector<double>.Build.DenseOfEnumerable(_source.Y.Concat(_target.Y));

        // Helmert contrasts of the rows.
        private static (Matrix<double> X, Vector<double> Y, int N) Contrasts(HeldRows rows)
        {
            var n = rows.Rows;
            var helmert = Matrix<double>.Build.Dense(n - 1, n, (i, j) => j <= i ? 1 / Math.Sqrt((i + 1.0) * (i + 2)) : j == i + 1 ? -(i + 1) / Math.Sqrt((i + 1.0) * (i + 2)) : 0);
            var x = Matrix<double>.Build.Dense(n, rows.FeatureCount, (i, j) => rows.Features[i, j]);
            return (helmert * x, helmert * Vector<double>.Build.DenseOfArray(rows.Labels), n);
        }
    }
}
