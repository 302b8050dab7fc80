using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class GramTests
{
    private static readonly Workers Two = new(2);

    public static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int>();
            foreach (var n in Naive.Sizes)
            {
                shapes.Add(n, n);
                shapes.Add(n, 17);
                shapes.Add(300, n);
            }

            shapes.Add(2, 1600);
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void X_transposed_X_is_added_to_what_is_there(int n, int p)
    {
        var x = Naive.Random(n, p, 1);
        var gram = Naive.Covariance(5, p, 2);
        var expected = Naive.Times(Naive.Transpose(x), x);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            expected.Values[i] += gram.Values[i];
        }

        Gram.Accumulate(x, n, gram, Two);

        Assert.InRange(Naive.Distance(expected, gram), 0, 1e-15 * (n + 1));
        Assert.Equal(Naive.Transpose(gram).Values, gram.Values);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void X_X_transposed_agrees_with_the_triple_loop_and_is_symmetric(int n, int p)
    {
        var x = Naive.Random(n, p, 3);

        var gram = Gram.OfRows(x, Two);

        Assert.InRange(Naive.Distance(Naive.Times(x, Naive.Transpose(x)), gram), 0, 1e-15 * (p + 1));
        Assert.Equal(Naive.Transpose(gram).Values, gram.Values);
    }

    [Fact]
    public void Only_the_first_rows_count()
    {
        var x = Naive.Random(30, 11, 4);
        var first = new Matrix(19, 11, x.Values[..(19 * 11)]);
        x.Row(19)[0] = double.NaN;
        var gram = new Matrix(11, 11);

        Gram.Accumulate(x, 19, gram, Two);

        Assert.InRange(Naive.Distance(Naive.Times(Naive.Transpose(first), first), gram), 0, 1e-14);
    }

    [Fact]
    public void Batches_that_end_on_whole_blocks_give_the_bits_of_one_batch()
    {
        var x = Naive.Random(4 * Panels.BlockDepth, 70, 5);
        var whole = new Matrix(70, 70);
        Gram.Accumulate(x, x.Rows, whole, Two);

        var parts = new Matrix(70, 70);
        for (var i = 0; i < 4; i++)
        {
            var size = Panels.BlockDepth * 70;
            Gram.Accumulate(new Matrix(Panels.BlockDepth, 70, x.Values[(i * size)..((i + 1) * size)]), Panels.BlockDepth, parts, Two);
        }

        Assert.Equal(whole.Values, parts.Values);
    }

    [Fact]
    public void The_result_is_the_same_to_the_last_bit_on_any_number_of_threads()
    {
        var x = Naive.Random(1500, 301, 6);
        var one = new Matrix(301, 301);
        Gram.Accumulate(x, 1500, one, new Workers(1));
        foreach (var threads in new[] { 2, 5 })
        {
            var many = new Matrix(301, 301);
            Gram.Accumulate(x, 1500, many, new Workers(threads));
            Assert.Equal(one.Values, many.Values);
        }
    }
}
