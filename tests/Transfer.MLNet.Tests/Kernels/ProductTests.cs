using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class ProductTests
{
    private static readonly Workers Two = new(2);

    // |fl(x'y) - x'y| <= k u |x|'|y| of each of the two sums compared, with elements of at most 1.
    private static double Bound(int depth) => 4 * (depth + 1) * 1.2e-16 * Math.Max(1, depth);

    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (var n in Naive.Sizes)
            {
                shapes.Add(n, n, n);
                shapes.Add(n, 13, 5);
                shapes.Add(5, n, 37);
                shapes.Add(50, 3, n);
            }

            shapes.Add(10, 600, 9);
            shapes.Add(101, 257, 203);
            shapes.Add(1601, 5, 7);
            shapes.Add(3, 4, 1600);
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_three_products_agree_with_the_triple_loop(int m, int k, int n)
    {
        var a = Naive.Random(m, k, 1);
        var b = Naive.Random(k, n, 2);
        var expected = Naive.Times(a, b);

        Assert.InRange(Naive.Distance(expected, Product.Times(a, b, Two)), 0, Bound(k));
        Assert.InRange(Naive.Distance(expected, Product.TransposedTimes(Naive.Transpose(a), b, Two)), 0, Bound(k));
        Assert.InRange(Naive.Distance(expected, Product.TimesTransposed(a, Naive.Transpose(b), Two)), 0, Bound(k));
    }

    [Theory]
    [InlineData(typeof(Tile512))]
    [InlineData(typeof(Tile256))]
    [InlineData(typeof(Tile128))]
    [InlineData(typeof(TileScalar))]
    public void Every_tile_agrees_with_the_triple_loop(Type type)
    {
        var tile = (Tile)Activator.CreateInstance(type)!;
        foreach (var (m, k, n) in new[] { (1, 1, 1), (8, 3, 24), (17, 300, 49), (100, 20, 30) })
        {
            var a = Naive.Random(m, k, 3);
            var b = Naive.Random(k, n, 4);
            var c = Naive.Random(m, n, 5);
            var expected = Naive.Times(a, b);
            for (var i = 0; i < expected.Values.Length; i++)
            {
                expected.Values[i] = c.Values[i] - (0.5 * expected.Values[i]);
            }

            BlockedProduct.Add(-0.5, MatrixView.Of(a), MatrixView.Of(b), MatrixView.Of(c), Two, Part.Full, tile);

            Assert.InRange(Naive.Distance(expected, c), 0, Bound(k));
        }
    }

    [Fact]
    public void A_product_of_rectangles_inside_matrices_touches_nothing_around_them()
    {
        var a = Naive.Random(40, 50, 6);
        var b = Naive.Random(60, 45, 7);
        var c = Naive.Random(70, 80, 8);
        var before = c.Clone();

        BlockedProduct.Add(
            1, MatrixView.Of(a, 3, 5, 30, 41), MatrixView.Of(b, 10, 2, 41, 33), MatrixView.Of(c, 11, 13, 30, 33), Two);

        for (var i = 0; i < c.Rows; i++)
        {
            for (var j = 0; j < c.Columns; j++)
            {
                var expected = before[i, j];
                if (i is >= 11 and < 41 && j is >= 13 and < 46)
                {
                    for (var k = 0; k < 41; k++)
                    {
                        expected += a[3 + i - 11, 5 + k] * b[10 + k, 2 + j - 13];
                    }

                    Assert.Equal(expected, c[i, j], 1e-13);
                }
                else
                {
                    Assert.Equal(expected, c[i, j]);
                }
            }
        }
    }

    [Fact]
    public void A_product_is_the_same_to_the_last_bit_on_any_number_of_threads()
    {
        var a = Naive.Random(330, 520, 9);
        var b = Naive.Random(520, 410, 10);
        var one = Product.Times(a, b, new Workers(1));
        foreach (var threads in new[] { 2, 3, 7 })
        {
            Assert.Equal(one.Values, Product.Times(a, b, new Workers(threads)).Values);
        }
    }

    [Fact]
    public void Numbers_that_are_none_stay_in_their_row_and_column()
    {
        var a = Naive.Random(9, 5, 11);
        var b = Naive.Random(5, 25, 12);
        a[8, 2] = double.NaN;
        b[1, 24] = double.PositiveInfinity;

        var c = Product.Times(a, b, Two);

        for (var i = 0; i < 9; i++)
        {
            for (var j = 0; j < 25; j++)
            {
                Assert.Equal(i < 8 && j < 24, double.IsFinite(c[i, j]));
            }
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Product.Times(new Matrix(2, 3), new Matrix(2, 3), Two));
        Assert.Throws<ArgumentException>(() => Product.Times(new Matrix(2, 3), new double[2]));
        Assert.Throws<ArgumentException>(() => Product.TransposedTimes(new Matrix(2, 3), new double[3]));
        Assert.Throws<ArgumentException>(() => Product.Dot(new double[2], new double[3]));
        Assert.Throws<ArgumentException>(() => Product.AddScaled(1, new double[2], new double[1]));
    }

    [Fact]
    public void Vectors_agree_with_the_loop_for_every_length_and_alignment()
    {
        var x = Naive.Random(1, 150, 13).Values;
        var y = Naive.Random(1, 150, 14).Values;
        for (var length = 0; length < 140; length++)
        {
            var start = length % 7;
            var sum = 0.0;
            var moved = (double[])y.Clone();
            for (var i = start; i < start + length; i++)
            {
                sum += x[i] * y[i];
                moved[i] += 0.3 * x[i];
            }

            Assert.Equal(sum, Product.Dot(x.AsSpan(start, length), y.AsSpan(start, length)), Bound(length));
            var actual = (double[])y.Clone();
            Product.AddScaled(0.3, x.AsSpan(start, length), actual.AsSpan(start, length));
            Assert.InRange(Naive.Distance(moved, actual), 0, 3e-16);
        }
    }

    [Fact]
    public void Matrix_times_vector_agrees_with_the_loop()
    {
        foreach (var (m, n) in new[] { (0, 3), (3, 0), (1, 1), (5, 7), (64, 33), (127, 200) })
        {
            var a = Naive.Random(m, n, 15);
            var x = Naive.Random(n, 1, 16);
            var z = Naive.Random(m, 1, 17);

            Assert.InRange(Naive.Distance(Naive.Times(a, x).Values, Product.Times(a, x.Values)), 0, Bound(n));
            Assert.InRange(
                Naive.Distance(Naive.Times(Naive.Transpose(a), z).Values, Product.TransposedTimes(a, z.Values)), 0, Bound(m));
        }
    }
}
