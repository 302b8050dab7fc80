using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class CholeskyTests
{
    private static readonly Workers Two = new(2);

    public static TheoryData<int> Sizes => [.. Naive.Sizes.Where(n => n > 0), 300];

    /// <summary>Well conditioned, of size 1.</summary>
    private static Matrix Positive(int n, int seed)
    {
        var a = Naive.Covariance((2 * n) + 5, n, seed);
        for (var i = 0; i < n; i++)
        {
            a[i, i] += 0.1;
        }

        return a;
    }

    private static Cholesky Factor(Matrix a) => Assert.IsType<Cholesky>(Cholesky.TryFactor(a, Two));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Solutions_reproduce_the_right_hand_sides(int n)
    {
        var a = Positive(n, 1);
        var factor = Factor(a);
        foreach (var columns in new[] { 0, 1, 2, 5, 16, 49, 131 })
        {
            var b = Naive.Random(n, columns, 2);

            var x = factor.Solve(b, Two);

            Assert.InRange(Naive.Distance(b, Naive.Times(a, x)), 0, 1e-15 * (n + 10));
        }

        var single = Naive.Random(n, 1, 3);
        var solution = new Matrix(n, 1, factor.Solve(single.Values));
        Assert.InRange(Naive.Distance(single, Naive.Times(a, solution)), 0, 1e-15 * (n + 10));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_lower_solve_whitens(int n)
    {
        // (L^-1 A)' (L^-1 A) = A L'^-1 L^-1 A = A, and L^-1 A = L' is upper triangular.
        var a = Positive(n, 4);

        var upper = Factor(a).SolveLower(a, Two);

        Assert.InRange(Naive.Distance(a, Naive.Times(Naive.Transpose(upper), upper)), 0, 1e-15 * (n + 10));
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Assert.InRange(Math.Abs(upper[i, j]), 0, 1e-15 * (n + 10));
            }
        }
    }

    [Fact]
    public void The_logarithm_of_the_determinant_is_that_of_a_known_matrix()
    {
        // I + 1 1' has determinant n + 1.
        var n = 77;
        var a = Naive.Identity(n);
        foreach (ref var value in a.Values.AsSpan())
        {
            value += 1;
        }

        Assert.Equal(Math.Log(n + 1), Factor(a).LogDeterminant, 1e-13);
    }

    [Fact]
    public void Only_the_lower_triangle_is_read_and_nothing_is_written()
    {
        var a = Positive(70, 5);
        var lower = a.Clone();
        for (var i = 0; i < 70; i++)
        {
            lower.Row(i)[(i + 1)..].Fill(double.NaN);
        }

        var before = lower.Clone();
        var b = Naive.Random(70, 3, 6);

        var x = Factor(lower).Solve(b, Two);

        Assert.Equal(before.Values, lower.Values);
        Assert.Equal(Factor(a).Solve(b, Two).Values, x.Values);
    }

    [Fact]
    public void Ill_conditioned_systems_have_small_residuals()
    {
        // The Hilbert matrix of size 10 has condition 1.6e13; a backward stable solution still has a tiny residual.
        var n = 10;
        var a = new Matrix(n, n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                a[i, j] = 1.0 / (i + j + 1);
            }
        }

        var b = new Matrix(n, 1);
        b.Values.AsSpan().Fill(1);

        var x = Factor(a).Solve(b, Two);

        Assert.InRange(Naive.Distance(b, Naive.Times(a, x)), 0, 1e-15 * n * Naive.Size(x));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(150)]
    public void A_matrix_that_is_not_positive_definite_has_no_factor(int n)
    {
        foreach (var at in new[] { 0, n / 2, n - 1 })
        {
            foreach (var pivot in new[] { -1, 0, double.NaN, double.PositiveInfinity })
            {
                var a = Positive(n, 7);
                a.Row(at).Clear();
                for (var i = 0; i < n; i++)
                {
                    a[i, at] = 0;
                }

                a[at, at] = pivot;

                Assert.Null(Cholesky.TryFactor(a, Two));
            }
        }
    }

    [Fact]
    public void Factor_and_solutions_are_the_same_to_the_last_bit_on_any_number_of_threads()
    {
        var a = Positive(333, 8);
        var b = Naive.Random(333, 201, 9);
        Matrix Solve(int threads)
        {
            var workers = new Workers(threads);
            return Cholesky.TryFactor(a, workers)!.Solve(b, workers);
        }

        var one = Solve(1);
        Assert.Equal(one.Values, Solve(2).Values);
        Assert.Equal(one.Values, Solve(5).Values);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Cholesky.TryFactor(new Matrix(2, 3), Two));
        var factor = Factor(Positive(3, 10));
        Assert.Throws<ArgumentException>(() => factor.Solve(new Matrix(2, 3), Two));
        Assert.Throws<ArgumentException>(() => factor.SolveLower(new Matrix(4, 3), Two));
        Assert.Throws<ArgumentException>(() => factor.Solve(new double[2]));
    }
}
