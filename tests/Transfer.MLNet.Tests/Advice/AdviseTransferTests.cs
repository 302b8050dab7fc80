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
        var (training, retrained) = (advice.SourceTraining!, advice.Way(TransferWayKind.FromTransferOptimal)!);
        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.InRange(advice.Sources[0].Alignment.Estimate!.Value, 0.4, 1);
        Assert.True(training.TransferOptimalTau > training.SourceOptimalTau, "rho < 1 asks for more shrinkage");
        Assert.Equal(training.TransferOptimalTau, retrained.SourceTau);

        var sourceModel = Ml.Regression.Trainers.L2SpRidge(tau: retrained.SourceTau).Fit(source);
        var tuned = Ml.Regression.Trainers.L2SpRidge(startingPoint: sourceModel.Model, tau: retrained.TargetTau).Fit(target);
        var alone = Ml.Regression.Trainers.L2SpRidge().Fit(target);
        Assert.True(Error(tuned, unseen) < 0.8 * Error(alone, unseen), $"{Error(tuned, unseen)} against {Error(alone, unseen)}");
        Assert.Equal(tuned.Model.Weights, ((RegressionPredictionTransformer<LinearRegressionModelParameters>)advice.Fit(retrained, target))
            .Model.Weights);

        var scaled = (RegressionPredictionTransformer<LinearRegressionModelParameters>)advice.Fit(
            advice.Way(TransferWayKind.ScaledStart)!, target);
        Assert.True(Error(scaled, unseen) < 0.8 * Error(alone, unseen), $"{Error(scaled, unseen)} against {Error(alone, unseen)}");
    }

    [Fact]
    public void Of_a_source_that_points_the_other_way_only_the_blend_makes_use()
    {
        var (source, target, _) = Tasks(rho: -0.8, n0: 400, n1: 40);
        var advice = Ml.Regression.AdviseTransfer(source, target);
        Assert.Equal(TransferWayKind.Blend, advice.Advised.Kind);
        Assert.InRange(advice.Advised.Scale!.Value, -1, -0.3);
        Assert.Equal(TransferRegime.Misaligned, advice.Sources[0].Alignment.Regime);
        Assert.Null(advice.SourceTraining!.TransferOptimalTau);
        Assert.Null(advice.SourceTraining.FormulaTau);
        Assert.Null(advice.Way(TransferWayKind.ScaledStart));
    }

    [Fact]
    public void Predicted_errors_are_those_of_leave_one_out_and_of_new_rows()
    {
        var (source, target, unseen) = Tasks(rho: 0.7, n0: 400, n1: 60);
        var advice = Ml.Regression.AdviseTransfer(source, target);
        foreach (var kind in new[] { TransferWayKind.FromTransferOptimal, TransferWayKind.TargetAlone })
        {
            var way = advice.Way(kind)!;
            var tuned = (RegressionPredictionTransformer<LinearRegressionModelParameters>)advice.Fit(way, target);
            Assert.InRange(way.LeftOutRisk / Error(tuned, unseen), 0.6, 1.6);
            Assert.InRange(way.ExpectedRisk!.Value / Error(tuned, unseen), 0.6, 1.6);
        }

        var (curve, best) = (advice.SourceTraining!.RiskCurve, advice.Way(TransferWayKind.FromTransferOptimal)!);
        Assert.Null(advice.TargetAlone.GainStandardError);
        Assert.True(best.GainStandardError > 0);
        Assert.Equal(50, curve.Count);
        Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.True(pair.First.SourceTau < pair.Second.SourceTau));
        Assert.Contains(curve, point => point.SourceTau == best.SourceTau && point.TargetTau == best.TargetTau
            && point.LeftOutRisk == best.LeftOutRisk);
    }

    [Fact]
    public void Moments_stand_in_for_the_source_rows()
    {
        var (source, target, _) = Tasks(rho: 0.7, n0: 400, n1: 40);
        var fromRows = Ml.Regression.AdviseTransfer(source, target);
        var fromMoments = Ml.Regression.AdviseTransfer(Ml.Regression.ComputeMoments(source, folds: 1), target);
        Assert.Equal(fromRows.Verdict, fromMoments.Verdict);
        Close.To(fromRows.Sources[0].Alignment.Estimate!.Value, fromMoments.Sources[0].Alignment.Estimate!.Value, 1e-6);
        foreach (var (one, other) in fromRows.Ways.Zip(fromMoments.Ways))
        {
            Assert.Equal(one.Kind, other.Kind);
            Close.To(one.SourceTau ?? 0, other.SourceTau ?? 0, 1e-6);
            Close.To(one.TargetTau ?? 0, other.TargetTau ?? 0, 1e-6);
            Close.To(one.Scale ?? 0, other.Scale ?? 0, 1e-6);
        }
    }

    [Fact]
    public void Moments_of_both_are_cross_validated()
    {
        var (source, target, _) = Tasks(rho: 0.7, n0: 400, n1: 60);
        var byRows = Ml.Regression.AdviseTransfer(source, target);
        var byFolds = Ml.Regression.AdviseTransfer(Ml.Regression.ComputeMoments(source), Ml.Regression.ComputeMoments(target, folds: 10));
        double Retrained(TransferAdvice advice) => advice.Way(TransferWayKind.FromTransferOptimal)!.LeftOutRisk;
        Assert.Equal(TransferVerdict.Yes, byFolds.Verdict);
        Assert.Equal(TransferWayKind.Blend, byFolds.Advised.Kind);
        Assert.InRange(byFolds.Advised.LeftOutRisk / byRows.Advised.LeftOutRisk, 0.8, 1.25);
        Assert.Equal(byRows.Sources[0].Alignment.Estimate!.Value, byFolds.Sources[0].Alignment.Estimate!.Value, 1e-6);
        Assert.InRange(Retrained(byFolds) / Retrained(byRows), 0.8, 1.25);
        Assert.InRange(byFolds.Way(TransferWayKind.ScaledStart)!.GainStandardError!.Value, 1e-6, 1);

        var few = new AdviceOptions { HeldBytes = 8 * P * 30, Folds = 10 };
        var spilt = Ml.Regression.AdviseTransfer(source, target, few);
        Assert.Contains("cross-validation", spilt.Reason, StringComparison.Ordinal);
        Assert.InRange(Retrained(spilt) / Retrained(byRows), 0.8, 1.25);
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
    public void Of_a_model_alone_the_scale_is_said_and_nothing_of_its_rows()
    {
        var (source, target, unseen) = Tasks(rho: 0.7, n0: 2000, n1: 40);
        var model = Ml.Regression.Trainers.L2SpRidge().Fit(source);
        var advice = Ml.Regression.AdviseTransfer(model.Model, target);
        var scaled = advice.Way(TransferWayKind.ScaledStart)!;
        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.Equal(TransferWayKind.Blend, advice.Advised.Kind);
        Assert.Null(advice.Advised.Metrics!.Gram);
        Assert.InRange(scaled.Scale!.Value, 0.4, 1);
        Assert.Null(scaled.SourceTau);
        Assert.Null(advice.SourceTraining);
        Assert.Null(advice.Sources[0].Rows);
        Assert.True(advice.Sources[0].Alignment.Contains(0.7));
        Assert.Null(advice.Sources[0].Signal);
        Assert.Contains("pooling", advice.Reason, StringComparison.Ordinal);

        var tuned = (RegressionPredictionTransformer<LinearRegressionModelParameters>)advice.Fit(scaled, target);
        var alone = Ml.Regression.Trainers.L2SpRidge().Fit(target);
        Assert.True(Error(tuned, unseen) < Error(alone, unseen));
        Assert.Equal(advice.ToJson(), Ml.Regression.AdviseTransfer((ITransformer)model, target).ToJson());
        Assert.All(advice.ToString().Split(Environment.NewLine), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Of_a_model_that_points_the_wrong_way_no_positive_multiple_is_advised()
    {
        var (source, target, _) = Tasks(rho: -0.8, n0: 2000, n1: 40);
        var advice = Ml.Regression.AdviseTransfer(Ml.Regression.Trainers.L2SpRidge().Fit(source).Model, target);
        Assert.Null(advice.Way(TransferWayKind.ScaledStart));
        Assert.True(advice.Way(TransferWayKind.FromSourceOptimal)!.Gain < 0);
        Assert.True(advice.Advised.Kind == TransferWayKind.TargetAlone || advice.Advised.Scale < 0);
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
        Assert.Equal(200, advice.Sources[0].Rows);
        Assert.NotEqual(plain.Sources[0].Alignment.Estimate, advice.Sources[0].Alignment.Estimate);
        Assert.InRange(advice.Sources[0].Alignment.Estimate!.Value, 0.3, 1.1);
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

    private static double Error(RegressionPredictionTransformer<LinearRegressionModelParameters> model, IDataView rows) =>
        Ml.Regression.Evaluate(model.Transform(rows)).MeanSquaredError;
}
