using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Tests.Solvers.Newton;
using Transfer.MLNet.Tests.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

/// <summary>Left-out losses of the blend of classes that foretell those of new rows, and targets at the edge of what can be
/// learnt.</summary>
public class ResponseBlendTests
{
    private static readonly Workers Two = new(2);

    /// <summary>
    /// Classes that are all but separable: by one Newton step, the shares held, left-out losses were a fifth of those of new rows. With
    /// folds they are of fits to four fifths of the rows, so that they may be larger; over 30 targets the mean is within three of its
    /// standard errors, or above, and of the same size.
    /// </summary>
    [Fact]
    public void Left_out_losses_are_not_smaller_than_those_of_new_rows()
    {
        var fresh = Classes(Classifications.Binary(1000, 6, seed: 999, strength: 4), false);
        var (differences, leftOut, later) = (new double[30], 0.0, 0.0);
        for (var draw = 0; draw < differences.Length; draw++)
        {
            var source = Classes(Classifications.Make(300, 6, ["no", "yes"], seed: 50 + draw, strength: 4, truth: 8), false);
            var blend = Of(source, Classes(Classifications.Binary(40, 6, seed: 100 + (7 * draw), strength: 4), false), [0]);
            var (left, of) = (blend.LeftOutLosses.Average(), RowLosses.Of(fresh, blend.Fit, Two).Average());
            (differences[draw], leftOut, later) = (left - of, leftOut + left, later + of);
        }

        var mean = differences.Average();
        var error = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / differences.Length / (differences.Length - 1));
        Assert.True(mean > -3 * error, $"{mean:0.000} +/- {error:0.000}");
        Assert.True(leftOut / later is > 0.75 and < 2, $"{leftOut:0.000} of {later:0.000}, {mean:0.000} +/- {error:0.000}");
    }

    /// <summary>More features than rows, several classes: over 6 targets the blend is no worse than L2-SP from the source with the tau of
    /// cross-validation, and better than the target alone.</summary>
    [Fact]
    public void With_fewer_rows_than_features_it_keeps_up_with_L2_SP_from_the_source()
    {
        string[] names = ["a", "b", "c", "d"];
        var fresh = Classes(Classifications.Make(1000, 80, names, seed: 999, strength: 0.4), true);
        var (blended, fineTuned, alone) = (0.0, 0.0, 0.0);
        for (var draw = 0; draw < 6; draw++)
        {
            var source = Classes(Classifications.Make(600, 80, names, seed: 20 + draw, strength: 0.4), true);
            var target = Classes(Classifications.Make(40, 80, names, seed: 100 + draw, strength: 0.4), true);
            var prepared = ResponseSource.Of(source, Loss.Of(source), null, new ResponseSettings(), Two);
            var blend = ResponseBlend.Of(prepared, [0, 1, 2, 3], target, Loss.Of(target), new ResponseSettings(), Two);
            blended += RowLosses.Of(fresh, blend.Fit, Two).Average();
            alone += RowLosses.Of(fresh, blend.Scratch, Two).Average();
            fineTuned += RowLosses.Of(fresh, Tuned(target, prepared.Fit), Two).Average();
        }

        Assert.InRange(blended, 0, 1.01 * fineTuned);
        Assert.InRange(blended, 0, 0.9 * alone);
    }

    /// <summary>The only row of a class is in every fit: nothing else may be said of it.</summary>
    [Fact]
    public void The_only_row_of_a_class_is_in_every_fit_and_has_no_left_out_loss()
    {
        string[] names = ["a", "b", "c"];
        var source = Classes(Classifications.Make(300, 4, names, seed: 1), true);
        var many = Classifications.Make(60, 4, names, seed: 2);
        var only = Array.IndexOf(many.Y, 2);
        var rows = many.Only(i => many.Y[i] != 2 || i == only);

        var blend = Of(source, Classes(rows, true), [0, 1, 2]);

        Assert.Equal(rows.Rows - 1, blend.LeftOutLosses.Length);
        Assert.Equal(0, blend.LeftOutWeights[Array.IndexOf(rows.Y, 2)]);
        Assert.All(blend.Fit.Weights, w => Assert.True(double.IsFinite(w)));
        Assert.All(blend.LeftOutLosses, l => Assert.True(double.IsFinite(l)));
    }

    [Fact]
    public void Where_no_row_can_be_left_out_there_is_a_fit_and_no_left_out_loss()
    {
        var source = Classes(Classifications.Binary(200, 3, seed: 1), false);
        var many = Classifications.Binary(40, 3, seed: 2);
        int[] chosen = [Array.IndexOf(many.Y, 0), Array.IndexOf(many.Y, 1)];

        var blend = Of(source, Classes(many.Only(i => chosen.AsSpan().Contains(i)), false), [0]);

        Assert.Empty(blend.LeftOutLosses);
        Assert.Equal(1, blend.RuleShare);
        Assert.All(blend.Fit.Weights, w => Assert.True(double.IsFinite(w)));
    }

    /// <summary>A perfectly separable target, and the source is its truth: what is given keeps every row on its side, and the source's
    /// direction.</summary>
    [Fact]
    public void Separable_classes_have_finite_weights_and_losses_of_left_out_rows_that_are_not_zero()
    {
        var source = Classes(Classifications.Binary(400, 2, seed: 3, strength: 30), false);
        var target = Classes(Classifications.Binary(30, 2, seed: 4, strength: 30), false);

        var blend = Of(source, target, [0]);

        var fresh = RowLosses.Of(Classes(Classifications.Binary(1000, 2, seed: 5, strength: 30), false), blend.Fit, Two).Average();
        Assert.All(blend.Fit.Weights, w => Assert.True(double.IsFinite(w)));
        Assert.InRange(blend.LeftOutLosses.Average(), fresh / 10, 1);
        Assert.InRange(fresh, 0, 0.3);
    }

    /// <summary>Two counts above zero in thirty: dealt by themselves, no fold takes both.</summary>
    [Fact]
    public void Counts_that_are_nearly_all_zero_are_left_out_so_that_something_is_left()
    {
        var random = new Random(1);
        LabelledRows Rows(int n, Func<int, double> label) => new(
            Designs.Of([.. Enumerable.Range(0, n).Select(_ => new[] { random.NextDouble(), random.NextDouble() })], false),
            [.. Enumerable.Range(0, n).Select(label)]);
        var source = Rows(100, i => i % 3);
        var loss = new PoissonLoss();
        var prepared = ResponseSource.Of(source, loss, null, new ResponseSettings(), Two);
        for (var other = 1; other < 12; other++)
        {
            var target = Rows(30, i => i == 0 || i == other ? 2 : 0);

            var fold = StratifiedFolds.Of(target, 5, 0);
            var blend = ResponseBlend.Of(prepared, [0], target, loss, new ResponseSettings(), Two);

            Assert.NotEqual(fold[0], fold[other]);
            Assert.All(blend.LeftOutLosses, l => Assert.True(double.IsFinite(l)));
        }

        Assert.Equal(-1, StratifiedFolds.Of(Rows(30, i => i == 3 ? 1 : 0), 5, 0)[3]);
    }

    private static ResponseBlendResult Of(ClassRows source, ClassRows target, int[] sourceOf) => ResponseBlend.Of(
        ResponseSource.Of(source, Loss.Of(source), null, new ResponseSettings(), Two), sourceOf, target, Loss.Of(target),
        new ResponseSettings(), Two);

    private static Start Tuned(ClassRows target, Start source)
    {
        var fit = NewtonPath.Tuned(target, Loss.Of(target), source, new NewtonSettings(0), 5, 0, Two).Fit;
        return new(fit.Weights, fit.Intercepts);
    }

    private static ClassRows Classes(Classifications rows, bool softmax) =>
        new(Designs.Of(rows.X, false), rows.Y, rows.Names.Length, softmax: softmax);
}
