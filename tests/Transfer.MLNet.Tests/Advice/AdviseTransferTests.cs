using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Evidence;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class AdviseTransferTests
{
    private const int P = 30;
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void Advice_is_followed_by_the_program_of_the_manual_and_does_better_than_the_target_alone()
    {
        var (source, target, unseen) = Tasks(rho: 0.7, n0: 400, n1: 20);
        var advice = Ml.Regression.AdviseTransfer(source, target);
        Assert.Equal(TransferVerdict.Yes, advice.TransferHelps);
        Assert.True(advice.UsesSource);
        Assert.InRange(advice.Alignment.Estimate, 0.4, 1);
        Assert.True(advice.SourceTau > advice.SourceOptimalTau, "rho < 1 asks for more shrinkage");

        var sourceModel = Ml.Regression.Trainers.L2SpRidge(tau: advice.SourceTau).Fit(source);
        var tuned = Ml.Regression.Trainers.L2SpRidge(startingPoint: sourceModel.Model, tau: advice.TargetTau).Fit(target);
        var alone = Ml.Regression.Trainers.L2SpRidge().Fit(target);
        Assert.True(Error(tuned, unseen) < 0.8 * Error(alone, unseen), $"{Error(tuned, unseen)} against {Error(alone, unseen)}");

        var plain = Ml.Regression.Trainers.L2SpRidge(tau: advice.SourceOptimalTau).Fit(source);
        var scaled = Ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options
        {
            StartingPoint = plain.Model, StartingPointScale = advice.StartingPointScale, Tau = advice.ScaledTargetTau,
        }).Fit(target);
        Assert.True(Error(scaled, unseen) < 0.8 * Error(alone, unseen), $"{Error(scaled, unseen)} against {Error(alone, unseen)}");
    }

    [Fact]
    public void Of_a_source_that_points_the_other_way_only_the_blend_makes_use()
    {
        var (source, target, unseen) = Tasks(rho: -0.8, n0: 400, n1: 40);
        var advice = Ml.Regression.AdviseTransfer(source, target);
        Assert.Equal(TransferWayKind.Blend, advice.Advised.Kind);
        Assert.InRange(advice.Advised.Scale!.Value, -1, -0.3);
        Assert.Equal(TransferRegime.Misaligned, advice.Regime);
        Assert.DoesNotContain(advice.Ways, way => way.Kind is TransferWayKind.FromTransferOptimal or TransferWayKind.ScaledStart);
        Assert.False(advice.UsesSource);
        Assert.Equal(0, advice.StartingPointScale);
        Assert.True(double.IsFinite(advice.SourceTau));

        var sourceModel = Ml.Regression.Trainers.L2SpRidge(tau: advice.SourceTau).Fit(source);
        var tuned = Ml.Regression.Trainers.L2SpRidge(startingPoint: sourceModel.Model, tau: advice.TargetTau).Fit(target);
        var alone = Ml.Regression.Trainers.L2SpRidge(tau: advice.TargetTau).Fit(target);
        Assert.Equal(alone.Model.Weights, tuned.Model.Weights);
        Close.To(Error(alone, unseen), Error(tuned, unseen), 1e-6);

        // And the tau for it is the one that the trainer would have found.
        var free = Ml.Regression.Trainers.L2SpRidge().Fit(target);
        Close.To(Error(free, unseen), Error(tuned, unseen), 0.01);
    }

    [Fact]
    public void Predicted_errors_are_those_of_leave_one_out_and_of_new_rows()
    {
        var (source, target, unseen) = Tasks(rho: 0.7, n0: 400, n1: 60);
        var advice = Ml.Regression.AdviseTransfer(source, target);
        foreach (var (risk, tau) in new[] { (advice.Risks.Advised, advice.SourceTau), (advice.Risks.Scratch, 1e15) })
        {
            var sourceModel = Ml.Regression.Trainers.L2SpRidge(tau: tau).Fit(source);
            var tuned = Ml.Regression.Trainers.L2SpRidge(startingPoint: sourceModel.Model, tau: tau == 1e15 ? advice.RiskCurve[^1].TargetTau : advice.TargetTau).Fit(target);
            Assert.InRange(risk.Empirical / Error(tuned, unseen), 0.6, 1.6);
            Assert.InRange(risk.Theory / Error(tuned, unseen), 0.6, 1.6);
        }

        Assert.Equal(0, advice.Risks.Scratch.StandardError);
        Assert.True(advice.Risks.Advised.StandardError > 0);
        Assert.Equal(51, advice.RiskCurve.Count);
        Assert.Equal(double.PositiveInfinity, advice.RiskCurve[^1].SourceTau);
        Assert.Equal(advice.Risks.Scratch, advice.RiskCurve[^1].Risk);
        Assert.All(advice.RiskCurve.Zip(advice.RiskCurve.Skip(1)), pair => Assert.True(pair.First.SourceTau < pair.Second.SourceTau));
        Assert.Contains(advice.RiskCurve, point => point.SourceTau == advice.SourceTau && point.TargetTau == advice.TargetTau);
    }

    [Fact]
    public void Moments_stand_in_for_the_source_rows()
    {
        var (source, target, _) = Tasks(rho: 0.7, n0: 400, n1: 40);
        var fromRows = Ml.Regression.AdviseTransfer(source, target);
        var fromMoments = Ml.Regression.AdviseTransfer(Ml.Regression.ComputeMoments(source, folds: 1), target);
        Assert.Equal(fromRows.TransferHelps, fromMoments.TransferHelps);
        Close.To(fromRows.SourceTau, fromMoments.SourceTau, 1e-9);
        Close.To(fromRows.TargetTau, fromMoments.TargetTau, 1e-9);
        Close.To(fromRows.Alignment.Estimate, fromMoments.Alignment.Estimate, 1e-6);
        Close.To(fromRows.StartingPointScale, fromMoments.StartingPointScale, 1e-6);
    }

    [Fact]
    public void Moments_of_both_are_cross_validated()
    {
        var (source, target, _) = Tasks(rho: 0.7, n0: 400, n1: 60);
        var byRows = Ml.Regression.AdviseTransfer(source, target);
        var byFolds = Ml.Regression.AdviseTransfer(Ml.Regression.ComputeMoments(source), Ml.Regression.ComputeMoments(target, folds: 10));
        Assert.Equal(TransferVerdict.Yes, byFolds.TransferHelps);
        Assert.InRange(byFolds.Risks.Advised.Empirical / byRows.Risks.Advised.Empirical, 0.8, 1.25);
        Assert.InRange(byFolds.Risks.ScaledStart.StandardError, 1e-6, 1);

        var few = new AdviceOptions { HeldBytes = 8 * P * 30, Folds = 10 };
        var spilt = Ml.Regression.AdviseTransfer(source, target, few);
        Assert.Contains("cross-validation", spilt.RouteReason, StringComparison.Ordinal);
        Assert.InRange(spilt.Risks.Advised.Empirical / byRows.Risks.Advised.Empirical, 0.8, 1.25);
    }

    [Fact]
    public void Moments_of_the_target_in_one_fold_are_refused()
    {
        var (source, target, _) = Tasks(rho: 0.7, n0: 100, n1: 40);
        var refused = Assert.Throws<InvalidOperationException>(() => Ml.Regression.AdviseTransfer(
            Ml.Regression.ComputeMoments(source), Ml.Regression.ComputeMoments(target, folds: 1)));
        Assert.Contains("folds: 10", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_model_alone_the_scale_and_the_slope_are_said_and_nothing_of_its_rows()
    {
        var (source, target, unseen) = Tasks(rho: 0.7, n0: 2000, n1: 40);
        var model = Ml.Regression.Trainers.L2SpRidge().Fit(source);
        var advice = Ml.Regression.AdviseTransfer(model.Model, target);
        Assert.Equal(TransferVerdict.Yes, advice.TransferHelps);
        Assert.InRange(advice.StartingPointScale, 0.4, 1);
        Assert.True(double.IsNaN(advice.SourceTau));
        Assert.True(double.IsNaN(advice.Alignment.Estimate));
        Assert.Equal(TransferRegime.Undetermined, advice.Regime);
        Assert.Contains("slope", advice.RouteReason, StringComparison.Ordinal);

        var tuned = Ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options
        {
            StartingPoint = model.Model, StartingPointScale = advice.StartingPointScale, Tau = advice.TargetTau,
        }).Fit(target);
        var alone = Ml.Regression.Trainers.L2SpRidge().Fit(target);
        Assert.True(Error(tuned, unseen) < Error(alone, unseen));
        Assert.Equal(advice.ToJson(), Ml.Regression.AdviseTransfer((ITransformer)model, target).ToJson());
        Assert.All(advice.ToString().Split(Environment.NewLine), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Of_a_model_that_points_the_wrong_way_the_advice_is_not_to_use_it()
    {
        var (source, target, _) = Tasks(rho: -0.8, n0: 2000, n1: 40);
        var advice = Ml.Regression.AdviseTransfer(Ml.Regression.Trainers.L2SpRidge().Fit(source).Model, target);
        Assert.NotEqual(TransferVerdict.Yes, advice.TransferHelps);
        Assert.False(advice.UsesSource);
        Assert.Equal(0, advice.StartingPointScale);
    }

    [Fact]
    public void The_advice_is_the_same_to_the_last_bit_on_one_thread_or_two()
    {
        var (source, target, _) = Tasks(rho: 0.7, n0: 300, n1: 30, p: 40);
        var one = Ml.Regression.AdviseTransfer(source, target, new AdviceOptions { NumberOfThreads = 1 });
        var two = Ml.Regression.AdviseTransfer(source, target, new AdviceOptions { NumberOfThreads = 2 });
        Assert.Equal(one.ToJson(), two.ToJson());
    }

    [Fact]
    public void Sparse_rows_give_the_advice_of_dense_ones()
    {
        var (a, b) = Rows(rho: 0.7, n0: 200, n1: 30, seed: 3);
        foreach (var rows in new[] { a, b })
        {
            for (var i = 0; i < rows.Features.Values.Length; i += 3)
            {
                rows.Features.Values[i] = 0;
            }
        }

        Assert.Equal(
            Ml.Regression.AdviseTransfer(View.Of(a), View.Of(b)).ToJson(),
            Ml.Regression.AdviseTransfer(View.Of(a, sparse: true), View.Of(b, sparse: true)).ToJson());
    }

    [Fact]
    public void Whole_weights_count_as_repeated_rows_in_the_source()
    {
        var (a, b) = Rows(rho: 0.7, n0: 200, n1: 30, seed: 4);
        var weighted = new HeldRows(a.Features, a.Labels, [.. Enumerable.Range(0, a.Rows).Select(i => 1.0 + (i % 2))]);
        var plain = Ml.Regression.AdviseTransfer(View.Of(a), View.Of(b), new AdviceOptions { ExampleWeightColumnName = "Weight" });
        var advice = Ml.Regression.AdviseTransfer(View.Of(weighted), View.Of(b), new AdviceOptions { ExampleWeightColumnName = "Weight" });
        Assert.Equal(200, advice.SourceRows);
        Assert.NotEqual(plain.Alignment.Estimate, advice.Alignment.Estimate);
        Assert.InRange(advice.Alignment.Estimate, 0.3, 1.1);
    }

    internal static (IDataView Source, IDataView Target, IDataView Unseen) Tasks(double rho, int n0, int n1, int p = P, int seed = 5)
    {
        var random = new Random(seed);
        var (w0, w1) = SimulatedTask.Truths(random, p, rho, 0.2);
        return (
            View.Of(SimulatedTask.Rows(random, n0, w0, 0.5)),
            View.Of(SimulatedTask.Rows(random, n1, w1, 0.5)),
            View.Of(SimulatedTask.Rows(random, 4000, w1, 0.5)));
    }

    internal static (HeldRows Source, HeldRows Target) Rows(double rho, int n0, int n1, int seed, int p = P)
    {
        var random = new Random(seed);
        var (w0, w1) = SimulatedTask.Truths(random, p, rho, 0.2);
        return (SimulatedTask.Rows(random, n0, w0, 0.5), SimulatedTask.Rows(random, n1, w1, 0.5));
    }

    private static double Error(RegressionPredictionTransformer<LinearRegressionModelParameters> model, IDataView rows) => Ml.Regression.Evaluate(model.Transform(rows)).MeanSquaredError;
}
