using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class SymmetricEigenTests
{
    private static readonly Workers Two = new(2);

    private static Matrix RandomSymmetric(int n, int seed)
    {
        var a = Naive.Random(n, n, seed);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                a[j, i] = a[i, j];
            }
        }

        return a;
    }

    /// <summary>Q diag(values) Q' with Q a product of three reflections.</summary>
    private static Matrix WithSpectrum(double[] values, int seed)
    {
        var n = values.Length;
        var a = new Matrix(n, n);
        for (var i = 0; i < n; i++)
        {
            a[i, i] = values[i];
        }

        for (var k = 0; k < 3; k++)
        {
            var v = Naive.Random(n, 1, seed + k).Values;
            var squares = v.Sum(x => x * x);
            for (var side = 0; side < 2; side++)
            {
                for (var i = 0; i < n; i++)
                {
                    var row = a.Row(i);
                    var along = 0.0;
                    for (var j = 0; j < n; j++)
                    {
                        along += row[j] * v[j];
                    }

                    for (var j = 0; j < n; j++)
                    {
                        row[j] -= 2 / squares * along * v[j];
                    }
                }

                a = Naive.Transpose(a);
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                a[j, i] = a[i, j];
            }
        }

        return a;
    }

    private static Matrix Tridiagonal(int n, Func<int, double> diagonal, Func<int, double> off)
    {
        var a = new Matrix(n, n);
        for (var i = 0; i < n; i++)
        {
            a[i, i] = diagonal(i);
            if (i > 0)
            {
                a[i, i - 1] = a[i - 1, i] = off(i);
            }
        }

        return a;
    }

    /// <summary>Residual, orthogonality and order, in units of n u |A|; gives the decomposition.</summary>
    private static SymmetricEigen Check(Matrix a, double allowed = 4)
    {
        var n = a.Rows;
        var eigen = SymmetricEigen.Of(a, Two);
        Assert.Equal(n, eigen.Values.Length);
        for (var j = 1; j < n; j++)
        {
            Assert.True(eigen.Values[j - 1] >= eigen.Values[j]);
        }

        // A = largest / size and so on: products that neither overflow nor vanish.
        var unit = 1.2e-16 * Math.Max(n, 10);
        var size = Naive.Size(a);
        var scaled = a.Clone();
        var values = (double[])eigen.Values.Clone();
        if (size > 0)
        {
            foreach (ref var value in scaled.Values.AsSpan())
            {
                value /= size;
            }

            for (var j = 0; j < n; j++)
            {
                values[j] /= size;
            }
        }

        var norm = Math.Sqrt(Product.Dot(scaled.Values, scaled.Values)) + double.Epsilon;
        var left = Product.Times(scaled, eigen.Vectors, Two);
        var right = eigen.Vectors.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                right[i, j] *= values[j];
            }
        }

        Assert.InRange(Naive.Distance(left, right), 0, allowed * unit * norm);
        var gram = Product.TransposedTimes(eigen.Vectors, eigen.Vectors, Two);
        Assert.InRange(Naive.Distance(Naive.Identity(n), gram), 0, allowed * unit);
        return eigen;
    }

    public static TheoryData<int> Sizes => [0, 1, 2, 3, 4, 5, 8, 15, 24, 25, 26, 33, 48, 49, 50, 64, 65, 97, 101, 127, 200, 257];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_random_matrix_is_rebuilt_by_orthogonal_vectors(int n) => Check(RandomSymmetric(n, n));

    [Fact]
    public void A_matrix_large_enough_to_be_multiplied_in_parts_is_rebuilt() => Check(RandomSymmetric(700, 1));

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(201)]
    public void Known_spectra_are_found(int n)
    {
        var spectra = new Dictionary<string, Func<int, double>>
        {
            ["evenly spaced"] = i => i + 1,
            ["all the same"] = _ => 3,
            ["two clusters"] = i => i % 2 == 0 ? 1 : 2,
            ["clusters that differ by rounding"] = i => (i % 3) + (i * 1e-15),
            ["rank two"] = i => i < 2 ? i + 1 : 0,
            ["half of the rank"] = i => i < n / 2 ? 1.0 / (i + 1) : 0,
            ["falling by powers"] = i => Math.Pow(2, -i),
            ["one far from the rest"] = i => i == 0 ? 1e12 : 1,
            ["of both signs"] = i => (i % 2 == 0 ? 1 : -1) * (i + 1),
            ["one negative"] = i => i == 0 ? -5 : 1,
        };
        foreach (var (name, value) in spectra)
        {
            var values = Enumerable.Range(0, n).Select(value).ToArray();

            var eigen = Check(WithSpectrum(values, 5), 8);

            Array.Sort(values);
            Array.Reverse(values);
            var largest = values.Max(Math.Abs);
            Assert.True(
                Naive.Distance(values, eigen.Values) <= 2e-15 * Math.Max(n, 10) * largest,
                $"{name}: {Naive.Distance(values, eigen.Values) / largest}");
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(333)]
    public void The_second_difference_has_its_known_eigenvalues(int n)
    {
        var eigen = Check(Tridiagonal(n, _ => 2, _ => -1));

        for (var k = 0; k < n; k++)
        {
            Assert.Equal(2 - (2 * Math.Cos((n - k) * Math.PI / (n + 1))), eigen.Values[k], 1e-14);
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(201)]
    public void Wilkinsons_pairs_that_agree_in_every_digit_have_orthogonal_vectors(int n)
    {
        var eigen = Check(Tridiagonal(n, i => Math.Abs(i - (n / 2)), _ => 1));

        Assert.Equal((n / 2) + 0.746194182903322, eigen.Values[0], 1e-11);
        Assert.Equal(eigen.Values[0], eigen.Values[1], 1e-12);
    }

    [Fact]
    public void Wilkinsons_matrices_glued_together_have_orthogonal_vectors()
    {
        foreach (var glue in new[] { 1e-4, 1e-8, 1e-14, 0 })
        {
            Check(Tridiagonal(210, i => Math.Abs((i % 21) - 10), i => i % 21 == 0 ? glue : 1));
        }
    }

    [Fact]
    public void Special_matrices_are_decomposed()
    {
        foreach (var n in new[] { 1, 2, 30, 100 })
        {
            Check(new Matrix(n, n));
            Check(Naive.Identity(n));
            var ones = new Matrix(n, n);
            ones.Values.AsSpan().Fill(1);
            Assert.Equal(n, Check(ones).Values[0], 1e-12);
            Check(Tridiagonal(n, i => i, _ => 0));
            Check(Tridiagonal(n, i => Math.Pow(10, -i), i => Math.Pow(10, -i)));
            Check(Tridiagonal(n, i => Math.Pow(10, i - n), i => Math.Pow(10, i - n)));
            Check(Tridiagonal(n, _ => 0, _ => 1));
            Check(Tridiagonal(n, _ => 1, _ => 1e-9));
            Check(Tridiagonal(n, _ => 0, i => i % 7 == 0 ? 1e-200 : 1));
        }
    }

    [Theory]
    [InlineData(60, 20)]
    [InlineData(150, 200)]
    [InlineData(40, 130)]
    public void Gram_matrices_have_the_squares_of_the_singular_values(int rows, int n)
    {
        var x = Naive.Random(rows, n, 3);
        var primal = Check(Naive.Times(Naive.Transpose(x), x));
        var dual = Check(Naive.Times(x, Naive.Transpose(x)));

        for (var i = 0; i < n; i++)
        {
            var expected = i < rows ? dual.Values[i] : 0;
            Assert.Equal(expected, primal.Values[i], 1e-13 * primal.Values[0]);
        }
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-160)]
    [InlineData(1e160)]
    [InlineData(1e306)]
    public void The_scale_of_the_matrix_does_not_matter(double scale)
    {
        var a = RandomSymmetric(60, 9);
        var plain = SymmetricEigen.Of(a, Two);
        foreach (ref var value in a.Values.AsSpan())
        {
            value *= scale;
        }

        var eigen = Check(a);

        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(plain.Values[i], eigen.Values[i] / scale, 1e-13);
        }
    }

    [Fact]
    public void Only_the_lower_triangle_is_read_and_nothing_is_written()
    {
        var a = RandomSymmetric(80, 10);
        var lower = a.Clone();
        for (var i = 0; i < 80; i++)
        {
            lower.Row(i)[(i + 1)..].Fill(double.NaN);
        }

        var before = lower.Clone();

        var eigen = SymmetricEigen.Of(lower, Two);

        Assert.Equal(before.Values, lower.Values);
        Assert.Equal(SymmetricEigen.Of(a, Two).Vectors.Values, eigen.Vectors.Values);
    }

    [Theory]
    [InlineData(230)]
    [InlineData(700)]
    public void The_decomposition_is_the_same_to_the_last_bit_on_any_number_of_threads(int n)
    {
        var a = RandomSymmetric(n, 11);
        var one = SymmetricEigen.Of(a, new Workers(1));
        foreach (var threads in new[] { 2, 5 })
        {
            var many = SymmetricEigen.Of(a, new Workers(threads));
            Assert.Equal(one.Values, many.Values);
            Assert.Equal(one.Vectors.Values, many.Vectors.Values);
        }
    }

    [Fact]
    public void A_matrix_that_is_not_square_or_not_finite_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SymmetricEigen.Of(new Matrix(2, 3), Two));
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            var a = RandomSymmetric(30, 12);
            a[17, 4] = bad;
            var thrown = Assert.Throws<ArgumentException>(() => SymmetricEigen.Of(a, Two));
            Assert.Contains("Row 17", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Cancellation_is_noticed_between_blocks()
    {
        using var cancel = new CancellationTokenSource();
        var a = RandomSymmetric(700, 13);
        cancel.CancelAfter(30);

        Assert.Throws<OperationCanceledException>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                SymmetricEigen.Of(a, new Workers(2, cancel.Token));
            }
        });
    }
}
