using Microsoft.ML;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Solvers.Newton;
using Transfer.MLNet.Tests.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>What an advice on classes is put together from.</summary>
public class CurvedPartsTests
{
    private static readonly Workers One = new(1);

    private readonly MLContext _ml = new(1);

    [Xunit.Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Features_of_classes_shift_as_the_same_table_of_numbers_does(bool sparse)
    {
        // More rows than a block, and two features that no row has.
        double[][] Table(int n, int seed, double away) => [.. ClassSample.Features(n, 5, seed, sparse ? 0.5 : 1)
            .Select(r => new[] { 0, r[0] + away, r[1], r[2], r[3], r[4] - away, 0 })];
        var (a, b) = (Table(150, 1, 0), Table(90, 2, 1.5));
        LabelledRows Rows(double[][] x) => new(Designs.Of(x, sparse), new double[x.Length]);
        TaskSpectrum Spectrum(double[][] x) =>
            TaskSpectrum.Of(new HeldRows(new Matrix(x.Length, 7, [.. x.SelectMany(r => r)]), new double[x.Length]), true, One);
        var (found, expected) = (
            CurvedShift.Of(Rows(a), Rows(b), long.MaxValue, One)!, CovariateShift.Of(Spectrum(a), Spectrum(b), One));
        Assert.Equal([1, 5], expected.ShiftedMeans.Select(s => s.Feature).Order());
        Assert.Equal(expected.ShiftedMeans, found.ShiftedMeans);
        Assert.Equal((expected.MeanSquare, expected.CovarianceDifference), (found.MeanSquare, found.CovarianceDifference));

        // As dense numbers of 8 bytes the larger of the two may be held, or not.
        const long Bytes = 8L * 150 * 7;
        Assert.NotNull(CurvedShift.Of(Rows(a), Rows(b), Bytes, One));
        Assert.Null(CurvedShift.Of(Rows(a), Rows(b), Bytes - 1, One));
        Assert.Null(CurvedShift.Of(Rows(b), Rows(a), Bytes - 1, One));
    }

    [Fact]
    public void Scales_of_a_source_go_from_a_quarter_to_twice_and_each_is_there_once()
    {
        Assert.Equal(CurvedStarts.Scales.Distinct().Order(), CurvedStarts.Scales);
        Assert.Equal((0.25, 2), (CurvedStarts.Scales[0], CurvedStarts.Scales[^1]));
        Assert.Contains(1, CurvedStarts.Scales);

        var model = ClassSample.Start(ClassSample.Rows(9, 3, 3, 1), 2);
        var starts = CurvedStarts.OfModel(model);
        Assert.Null(starts.All[starts.None]);
        Assert.Equal(CurvedStarts.Count(0), starts.All.Count);
        for (var k = 0; k < CurvedStarts.Scales.Length; k++)
        {
            Close.To([.. model.Weights.Select(w => CurvedStarts.Scales[k] * w)], starts.All[starts.FirstScaled + k]!.Weights, 1e-15);
            Assert.Equal(CurvedStarts.Scales[k], starts.ScaleOf(starts.FirstScaled + k));
        }
    }

    [Fact]
    public void A_model_of_several_classes_is_asked_about_in_whatever_order_the_targets_keys_come()
    {
        string[] names = ["a", "b", "c"];
        var model = _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(tau: 0.01)
            .Fit(Classifications.Make(300, 3, names, seed: 1).View(_ml));
        var rows = Classifications.Make(40, 3, names, seed: 2);
        TransferAdvice Of(params string[] order) => _ml.MulticlassClassification.AdviseTransfer(
            model, rows.View(_ml, order), new() { TargetTauCount = 4, Folds = 3 });
        var (one, other) = (Of("a", "b", "c"), Of("c", "a", "b"));

        Assert.Equal((RiskMeasure.LogLoss, 40L, 3), (one.Measure, one.TargetRows, one.FeatureCount));
        Assert.Null(one.Sources[0].Rows);
        // Rows are dealt to folds class by class, in the order of the keys: the same to the noise of that.
        Assert.Equal(one.Way(TransferWayKind.SourceAsIs)!.LeftOutRisk, other.Way(TransferWayKind.SourceAsIs)!.LeftOutRisk, 0.1);
        Assert.True(one.Way(TransferWayKind.SourceAsIs)!.LeftOutRisk < one.TargetAlone.LeftOutRisk + 0.1);
        Assert.True(other.Way(TransferWayKind.SourceAsIs)!.LeftOutRisk < other.TargetAlone.LeftOutRisk + 0.1);

        // Keys without any row of theirs are classes that the target does not have.
        var two = rows.Only(i => rows.Y[i] < 2);
        var few = _ml.MulticlassClassification.AdviseTransfer(model, two.View(_ml, names), new() { TargetTauCount = 4, Folds = 3 });
        Assert.Equal(two.Rows, few.TargetRows);
        Assert.InRange(few.Way(TransferWayKind.SourceAsIs)!.Accuracy!.Value, 0.6, 1);
    }

    [Xunit.Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Three_features_that_vary_only_in_the_target_are_named(int newly, bool more)
    {
        Matrix Of(int n, int constant) => new(n, 8, [.. Enumerable.Range(0, n * 8).Select(at => at % 8 < constant ? 1 : Math.Sin(at))]);
        TaskSpectrum Spectrum(Matrix x) => TaskSpectrum.Of(new HeldRows(x, new double[x.Rows]), true, One);
        var said = Warnings.OfShift(CovariateShift.Of(Spectrum(Of(60, newly)), Spectrum(Of(60, 0)), One))!.Message;
        Assert.Contains("feature 0, feature 1, feature 2" + (more ? ", ..." : ". "), said, StringComparison.Ordinal);
    }
}
