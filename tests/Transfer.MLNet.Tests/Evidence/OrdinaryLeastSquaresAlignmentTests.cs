using MathNet.Numerics.LinearAlgebra;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

/// <summary>Checks D1 to D11 of the reference, on fixed designs of ours: estimates by dense algebra, their distribution by simulation.</summary>
public class OrdinaryLeastSquaresAlignmentTests
{
    private const int Features = 6;
    private const double SourceDeviation = 0.9;
    private const double TargetDeviation = 0.7;

    [Fact]
    public void Estimates_are_those_of_the_dense_formulas()
    {
        var tasks = new FixedTasks(22, 17);
        var (source, target) = tasks.Draw(new Random(1));

        var ours = Of(source, target);

        var (u0, v0, s0) = Dense(source);
        var (u1, v1, s1) = Dense(target);
        var f0 = 22.0 - Features - 1;
        Close.To(s0, ours.SourceNoise, 1e-10);
        Close.To(s1, ours.TargetNoise, 1e-10);
        Close.To((u0 * u0) - (s0 * v0.Trace()), ours.Moments.Signal, 1e-10);
        Close.To(u0 * u1, ours.Moments.Cross, 1e-10);
        Close.To((s0 * (u1 * v0 * u1)) + (s1 * (u0 * v1 * u0)) - (s0 * s1 * (v0 * v1).Trace()), ours.Moments.CrossVariance, 1e-10);
        Close.To(
            (4 * s0 * (u0 * v0 * u0)) + (f0 / (f0 + 2) * s0 * s0 * ((2 * v0.Trace() * v0.Trace() / f0) - (2 * (v0 * v0).Trace()))),
            ours.Moments.SignalVariance,
            1e-10);
        Close.To(2 * s0 * (u1 * v0 * u0), ours.Moments.Covariance, 1e-10);
    }

    [Fact]
    public void Signal_cross_noise_and_their_variances_are_unbiased()
    {
        const int draws = 6000;
        var tasks = new FixedTasks(30, 24);
        var random = new Random(2);
        var estimates = new List<OrdinaryLeastSquaresAlignment>();
        for (var draw = 0; draw < draws; draw++)
        {
            var (source, target) = tasks.Draw(random);
            estimates.Add(Of(source, target));
        }

        Unbiased(tasks.Signal, e => e.Moments.Signal);
        Unbiased(tasks.Cross, e => e.Moments.Cross);
        Unbiased(SourceDeviation * SourceDeviation, e => e.SourceNoise);
        Unbiased(TargetDeviation * TargetDeviation, e => e.TargetNoise);

        // The variances as they were: squares of what was estimated about its known mean.
        Unbiased(0, e => Math.Pow(e.Moments.Cross - tasks.Cross, 2) - e.Moments.CrossVariance);
        Unbiased(0, e => Math.Pow(e.Moments.Signal - tasks.Signal, 2) - e.Moments.SignalVariance);
        Unbiased(0, e => ((e.Moments.Cross - tasks.Cross) * (e.Moments.Signal - tasks.Signal)) - e.Moments.Covariance);

        void Unbiased(double truth, Func<OrdinaryLeastSquaresAlignment, double> of)
        {
            var values = estimates.Select(of).ToArray();
            var mean = values.Average();
            var error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / draws / (draws - 1));
            Assert.True(Math.Abs(mean - truth) < 4 * error, $"{mean} is not {truth} within 4 times {error}");
        }
    }

    [Fact]
    public void The_interval_of_rho_holds_the_truth_as_often_as_it_says()
    {
        const int draws = 3000;
        var tasks = new FixedTasks(30, 24, 0.35);
        var random = new Random(5);
        var (inside, unbounded) = (0, 0);
        for (var draw = 0; draw < draws; draw++)
        {
            var (source, target) = tasks.Draw(random);
            var alignment = Of(source, target).Alignment;
            inside += alignment.Contains(tasks.Cross / tasks.Signal) ? 1 : 0;
            unbounded += alignment.IsIdentified ? 0 : 1;
        }

        // Checks D10 and D11 have 95.4 % for the delta method and 93.7 % for Fieller with z; binomial noise is 0.4 %.
        Assert.InRange(inside / (double)draws, 0.935, 0.97);
        Assert.InRange(unbounded, 0, draws / 50);
    }

    [Fact]
    public void Least_squares_suits_twice_as_many_rows_as_independent_features()
    {
        Assert.True(OrdinaryLeastSquaresAlignment.Suits(Pair(12, 12)));
        Assert.False(OrdinaryLeastSquaresAlignment.Suits(Pair(11, 12)));
        Assert.False(OrdinaryLeastSquaresAlignment.Suits(Pair(12, 11)));

        static JointLikelihood Pair(int n0, int n1)
        {
            var (source, target) = new FixedTasks(n0, n1).Draw(new Random(3));
            return Model(source, target);
        }
    }

    [Fact]
    public void Duplicate_columns_are_refused_with_the_number_that_are_independent()
    {
        var (source, target) = new FixedTasks(30, 30).Draw(new Random(4));
        for (var i = 0; i < 30; i++)
        {
            source.Features[i, 1] = source.Features[i, 0];
        }

        var e = Assert.Throws<InvalidOperationException>(() => Of(source, target));

        Assert.Contains("source", e.Message, StringComparison.Ordinal);
        Assert.Contains("6 features, of which 5 are independent", e.Message, StringComparison.Ordinal);
    }

    private static JointLikelihood Model(HeldRows source, HeldRows target) => new(
        TaskEvidence.Of(TaskSpectrum.Of(source, intercept: true, Workers.All)), TaskEvidence.Of(TaskSpectrum.Of(target, intercept: true, Workers.All)), Workers.All);

    private static OrdinaryLeastSquaresAlignment Of(HeldRows source, HeldRows target) => OrdinaryLeastSquaresAlignment.Of(Model(source, target));

    private static (Vector<double> Coefficients, Matrix<double> Inverse, double Noise) Dense(HeldRows rows)
    {
        var (n, p) = (rows.Rows, rows.FeatureCount);
        var x = Matrix<double>.Build.Dense(n, p + 1, (i, j) => j < p ? rows.Features[i, j] : 1);
        var y = Vector<double>.Build.DenseOfArray(rows.Labels);
        var inverse = x.TransposeThisAndMultiply(x).Inverse();
        var u = inverse * x.TransposeThisAndMultiply(y);
        var residual = y - (x * u);
        return (u.SubVector(0, p), inverse.SubMatrix(0, p, 0, p), residual * residual / (n - p - 1));
    }

    /// <summary>Correlated features of unequal scale, held fixed, and new noise in every draw.</summary>
    private sealed class FixedTasks
    {
        private readonly double[] _w0 = [0.7, -0.4, 0.2, 0.1, 0, -0.3];
        private readonly double[] _w1 = [0.5, -0.1, 0.3, 0, 0.2, -0.2];
        private readonly HeldRows _source;
        private readonly HeldRows _target;
        private readonly double _noiseScale;

        public FixedTasks(int n0, int n1, double noiseScale = 1)
        {
            _noiseScale = noiseScale;
            var random = new Random(7);
            double[] deviations = [1.5, 1, 1, 0.8, 0.8, 0.6];
            _source = SimulatedTask.Rows(random, n0, new double[Features], 1, deviations);
            _target = SimulatedTask.Rows(random, n1, new double[Features], 1, deviations);
            foreach (var rows in new[] { _source, _target })
            {
                for (var i = 0; i < rows.Rows; i++)
                {
                    rows.Features[i, 1] += 0.6 * rows.Features[i, 0];
                }
            }
        }

        public double Signal => Product.Dot(_w0, _w0);

        public double Cross => Product.Dot(_w0, _w1);

        public (HeldRows Source, HeldRows Target) Draw(Random random) =>
            (
            Labelled(_source, _w0, _noiseScale * SourceDeviation, random), Labelled(_target, _w1, _noiseScale * TargetDeviation, random));

        private static HeldRows Labelled(HeldRows rows, double[] w, double deviation, Random random)
        {
            var labels = new double[rows.Rows];
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = 3 + Product.Dot(rows.Features.Row(i), w) + MathNet.Numerics.Distributions.Normal.Sample(random, 0, deviation);
            }

            return new HeldRows(rows.Features.Clone(), labels);
        }
    }
}
