using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Solvers;
using Transfer.MLNet.Tests.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

/// <summary>A task's rows in memory: weights, subsets, and which rows are the only ones of their kind.</summary>
public class TaskRowsTests
{
    [Fact]
    public void Squares_of_root_weights_are_in_proportion_to_the_weights_and_have_the_mean_1()
    {
        var rows = Sample.Rows(30, 2, 1, weighted: true);
        var squares = rows.RootWeights().Select(r => r * r).ToArray();
        Close.To(1, squares.Average(), 1e-14);
        Close.To([.. rows.Weights.Select(w => w / rows.Weights[0])], [.. squares.Select(s => s / squares[0])], 1e-14);
        Close.To(rows.Weights.Sum(), rows.TotalWeight, 1e-14);
    }

    [Fact]
    public void Shares_are_in_proportion_to_the_weights_and_have_the_sum_1()
    {
        var rows = ClassSample.Rows(40, 3, 2, 1, weighted: true);
        var shares = rows.Shares();
        Close.To(1, shares.Sum(), 1e-14);
        Close.To([.. rows.Weights!.Select(w => w / rows.Weights![0])], [.. shares.Select(s => s / shares[0])], 1e-14);
        Assert.All(ClassSample.Rows(40, 3, 2, 1).Shares(), s => Close.To(1.0 / 40, s, 1e-15));
    }

    [Fact]
    public void A_constant_feature_comes_last_and_changes_nothing_else()
    {
        var rows = Sample.Rows(5, 3, 1, weighted: true);
        var wider = rows.WithConstantFeature();
        Assert.Equal((5, 4), (wider.Rows, wider.FeatureCount));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal([.. rows.Features.Row(i), 1.0], wider.Features.Row(i).ToArray());
        }

        Assert.Equal((rows.Labels, rows.Weights), (wider.Labels, wider.Weights));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    [InlineData(1e-300, true)]
    public void Weights_must_be_finite_and_above_zero(double weight, bool sound)
    {
        var (table, labels, weights) = (new Matrix(2, 1, [1, 2]), new double[] { 1, 2 }, new[] { 1, weight });
        var refused = Record.Exception(() => new HeldRows(table, labels, weights)) is ArgumentException;
        Assert.Equal(sound, !refused);
        Assert.Equal(sound, Record.Exception(() => new LabelledRows(new DenseDesign(2, 1, [1, 2]), labels, weights)) is null);
    }

    [Fact]
    public void As_many_labels_weights_and_offsets_as_rows_are_needed()
    {
        var design = new DenseDesign(2, 1, [1, 2]);
        Assert.Throws<ArgumentException>(() => new HeldRows(new Matrix(2, 1), [1]));
        Assert.Throws<ArgumentException>(() => new HeldRows(new Matrix(2, 1), [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new LabelledRows(design, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new LabelledRows(design, [1, 2], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new LabelledRows(design, [1, 2], offsets: [1]));
        Assert.Throws<ArgumentException>(() => new LabelledRows(design, [1, 2], offsets: [1, double.NaN]));
        Assert.Equal([3.0, 4], new LabelledRows(design, [1, 2], offsets: [3, 4]).Offsets!);
    }

    [Fact]
    public void Rows_that_are_taken_keep_label_weight_offset_and_names()
    {
        string[] names = ["size"];
        var rows = new LabelledRows(new DenseDesign(3, 1, [7, 8, 9]), [1, 2, 3], [4, 5, 6], names, [10, 11, 12]);
        var taken = rows.Take([2, 0]);
        Assert.Equal([3.0, 1], taken.Labels);
        Assert.Equal([6.0, 4], taken.Weights!);
        Assert.Equal([12.0, 10], taken.Offsets!);
        Assert.Equal(names, taken.FeatureNames);
        Assert.Equal([9.0, 7], taken.Design.Scores([1], 1, Workers.All));
        Assert.Equal(10, taken.TotalWeight);

        var held = new HeldRows(new Matrix(3, 1, [7, 8, 9]), [1, 2, 3], [4, 5, 6], names).Only([2, 0]);
        Assert.Equal([3.0, 1], held.Labels);
        Assert.Equal([6.0, 4], held.Weights);
        Assert.Equal([9.0, 7], held.Features.Values);
        Assert.Equal(names, held.FeatureNames);
    }

    [Fact]
    public void A_row_that_no_other_is_like_is_lonely()
    {
        LabelledRows Counts(params double[] labels) => new(new DenseDesign(labels.Length, 1, new float[labels.Length]), labels);
        // The only count above zero cannot be foretold from zeros.
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(Counts(0, 4, 0).IsLonely));
        Assert.Equal([false, false, false], Enumerable.Range(0, 3).Select(Counts(0, 4, 1).IsLonely));
        Assert.Equal([false, false], Enumerable.Range(0, 2).Select(Counts(0, 0).IsLonely));
        Assert.True(Counts(0).IsLonely(0));

        var classes = new ClassRows(new DenseDesign(5, 1, new float[5]), [0, 2, 2, 4, 0], 5);
        Assert.Equal([false, false, false, true, false], Enumerable.Range(0, 5).Select(classes.IsLonely));
        Assert.Equal([0, 2, 4], classes.Present());
        Assert.Equal([2, 0, 2, 0, 1], classes.RowCounts);
        var only = classes.Only(classes.Present());
        Assert.Equal((3, 3), (only.ClassCount, only.Outputs));
        Assert.Equal([0, 1, 1, 2, 0], only.Classes);
        Assert.Same(only, only.Only([0, 1, 2]));
        Assert.Equal([4, 0], classes.Take([3, 0]).Classes);
    }

    [Fact]
    public void Two_classes_have_one_vector_of_weights_unless_each_is_to_have_its_own()
    {
        ClassRows Of(int count, bool softmax) => new(new DenseDesign(2, 1, [1, 2]), [0, 1], count, softmax: softmax);
        Assert.Equal([1, 2, 3, 3], [Of(2, false).Outputs, Of(2, true).Outputs, Of(3, false).Outputs, Of(3, true).Outputs]);
        Assert.Equal([1, 2, 3], [
            Of(2, false).Take([1]).Outputs, Of(2, true).Take([1]).Outputs, Of(3, false).With(new DenseDesign(2, 1, [1, 2])).Outputs]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(1, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassRows(new DenseDesign(1, 1, [1]), [2], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassRows(new DenseDesign(1, 1, [1]), [-1], 2));
    }
}
