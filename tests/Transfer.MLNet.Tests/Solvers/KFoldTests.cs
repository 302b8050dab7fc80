using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

public class KFoldTests
{
    private static readonly Workers Two = new(2);

    public static TheoryData<string> Cases => [.. ReferenceCase.Names];

    public static MatrixTheoryData<(int N, int P), bool, bool, double> Tasks =>
        new([(40, 6), (9, 14)], [true, false], [true, false], [1e-3, 0.3, 20.0]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Errors_of_two_folds_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Of(name);
        var blocks = reference.Folds.Select(
            fold => MomentsReader.Of(Dense.Except(reference.Target, i => !fold.Contains(i)), 1, 0, Two).Total);
        var moments = new Moments([.. blocks], "Features", "Label", []);
        foreach (var setting in reference.Grid)
        {
            var start = new Matrix(setting.SourceWeights.Length, 1, setting.SourceWeights);

            var folds = new KFold(moments, reference.Centred, start, Two);

            Close.To(setting.TwoFoldError, folds.MeanSquaredErrors([setting.Tau1])[0, 0], 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Errors_are_those_of_fitting_to_the_other_folds((int N, int P) size, bool weighted, bool intercept, double tau)
    {
        var rows = Sample.Rows(size.N, size.P, 1, weighted);
        var rule = intercept ? InterceptRule.Free : InterceptRule.None;
        Start[] starts = [Start.Zero(size.P), Sample.Start(size.P, 2)];
        var columns = new Matrix(size.P, 2);
        for (var k = 0; k < size.P; k++)
        {
            columns[k, 1] = starts[1].Weights[k];
        }

        var folds = new KFold(MomentsReader.Of(rows, 4, 7, Two), intercept, columns, Two);

        var membership = new Folds(4, 7);
        for (var j = 0; j < 2; j++)
        {
            var total = 0.0;
            for (var k = 0; k < 4; k++)
            {
                var fit = Dense.Fit(Dense.Except(rows, i => membership.Of(i) == k), tau, starts[j], rule);
                var held = Enumerable.Range(0, size.N).Where(i => membership.Of(i) == k).Sum(i =>
                    rows.Weights[i] * Math.Pow(rows.Labels[i] - fit.Intercept - Product.Dot(fit.Weights, rows.Features.Row(i)), 2));
                Close.To(held, folds.SquaredErrors([tau])[k][0, j], 1e-8);
                total += held;
            }

            Close.To(total / rows.TotalWeight, folds.MeanSquaredErrors([1, tau])[1, j], 1e-8);
        }
    }

    [Fact]
    public void An_empty_fold_is_passed_over()
    {
        // Two rows in four folds leave two folds empty.
        var rows = Sample.Rows(2, 3, 1);
        var folds = new KFold(MomentsReader.Of(rows, 4, 1, Two), true, new Matrix(3, 1), Two);

        Assert.Equal(2, folds.Count);
        Close.To(Math.Pow(rows.Labels[0] - rows.Labels[1], 2), folds.MeanSquaredErrors([1e9])[0, 0], 1e-6);
    }

    [Fact]
    public void One_fold_is_refused_with_the_remedy()
    {
        var error = Assert.Throws<InvalidOperationException>(() =>
            new KFold(MomentsReader.Of(Sample.Rows(9, 2, 1), 1, 0, Two), true, new Matrix(2, 1), Two));

        Assert.Contains("folds: 10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Means_far_from_zero_do_not_cost_digits()
    {
        var near = Sample.Rows(60, 3, 1);
        var far = new HeldRows(near.Features.Clone(), near.Labels);
        foreach (ref var value in far.Features.Values.AsSpan())
        {
            value += 1e6;
        }

        double Error(HeldRows rows) => new KFold(MomentsReader.Of(rows, 5, 1, Two), true, new Matrix(3, 1), Two)
            .MeanSquaredErrors([0.1])[0, 0];

        // Adding 10^6 itself rounds the features to 10^-10.
        Close.To(Error(near), Error(far), 1e-9);
    }
}
