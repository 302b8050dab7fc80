using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Retraining;

/// <summary>
/// Where the target lies outside the source's range trees are constant, and a linear layer of its own rows takes their place.
/// </summary>
public sealed class LinearAloneTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_regression_outside_the_source_s_range_becomes_linear()
    {
        var model = StockTrees.Train(_ml, "LightGbmRegression", View(400, 1, 0));
        var (rows, held) = (View(60, 2, 3), View(300, 3, 3));
        var moved = _ml.Model.FineTune(model, rows, out var report, new() { LabelColumnName = "Number" });

        Assert.Equal(FineTuneWay.LinearAlone, report.Way);
        Assert.IsType<RegressionPredictionTransformer<LinearRegressionModelParameters>>(moved);
        var trees = _ml.Model.FineTune(model, rows, out var ofTrees, new() { LabelColumnName = "Number", CompareWays = false });
        Assert.DoesNotContain(ofTrees.Candidates, c => c.Way == FineTuneWay.LinearAlone);
        Assert.Contains(
            "A linear layer of these rows alone was not compared: CompareWays is false", ofTrees.ToString(), StringComparison.Ordinal);
        double Error(ITransformer t) => _ml.Regression.Evaluate(t.Transform(held), "Number").MeanSquaredError;
        Assert.True(Error(moved) < Error(trees) / 2, $"{Error(moved)} {Error(trees)}");
    }

    [Theory]
    [InlineData("FastTreeTweedie", "Rate")]
    [InlineData("LightGbmBinary", "Flag")]
    public void A_rate_and_a_classifier_can_become_linear_too(string name, string label)
    {
        var model = StockTrees.Train(_ml, name, View(400, 1, 0));
        var rows = View(120, 2, 3);
        var moved = _ml.Model.FineTune(model, rows, out var report, new() { LabelColumnName = label });

        Assert.Equal(FineTuneWay.LinearAlone, report.Way);
        var inside = ((IPredictionTransformer<object>)moved).Model;
        Assert.Contains(inside.GetType().Name.Split('`')[0],
            new[] { "PoissonRegressionModelParameters", "ParameterMixingCalibratedModelParameters" });
        // What it says of its own rows is near what left-out rows said it would be.
        var losses = StockTrees.Scores(moved, rows)
            .Zip(label == "Rate" ? rows.GetColumn<float>(label) : rows.GetColumn<bool>(label).Select(b => b ? 1f : 0), (f, y) =>
            label == "Rate" ? f - (y * Math.Log(f)) : Math.Log(1 + Math.Exp(y == 1 ? -f : f)));
        Assert.InRange(losses.Average() / report.Candidates.Single(c => c.Way == FineTuneWay.LinearAlone).LeftOutError!.Value, 0.5, 1.05);
    }

    [Fact]
    public void A_Platt_calibrator_that_follows_gets_scores_that_fit_it()
    {
        var source = View(400, 1, 0);
        var chain = _ml.BinaryClassification.Trainers.FastForest("Flag", numberOfTrees: 10)
            .Append(_ml.BinaryClassification.Calibrators.Platt("Flag")).Fit(source);
        var rows = View(120, 2, 3);
        var moved = _ml.Model.FineTune(chain, rows, out var report, new() { LabelColumnName = "Flag" });

        Assert.Equal(FineTuneWay.LinearAlone, report.Way);
        Assert.InRange(_ml.BinaryClassification.Evaluate(moved.Transform(rows), "Flag").LogLoss * Math.Log(2), 0,
            1.1 * report.Candidates.Min(c => c.LeftOutError)!.Value);
    }

    [Fact]
    public void Rows_with_missing_features_leave_it_out_and_say_so()
    {
        var model = StockTrees.Train(_ml, "LightGbmRegression", View(400, 1, 0));
        _ml.Model.FineTune(model, new Sample(80, seed: 2, missing: true).View(_ml), out var report, new() { LabelColumnName = "Number" });
        Assert.Contains(
            "A linear layer of these rows alone was not compared: features are missing in some rows", report.ToString(),
            StringComparison.Ordinal);
    }

    /// <summary>
    /// The function in the features' own units is the one in products of rows; a feature that does not vary has no weight.
    /// </summary>
    [Fact]
    public void Weights_are_those_of_standardised_ridge()
    {
        var random = new Random(1);
        var (n, p) = (30, 4);
        var x = new Matrix(n, p);
        var omega = Enumerable.Range(0, n).Select(i => 0.5 + (i % 3)).ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < p; j++)
            {
                x[i, j] = j == 2 ? 7 : (1000 * j) + ((j + 1) * random.NextDouble());
            }
        }

        var rows = new FeatureRows(x, omega);
        Assert.Equal(3, rows.Varying);
        var dual = Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5).ToArray();
        var linear = rows.Unscaled(2, dual);
        var products = rows.Products(Workers.All);
        Assert.Equal(0, linear.Weights[2]);
        for (var i = 0; i < n; i++)
        {
            // Weights are rounded to single precision: features vary by a few units about their means.
            var expected = 2 + Vector<double>.Build.Dense(products.Row(i).ToArray()).DotProduct(Vector<double>.Build.Dense(dual));
            Assert.Equal(expected, linear.Intercept + Product.Dot(linear.Weights, x.Row(i)), 1e-5);
        }
    }

    /// <summary>Labels are linear in features that are shifted together, with a source about zero.</summary>
    private IDataView View(int count, int seed, float shift)
    {
        var sample = new Sample(count, seed);
        var random = new Random(seed + 100);
        for (var i = 0; i < count; i++)
        {
            sample.X[i] = Array.ConvertAll(sample.X[i], v => v + shift);
            sample.Y[i] = (2 * sample.X[i].Sum()) - (8 * sample.X[i][0]) + (0.3f * (float)random.NextDouble());
        }

        return sample.View(_ml);
    }
}
