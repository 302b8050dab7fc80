using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public sealed class CountAdviceTests
{
    private const int TargetRows = 40;

    private static readonly double[] Weights = [0.6, -0.5, 0.3, 0, 0.2];

    private static readonly AdviceOptions Counts = new() { Task = AdvisedTask.Count, ExposureColumnName = "Exposure" };

    private readonly MLContext _ml = new(seed: 1);
    private readonly CountRows _source = CountRows.Draw(400, Weights, 1.5, seed: 1);
    private readonly CountRows _target = CountRows.Draw(TargetRows, Weights, 1, seed: 2);

    /// <summary>
    /// The target alone, the source as it is, L2-SP from it and from the source retrained, and the blend: each fit again without a fold by
    /// its trainer, its deviance on the fold by the formula. The advice's fits end where their losses have four digits, its models hold
    /// seven; of the blend the trainer chooses the taus of source and target alone anew, which moved its deviance by 1 %: five are allowed.
    /// </summary>
    [Fact]
    public void Left_out_deviances_are_those_of_models_trained_without_the_fold()
    {
        var advice = Advise();
        var fold = StratifiedFolds.Of(
            new LabelledRows(
                new DenseDesign(TargetRows, 1, new float[TargetRows]), [.. _target.Rows.Select(r => (double)r.Label)]), folds: 5, seed: 0);

        foreach (var way in advice.Ways)
        {
            var sum = 0.0;
            for (var f = 0; f < 5; f++)
            {
                var model = Model(advice.Fit(way, _target.Only(i => fold[i] != f).View(_ml)));
                sum += _target.Rows.Where((_, i) => fold[i] == f).Sum(row => Deviance(row, model));
            }

            Assert.Equal(sum / TargetRows, way.LeftOutRisk, (way.Kind == TransferWayKind.Blend ? 0.05 : 2e-3) * way.LeftOutRisk);
            if (way.UsesSource)
            {
                Assert.Equal(advice.TargetAlone.LeftOutRisk - way.LeftOutRisk, way.Gain!.Value, 1e-12);
            }
        }
    }

    [Fact]
    public void The_same_task_is_told_to_help_and_every_way_gives_a_stock_model()
    {
        var advice = Advise();
        Assert.Equal(RiskMeasure.Deviance, advice.Measure);
        Assert.InRange(advice.ProbabilityOfHelp, 0.75, 1);
        Assert.Equal(TransferWayKind.Blend, advice.Advised.Kind);
        Assert.Contains("deviance expected", advice.ToString(), StringComparison.Ordinal);
        Assert.Contains("L2SpPoissonBlend", advice.ToString(), StringComparison.Ordinal);

        var read = TransferAdvice.FromJson(advice.ToJson());
        Assert.Equal(advice.ToJson(), read.ToJson());
        foreach (var way in advice.Ways)
        {
            var model = Model(advice.Fit(way, _target.View(_ml)));
            var again = Model(read.Fit(read.Way(way.Kind)!, _source.View(_ml), _target.View(_ml)));
            Assert.Equal(model.Weights, again.Weights);
            Assert.Equal(model.Bias, again.Bias);
        }
    }

    [Fact]
    public void The_bits_do_not_depend_on_threads()
    {
        string Json(int threads) => _ml.Regression.AdviseTransfer(_source.View(_ml), _target.View(_ml), new()
        {
            Task = AdvisedTask.Count,
            ExposureColumnName = "Exposure",
            NumberOfThreads = threads,
        }).ToJson();
        Assert.Equal(Json(1), Json(3));
    }

    [Fact]
    public void A_model_of_counts_is_a_source_and_one_of_another_unit_is_told()
    {
        var model = _ml.Regression.Trainers.L2SpPoissonRegression(
            new L2SpPoissonRegressionTrainer.Options { ExposureColumnName = "Exposure" }).Fit(_source.View(_ml));
        var advice = _ml.Regression.AdviseTransfer(model, _target.View(_ml), Counts);
        Assert.InRange(advice.ProbabilityOfHelp, 0.75, 1);
        Assert.Null(advice.SourceTraining);
        Assert.DoesNotContain(advice.Warnings, w => w.Kind == AdviceWarningKind.UnitsDiffer);

        var other = _ml.Regression.Trainers.L2SpRidge().Fit(_source.View(_ml));
        var told = _ml.Regression.AdviseTransfer(other, _target.View(_ml), Counts).Warnings;
        Assert.Contains(told, w => w.Kind == AdviceWarningKind.UnitsDiffer && w.Message.Contains("logarithm of a rate",
            StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1, 1, "'Label' has the value -1 in row 3")]
    [InlineData(2.5f, 1, "'Label' has the value 2.5 in row 3")]
    [InlineData(2, 0, "'Exposure' has the value 0 in row 3")]
    [InlineData(2, float.PositiveInfinity, "'Exposure'")]
    public void Counts_and_exposures_that_are_none_are_named_with_task_row_and_remedy(float count, float exposure, string named)
    {
        var (row, bad) = (_target.Rows[3], CountRows.Draw(1, Weights, 0, 1).Rows[0]);
        (bad.Features, bad.Label, bad.Exposure) = (row.Features, count, exposure);
        var rows = _ml.Data.LoadFromEnumerable(_target.Rows.Select((r, i) => i == 3 ? bad : r).ToArray());
        var refused = Assert.Throws<InvalidOperationException>(() => _ml.Regression.AdviseTransfer(_source.View(_ml), rows, Counts));
        Assert.Contains("In the target", refused.Message, StringComparison.Ordinal);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("FilterRowsByColumn", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_counts_above_zero_are_told()
    {
        var zeros = _ml.Data.LoadFromEnumerable(_target.Rows.Select(
            r => new CountRows.Row { Features = r.Features, Exposure = 1 }).ToArray());
        Assert.Contains("no count of column 'Label' above zero, among 40 rows", Assert.Throws<InvalidOperationException>(
            () => _ml.Regression.AdviseTransfer(_source.View(_ml), zeros, Counts)).Message, StringComparison.Ordinal);
        Assert.Contains("The target has 2 rows", Assert.Throws<InvalidOperationException>(() => _ml.Regression.AdviseTransfer(
            _source.View(_ml), _target.Only(i => i < 2).View(_ml), Counts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_of_counts_is_refused_by_name()
    {
        var (source, target) = (_source.View(_ml), _target.View(_ml));
        void Refused(string words, Action ask) =>
            Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(ask).Message, StringComparison.Ordinal);
        Refused("ml.BinaryClassification.AdviseTransfer", () => _ml.Regression.AdviseTransfer(
            source, target, new() { Task = AdvisedTask.Binary }));
        Refused("GroupColumnName is 'Shop'", () => _ml.Regression.AdviseTransfer(
            source, target, new() { Task = AdvisedTask.Count, GroupColumnName = "Shop" }));
        Refused("ClusterColumnName is 'Shop'", () => _ml.Regression.AdviseTransfer(
            source, target, new() { Task = AdvisedTask.Count, ClusterColumnName = "Shop" }));
        Refused("only counts have an exposure", () => _ml.Regression.AdviseTransfer(
            source, target, new() { ExposureColumnName = "Exposure" }));
        Refused("In the source: The data has no column 'Hours'", () => _ml.Regression.AdviseTransfer(
            source, target, new() { Task = AdvisedTask.Count, ExposureColumnName = "Hours" }));
        Refused("Moments are of squared errors", () => _ml.Regression.AdviseTransfer(
            _ml.Regression.ComputeMoments(source), target, Counts));
    }

    private TransferAdvice Advise() => _ml.Regression.AdviseTransfer(_source.View(_ml), _target.View(_ml), Counts);

    private static PoissonRegressionModelParameters Model(ITransformer trained) =>
        ((RegressionPredictionTransformer<PoissonRegressionModelParameters>)trained).Model;

    private static double Deviance(CountRows.Row row, PoissonRegressionModelParameters model)
    {
        var (y, m) = (row.Label, row.Exposure * Math.Exp(model.Bias + row.Features.Zip(model.Weights, (x, w) => x * (double)w).Sum()));
        return 2 * ((y > 0 ? y * Math.Log(y / m) : 0) - y + m);
    }
}
