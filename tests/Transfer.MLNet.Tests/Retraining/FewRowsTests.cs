using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

/// <summary>A linear regression moved to a handful of rows.</summary>
public class FewRowsTests
{
    private const int Features = 4;
    private static readonly float[] _truth = [1, -2, 0.5f, 3];
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(14)]
    public void No_more_than_a_shift_is_fitted(int rows)
    {
        var source = Source();
        var moved = _ml.Model.FineTune(source, Target(rows, seed: 3, slope: 2), out FineTuneReport report);
        Assert.True(report.Way <= FineTuneWay.Shifted, report.ToString());
        Assert.Contains("fewer than 15 rows", report.Skipped, StringComparison.Ordinal);
        Assert.Equal(source.Model.Weights, Assert.IsType<RegressionPredictionTransformer<LinearRegressionModelParameters>>(moved)
            .Model.Weights);
    }

    [Fact]
    public void Fifteen_rows_may_move_the_weights()
    {
        _ml.Model.FineTune(Source(), Target(15, seed: 3, slope: 2), out FineTuneReport report);
        Assert.True(report.Way > FineTuneWay.Shifted, report.ToString());
        Assert.Null(report.Skipped);
    }

    [Fact]
    public void Another_level_is_seen_in_three_rows()
    {
        var moved = _ml.Model.FineTune(Source(), Target(3, seed: 4, level: 10), out FineTuneReport report);
        Assert.Equal(FineTuneWay.Shifted, report.Way);
        Assert.InRange(Error(moved, level: 10), 0, 3); // the noise has 1, as it is it would be 101
    }

    /// <summary>What an intercept of n rows alone costs is 1/n of the noise's variance (1); weights cost several times that.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_sound_model_is_made_little_worse(int rows)
    {
        var source = Source();
        var asItIs = Error(source);
        var errors = Enumerable.Range(0, 40).Select(d => Error(_ml.Model.FineTune(source, Target(rows, seed: 100 + d)))).ToList();
        Assert.InRange(errors.Average() / asItIs, 0.98, 1 + (1.0 / rows));
    }

    [Fact]
    public void Weights_are_moved_where_it_is_asked_for()
    {
        var source = Source();
        var moved = _ml.Model.FineTune(source, Target(4, seed: 3, slope: 2), new FineTuneOptions { CompareWays = false });
        Assert.NotEqual(
            source.Model.Weights, Assert.IsType<RegressionPredictionTransformer<LinearRegressionModelParameters>>(moved).Model.Weights);
    }

    private RegressionPredictionTransformer<LinearRegressionModelParameters> Source() =>
        _ml.Regression.Trainers.L2SpRidge().Fit(Target(2_000, seed: 1));

    private double Error(ITransformer model, float level = 0) =>
        _ml.Regression.Evaluate(model.Transform(Target(4_000, seed: 2, level: level))).MeanSquaredError;

    private IDataView Target(int rows, int seed, float slope = 1, float level = 0)
    {
        var random = new Random(seed);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, Features).Select(_ => (float)Normal(random))];
            return new Row { Features = x, Label = level + (slope * x.Zip(_truth, (a, b) => a * b).Sum()) + (float)Normal(random) };
        }).ToArray());
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Row
    {
        [VectorType(FewRowsTests.Features)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
