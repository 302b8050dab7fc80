using Microsoft.ML;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Evidence;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Labels, or a model's scores, in another unit than the target's.</summary>
public class UnitsAdviceTests
{
    private static readonly MLContext Ml = new(1);

    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    [InlineData(0.001)]
    [InlineData(-1)]
    [InlineData(-1000)]
    public void A_source_in_another_unit_is_told_and_not_called_misaligned(double factor)
    {
        var (source, target) = Tasks(rho: 1);
        var advice = Ml.Regression.AdviseTransfer(View.Of(Times(source, factor)), View.Of(target));
        var told = Assert.Single(advice.Warnings, w => w.Kind == AdviceWarningKind.UnitsDiffer).Message;
        Assert.Contains("Bring both to one unit", told, StringComparison.Ordinal);
        if (factor != -1)
        {
            Assert.Null(advice.Sources[0].Alignment.Estimate);
            Assert.Contains("different units", advice.Sources[0].Alignment.Method, StringComparison.Ordinal);
            Assert.NotEqual(TransferVerdict.No, advice.Verdict);
            Assert.DoesNotContain(advice.Warnings, w => w.Kind == AdviceWarningKind.AlignmentNotIdentified);
        }
        else
        {
            Assert.Contains("other sign", told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0.001)]
    public void So_is_a_model_whose_scores_are_in_another_unit(double factor)
    {
        var (source, target) = Tasks(rho: 1);
        var weights = StartingPoint.From(Ml.Regression.Trainers.L2SpRidge(tau: 0.01).Fit(View.Of(source)).Model).Weights;
        TransferAdvice Ask(double by) =>
            Ml.Regression.AdviseTransfer(StartingPoint.From([.. weights.Select(w => by * w)]), View.Of(target));
        Assert.DoesNotContain(Ask(1).Warnings, w => w.Kind == AdviceWarningKind.UnitsDiffer);
        var advice = Ask(factor);
        Assert.Single(advice.Warnings, w => w.Kind == AdviceWarningKind.UnitsDiffer);
        Assert.NotEqual(TransferVerdict.No, advice.Verdict);
    }

    [Theory]
    [InlineData(3.2)]
    [InlineData(-1.1)]
    public void A_scale_at_the_end_of_its_range_is_told(double rho)
    {
        var (source, target) = Tasks(rho);
        var advice = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target));
        Assert.Single(advice.Warnings, w => w.Kind == AdviceWarningKind.UnitsDiffer);
    }

    [Theory]
    [InlineData(-0.4)]
    [InlineData(0)]
    [InlineData(0.03)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void Tasks_in_one_unit_are_not_suspected(double rho)
    {
        // Also of many rows, where a small slope is told from zero.
        for (var seed = 0; seed < 6; seed++)
        {
            var (source, target) = Tasks(rho, seed, n1: seed % 2 == 0 ? 60 : 3000, apart: 0.5);
            var advice = Ml.Regression.AdviseTransfer(View.Of(source), View.Of(target));
            Assert.DoesNotContain(advice.Warnings, w => w.Kind == AdviceWarningKind.UnitsDiffer);
        }
    }

    private static (HeldRows Source, HeldRows Target) Tasks(double rho, int seed = 3, int n1 = 60, double apart = 0.1)
    {
        var random = new Random(seed);
        var (w0, w1) = SimulatedTask.Truths(random, 5, rho, apart);
        return (SimulatedTask.Rows(random, 400, w0, 0.5), SimulatedTask.Rows(random, n1, w1, 0.5));
    }

    private static HeldRows Times(HeldRows rows, double factor) => new(rows.Features, [.. rows.Labels.Select(y => factor * y)]);
}
