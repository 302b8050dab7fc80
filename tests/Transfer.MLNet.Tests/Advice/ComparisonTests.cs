using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Evidence;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class ComparisonTests
{
    private static readonly Workers Two = new(2);

    [Fact]
    public void A_quadratic_is_found_again_from_three_values_and_is_least_where_it_should_be()
    {
        var curve = Quadratic.Through(3, 2, 5);
        Close.To(3, curve.At(0), 1e-15);
        Close.To(2, curve.At(1), 1e-15);
        Close.To(5, curve.At(2), 1e-15);
        Close.To(0.75, curve.Best(4), 1e-15);
        Assert.Equal(0.5, curve.Best(0.5));
        Assert.Equal(0, Quadratic.Through(1, 2, 5).Best(4));
        Assert.Equal(4, Quadratic.Through(3, 2, 1).Best(4));
        Assert.Equal(0, Quadratic.Through(1, 1, 1).Best(4));
    }

    [Theory]
    [InlineData(8, 30)]
    [InlineData(30, 12)]
    public void Errors_of_a_scaled_start_are_those_of_fits_without_each_row(int p, int n)
    {
        var (source, target) = Tasks(p, 3 * p, n);
        var spectrum = TaskSpectrum.Of(target, true, Two);
        var starts = SourceStarts.Of(source, [0.1, 1], 0.4, Two);
        var leftOut = LeftOutErrors.ByRows(spectrum, starts.Weights, [0.05, 0.5, 1e12], Two);
        const double scale = 0.37;
        var start = new Start([.. source.Ridge(0.4).Select(w => scale * w)]);
        var (scaled, alone) = (Refits(target, start, 0.5), Refits(target, Start.Zero(p), 0.05));
        var expected = Quadratic.Through(leftOut.Means[1, starts.None], leftOut.Means[1, starts.SourceOptimal],
            leftOut.Means[1, starts.Twice]).At(scale);
        Close.To(scaled.Average(e => e * e), expected, 1e-9);
        Close.To(alone.Average(e => e * e), leftOut.Means[0, starts.None], 1e-9);

        var differences = scaled.Zip(alone, (a, b) => (a * a) - (b * b)).ToArray();
        var error = StandardError(differences);
        Close.To(error, leftOut.PairedErrorOfScale(1, starts.None, starts.SourceOptimal, scale, (0, starts.None)), 1e-8);

        var first = Refits(target, new Start(source.Ridge(0.1)), 0.5).Zip(alone, (a, b) => (a * a) - (b * b)).ToArray();
        var paired = leftOut.PairedErrors([(0, starts.None), (1, 0)], (0, starts.None));
        Assert.Equal(0, paired[0]);
        Close.To(StandardError(first), paired[1], 1e-8);
    }

    [Fact]
    public void With_the_last_tau_nothing_is_learnt_from_the_target_but_the_intercept()
    {
        var (source, target) = Tasks(6, 100, 20);
        var spectrum = TaskSpectrum.Of(target, true, Two);
        var starts = SourceStarts.Of(source, [0.1, 1], 0.4, Two);
        var leftOut = LeftOutErrors.ByRows(spectrum, starts.Weights, [0.5, TauGrid.Endless(spectrum.Eigenvalues)], Two);
        var w = source.Ridge(0.4);
        var raw = Enumerable.Range(0, target.Rows).Select(i => target.Labels[i] - Product.Dot(target.Features.Row(i), w)).ToArray();
        var mean = raw.Average();
        Close.To(raw.Average(e => Math.Pow((e - mean) * raw.Length / (raw.Length - 1), 2)), leftOut.Means[1, starts.SourceOptimal], 1e-9);
    }

    [Fact]
    public void Folds_give_the_errors_of_fits_without_each_fold()
    {
        var (source, target) = Tasks(5, 60, 40);
        var moments = MomentsReader.Of(target, folds: 4, seed: 1, Two);
        var starts = SourceStarts.Of(source, [0.1, 1], 0.4, Two);
        var leftOut = LeftOutErrors.ByFolds(moments, true, starts.Weights, [0.05, 0.5], Two);
        var whole = 0.0;
        var differences = new List<double>();
        foreach (var fold in moments.Blocks)
        {
            var others = MomentBlock.Merge(moments.Blocks.Where(b => b != fold), 5);
            var spectrum = TaskSpectrum.Of(others, true, Two);
            double Error(double[] w)
            {
                var raw = fold.ToRawSums();
                var b = spectrum.Intercept(w);
                return raw.LabelSquares - (2 * Product.Dot(w, raw.Cross)) - (2 * b * raw.Label)
                    + Product.Dot(w, Product.Times(raw.Squares, w))
                    + (2 * b * Product.Dot(w, raw.Features)) + (fold.Count * b * b);
            }

            var scaled = Error(spectrum.Towards([.. source.Ridge(0.4).Select(v => 0.7 * v)], 0.5));
            whole += scaled;
            differences.Add((scaled - Error(spectrum.Ridge(0.05))) / fold.Count);
        }

        var curve = Quadratic.Through(leftOut.Means[1, starts.None], leftOut.Means[1, starts.SourceOptimal],
            leftOut.Means[1, starts.Twice]);
        Close.To(whole / 40, curve.At(0.7), 1e-8);
        Close.To(StandardError([.. differences]), leftOut.PairedErrorOfScale(1, starts.None, starts.SourceOptimal, 0.7, (0, starts.None)),
            1e-8);
    }

    [Fact]
    public void The_choice_has_the_least_sum_of_both_errors_relative_to_their_least()
    {
        var leftOut = new Matrix(2, 3, [1.0, 1.2, 1.1, 1.4, 1.05, 9]);
        var expected = new Matrix(2, 3, [2.0, 1.0, 1.3, 1.0, 1.04, 9]);
        var balance = new Balance(leftOut, expected, taus: 2, starts: 3);
        Assert.Equal((1, 1), balance.Best(3));
        Assert.Equal((1, 0), (balance.BestTau(0), 0));
        Assert.Equal((0, 0), new Balance(leftOut, null, 2, 3).Best(3));
        Assert.Equal(0, balance.BestTau(2));
    }

    [Fact]
    public void The_tau_of_the_formula_has_the_least_expected_distance_from_the_targets_weights()
    {
        var (source, target) = Tasks(12, 40, 15);
        var spectrum = TaskSpectrum.Of(target, true, Two);
        const double share = 0.6;
        var tau = PluginTau.Of(source, spectrum, share, 0.3, 0.55, 0.8, Two)!.Value;

        // M = tau_1^2 Q1 S Q1 by plain matrices, then the objective on a fine grid.
        var (p, a0, a1) = (12, Gram(source), Gram(spectrum));
        var m = new Matrix(p, p);
        var q = Inverse(a1, 0.3);
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++)
            {
                m[i, j] = 0.09 * Enumerable.Range(0, p)
                    .Sum(k => Enumerable.Range(0, p).Sum(l => q[i, k] * ((share * a0[k, l]) + ((1 - share) * a1[k, l])) * q[l, j]));
            }
        }

        double Value(double t)
        {
            var sum = 0.0;
            for (var k = 0; k < source.Eigenvalues.Length; k++)
            {
                var v = Enumerable.Range(0, p).Select(i => source.Basis[i, k]).ToArray();
                var weight = Product.Dot(v, Product.Times(m, v));
                var lambda = source.Eigenvalues[k];
                sum += weight * (Math.Pow((lambda / (lambda + t)) - 0.55, 2) + (0.8 * lambda / Math.Pow(lambda + t, 2)));
            }

            return sum;
        }

        Assert.True(Value(tau) <= Enumerable.Range(0, 4000).Min(i => Value(Math.Pow(10, -4 + (i * 0.002)))) * (1 + 1e-9));
        Assert.Null(PluginTau.Of(source, spectrum, share, 0.3, -0.1, 0.8, Two));
        Assert.Null(PluginTau.Of(source, spectrum, share, 0.3, null, 0.8, Two));
    }

    private static Matrix Gram(TaskSpectrum task)
    {
        var a = new Matrix(task.FeatureCount, task.FeatureCount);
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < a.Rows; j++)
            {
                a[i, j] = Enumerable.Range(0, task.Eigenvalues.Length).Sum(k => task.Basis[i, k] * task.Eigenvalues[k] * task.Basis[j, k]);
            }
        }

        return a;
    }

    private static MathNet.Numerics.LinearAlgebra.Matrix<double> Inverse(Matrix a, double tau) =>
        MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(a.Rows, a.Rows, (i, j) => a[i, j] + (i == j ? tau : 0)).Inverse();

    private static (TaskSpectrum Source, HeldRows Target) Tasks(int p, int n0, int n1)
    {
        var random = new Random(8);
        var (w0, w1) = SimulatedTask.Truths(random, p, 0.6, 0.3);
        return (TaskSpectrum.Of(SimulatedTask.Rows(random, n0, w0, 0.7), true, Two), SimulatedTask.Rows(random, n1, w1, 0.7));
    }

    /// <summary>The error on each row of a fit to the others, the summed penalty kept.</summary>
    private static double[] Refits(HeldRows rows, Start start, double tau)
    {
        var n = rows.Rows;
        return [.. Enumerable.Range(0, n).Select(left =>
        {
            int[] kept = [.. Enumerable.Range(0, n).Where(i => i != left)];
            var features = new Matrix(n - 1, rows.FeatureCount, [.. kept.SelectMany(i => rows.Features.Row(i).ToArray())]);
            var fit = RidgeSolver.Solve(
                new HeldRows(features, [.. kept.Select(i => rows.Labels[i])]), start, tau * n / (n - 1), InterceptRule.Free, Two);
            return rows.Labels[left] - fit.Intercept - Product.Dot(rows.Features.Row(left), fit.Weights);
        })];
    }

    private static double StandardError(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length);
    }
}
