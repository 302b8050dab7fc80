using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

public class L2SpLogisticRegressionTrainerTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public L2SpLogisticRegressionTrainerTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Theory]
    [InlineData(false, false, 1, false)]
    [InlineData(true, false, 1, false)]
    [InlineData(true, true, 1, false)]
    [InlineData(false, false, 0.6, true)]
    public void The_gradient_of_the_objective_vanishes_at_its_weights(bool weighted, bool pull, double scale, bool sparse)
    {
        var rows = Classifications.Binary(60, 4);
        double[] start = [1, -2, 0.5, 0];

        Trainer(new()
        {
            StartingPoint = StartingPoint.From(start, bias: 0.7),
            StartingPointScale = scale,
            PullIntercept = pull,
            Tau = 0.05,
            ExampleWeightColumnName = weighted ? "Weight" : null,
            Tolerance = 1e-12,
        }).Fit(rows.View(_ml, sparse: sparse), out var report);

        var gradient = rows.Gradient(report.Weights, report.Intercepts, 0.05, [.. start.Select(w => scale * w)], weighted, pull ? [0.7]
            : null);
        Assert.All(gradient, g => Assert.Equal(0, g, 1e-10));
        Assert.True(report.Converged);
        Assert.Equal(60, report.Rows);
        Assert.Equal(4, report.Features);
    }

    [Fact]
    public void Without_an_intercept_there_is_none()
    {
        var rows = Classifications.Binary(60, 4);
        var model = Trainer(new() { FitIntercept = false, Tau = 0.05, StartingPoint = StartingPoint.From([1.0, 2, 3, 4], 5) })
            .Fit(rows.View(_ml), out var report);
        Assert.Equal(0, report.Intercepts[0]);
        Assert.Equal(0, model.Model.SubModel.Bias);
        Assert.All(rows.Gradient(report.Weights, [0], 0.05, [1, 2, 3, 4])[..4], g => Assert.Equal(0, g, 1e-8));
    }

    [Fact]
    public void The_model_has_the_report_s_weights_and_calls_their_log_odds_its_score()
    {
        var rows = Classifications.Binary(80, 3);
        var model = _ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: 0.01, labelColumnName: "Positive").Fit(rows.View(_ml));
        Trainer(new() { Tau = 0.01 }).Fit(rows.View(_ml), out var report);
        Assert.Equal(report.Weights.Select(w => (float)w), model.Model.SubModel.Weights);
        Assert.Equal((float)report.Intercepts[0], model.Model.SubModel.Bias);
        var scored = model.Transform(rows.View(_ml));
        float[] scores = [.. scored.GetColumn<float>("Score")], chances = [.. scored.GetColumn<float>("Probability")];
        for (var i = 0; i < rows.Rows; i++)
        {
            var score = report.Intercepts[0] + rows.X[i].Zip(report.Weights, (x, w) => x * w).Sum();
            Assert.Equal(score, scores[i], 1e-5);
            Assert.Equal(1 / (1 + Math.Exp(-score)), chances[i], 1e-6);
        }

        Assert.Equal(scores.Select(s => s > 0), scored.GetColumn<bool>("PredictedLabel"));
    }

    [Theory]
    [InlineData(TauSelection.CrossValidation)]
    [InlineData(TauSelection.ApproximateLeaveOneOut)]
    public void Tau_left_out_is_chosen_by_rows_left_out_and_told(TauSelection selection)
    {
        var rows = Classifications.Binary(120, 6, strength: 0.7);
        var trainer = Trainer(new() { TauSelection = selection });
        var model = trainer.Fit(rows.View(_ml), out var report);

        Assert.Equal(selection, report.TauSelection);
        Assert.False(report.TauAtLowerEdge || report.TauAtUpperEdge);
        Trainer(new() { Tau = report.Tau }).Fit(rows.View(_ml), out var given);
        Assert.All(given.Weights.Zip(report.Weights), w => Assert.Equal(w.First, w.Second, 1e-6));
        Assert.Null(given.LeftOutLogLoss);

        // Left out they are told worse than when they are trained on, and better than by a coin; and the chosen tau does better on other
        // rows than no pull at all.
        Assert.InRange(report.LeftOutLogLoss!.Value, report.LogLoss, Math.Log(2));
        var fresh = Classifications.Binary(4000, 6, seed: 2, strength: 0.7).View(_ml);
        var loose = Trainer(new() { Tau = 1e-6 }).Fit(rows.View(_ml));
        Assert.True(LogLoss(model.Transform(fresh)) < LogLoss(loose.Transform(fresh)));
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Info
            && e.Source.Contains("L2SpLogisticRegression", StringComparison.Ordinal)
            && e.RawMessage.Contains(selection == TauSelection.CrossValidation ? "chosen by cross-validation"
            : "chosen by approximate leave-one-out", StringComparison.Ordinal));
    }

    [Fact]
    public void A_good_starting_point_is_held_on_to_and_a_bad_one_is_left()
    {
        var source = Trainer(new() { Tau = 1e-3 }).Fit(Classifications.Binary(5000, 10).View(_ml));
        var (few, fresh) = (Classifications.Binary(40, 10, seed: 2), Classifications.Binary(4000, 10, seed: 3).View(_ml));

        var tuned = _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Positive", startingPoint: source.Model)
            .Fit(few.View(_ml));
        var alone = Trainer(new()).Fit(few.View(_ml), out var aloneReport);
        float[] backwards = [.. source.Model.SubModel.Weights.Select(w => -w)];
        var misled = _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Positive", startingPoint: backwards)
            .Fit(few.View(_ml));

        Assert.True(LogLoss(tuned.Transform(fresh)) < LogLoss(alone.Transform(fresh)) - 0.02,
            $"{LogLoss(tuned.Transform(fresh))}, {LogLoss(alone.Transform(fresh))}");
        Assert.True(LogLoss(misled.Transform(fresh)) < LogLoss(
            Trainer(new() { StartingPoint = backwards, Tau = 100 }).Fit(few.View(_ml)).Transform(fresh)) - 0.2);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        var rows = Classifications.Binary(300, 20).View(_ml);
        Trainer(new() { NumberOfThreads = 1 }).Fit(rows, out var one);
        Trainer(new() { NumberOfThreads = 4 }).Fit(rows, out var four);
        Assert.Equal(one.Weights, four.Weights);
        Assert.Equal(one.Intercepts, four.Intercepts);
        Assert.Equal(one.LeftOutLogLoss, four.LeftOutLogLoss);
    }

    [Fact]
    public void Folds_and_seed_reach_the_cross_validation()
    {
        var rows = Classifications.Binary(100, 5).View(_ml);
        var losses = new[] { (5, 0), (5, 1), (10, 0) }.Select(o =>
        {
            Trainer(new() { Folds = o.Item1, Seed = o.Item2 }).Fit(rows, out var report);
            return report.LeftOutLogLoss;
        }).ToArray();
        Assert.Equal(3, losses.Distinct().Count());
    }

    [Fact]
    public void It_is_ML_NET_s_logistic_regression_with_an_L2_of_n_tau()
    {
        var rows = Classifications.Binary(200, 4).View(_ml);
        var stock = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = "Positive",
            L1Regularization = 0,
            L2Regularization = 200 * 0.02f,
            OptimizationTolerance = 1e-9f,
            NumberOfThreads = 1,
        }).Fit(rows).Model.SubModel;

        var ours = Trainer(new() { Tau = 0.02 }).Fit(rows).Model.SubModel;

        Assert.All(stock.Weights.Zip(ours.Weights), w => Assert.Equal(w.First, w.Second, 2e-3));
        Assert.Equal(stock.Bias, ours.Bias, 2e-3);
    }

    [Fact]
    public void A_search_that_is_cut_short_says_so()
    {
        Trainer(new() { Tau = 1e-6, MaximumIterations = 1 }).Fit(Classifications.Binary(100, 5).View(_ml), out var report);
        Assert.False(report.Converged);
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("Not converged", StringComparison.Ordinal)
            && e.RawMessage.Contains("MaximumIterations", StringComparison.Ordinal));
    }

    private double LogLoss(IDataView scored) => _ml.BinaryClassification.Evaluate(scored, "Positive").LogLoss * Math.Log(2);

    private L2SpLogisticRegressionTrainer Trainer(L2SpLogisticRegressionTrainer.Options options)
    {
        options.LabelColumnName = "Positive";
        return _ml.BinaryClassification.Trainers.L2SpLogisticRegression(options);
    }
}
