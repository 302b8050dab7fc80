using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tests.Models;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

/// <summary>Models of counts: those of ML.NET's Poisson regression and our own.</summary>
public class CountFineTuneTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loaded_chain_that_ends_in_counts_is_moved_and_stays_stock(bool stock)
    {
        var source = Counts(600, 0, seed: 3);
        IEstimator<ITransformer> trainer = stock ? _ml.Regression.Trainers.LbfgsPoissonRegression()
            : _ml.Regression.Trainers.L2SpPoissonRegression();
        var production = Reload(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false).Append(trainer).Fit(source), source.Schema,
            out var schema);
        var fresh = Counts(120, 0.8, seed: 4);

        var moved = _ml.Model.FineTune(production, fresh, out var report, new() { CompareWays = false });

        // The same rows, featurised by the old normaliser, fitted towards the old weights.
        Assert.True(StockModels.TryOpenChain(production, out var before, out _));
        Assert.True(StockModels.TryOpenChain(moved, out var after, out _));
        var expected = _ml.Regression.Trainers.L2SpPoissonRegression(startingPoint: StartingPoint.From(production))
            .Fit(before[0].Transform(fresh), out var fit);
        var layer = (RegressionPredictionTransformer<PoissonRegressionModelParameters>)after[1];
        Assert.Same(before[0], after[0]);
        Assert.Equal(expected.Model.Weights, layer.Model.Weights);
        Assert.Equal(expected.Model.Bias, layer.Model.Bias);
        Assert.Equal(("Poisson deviance", fit.LeftOutDeviance, 120L), (report.Measure, report.Candidates[^1].LeftOutError, report.Rows));
        var asItIs = report.Candidates[0];
        Close.To(Deviance(production.Transform(fresh)), asItIs.LeftOutError!.Value, 1e-5);
        Assert.Equal((FineTuneWay.AsItIs, null), (asItIs.Way, asItIs.LeftOutAccuracy));
        Assert.Equal(fit.Tau, report.Tau);

        // New rows are foretold better, and a program with Microsoft.ML alone says the same.
        var test = Counts(2000, 0.8, seed: 5);
        Assert.True(Deviance(moved.Transform(test)) < 0.9 * Deviance(production.Transform(test)));
        using var folder = new TemporaryFolder();
        _ml.Model.Save(moved, schema, folder.File("m.zip"));
        var rows = _ml.Data.CreateEnumerable<Row>(fresh, false).ToArray();
        var served = StockConsumer.Run(folder.File("m.zip"),
            rows.Select(r => (object[])[.. r.Features.Cast<object>(), r.Label, r.Exposure]));
        Assert.Equal(SmallRow.Scores(moved.Transform(fresh)), served.Scores);
        Assert.DoesNotContain("Transfer.MLNet", served.Assemblies);
    }

    [Fact]
    public void Exposures_are_what_the_counts_were_counted_in()
    {
        var production = _ml.Regression.Trainers.L2SpPoissonRegression().Fit(Counts(600, 0, seed: 3));
        var fresh = Counts(150, 0.8, seed: 6, exposed: true);

        var moved = _ml.Model.FineTune(production, fresh, out _, new() { ExposureColumnName = "Exposure", CompareWays = false });

        var expected = _ml.Regression.Trainers.L2SpPoissonRegression(startingPoint: production.Model, exposureColumnName: "Exposure")
            .Fit(fresh);
        Assert.Equal(StartingPoint.From(expected).Weights, StartingPoint.From(moved).Weights);
        Assert.NotEqual(StartingPoint.From(_ml.Model.FineTune(production, fresh)).Weights, StartingPoint.From(moved).Weights);
    }

    [Fact]
    public void Exposures_of_what_is_no_count_are_refused()
    {
        var model = _ml.Regression.Trainers.Sdca().Fit(SmallRow.View(_ml, 100));
        var error = Assert.Throws<ArgumentException>(
            () => _ml.Model.FineTune(model, SmallRow.View(_ml, 50), new() { ExposureColumnName = "Weight" }));
        Assert.Contains("'Weight'", error.Message, StringComparison.Ordinal);
        Assert.Contains("not of counts", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 1, "'Label' has the value -1 in row 7")]
    [InlineData(2.5, 1, "'Label' has the value 2.5 in row 7")]
    [InlineData(2, 0, "'Exposure' has the value 0 in row 7")]
    public void What_is_no_count_is_refused_by_its_row(float label, float exposure, string what)
    {
        var production = _ml.Regression.Trainers.LbfgsPoissonRegression().Fit(Counts(300, 0, seed: 3));
        var rows = _ml.Data.CreateEnumerable<Row>(Counts(40, 0, seed: 4), false).ToArray();
        (rows[7].Label, rows[7].Exposure) = (label, exposure);
        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.Model.FineTune(production, _ml.Data.LoadFromEnumerable(rows), new() { ExposureColumnName = "Exposure" }));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    private static double Deviance(IDataView scored) => scored.GetColumn<float>("Label").Zip(scored.GetColumn<float>("Score"))
        .Average(p => 2 * ((p.First > 0 ? p.First * Math.Log(p.First / p.Second) : 0) - p.First + p.Second));

    private ITransformer Reload(ITransformer model, DataViewSchema schema, out DataViewSchema loaded)
    {
        using var folder = new TemporaryFolder();
        _ml.Model.Save(model, schema, folder.File("m.zip"));
        return _ml.Model.Load(folder.File("m.zip"), out loaded);
    }

    /// <summary>Counts with the logarithmic mean 0.5 + 0.6 x_1 - 0.4 x_2 + shift (1 + x_3).</summary>
    private IDataView Counts(int n, double shift, int seed, bool exposed = false)
    {
        var random = new Random(seed);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, n).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, 3).Select(_ => (float)Sample.Normal(random))];
            var exposure = exposed ? (float)(0.5 + (3 * random.NextDouble())) : 1;
            var mean = exposure * Math.Exp(0.5 + (0.6 * x[0]) - (0.4 * x[1]) + (shift * (1 + x[2])));
            var (count, left) = (0, Math.Exp(-mean));
            for (var u = random.NextDouble(); u > left && count < 500; count++)
            {
                u -= left;
                left *= mean / (count + 1);
            }

            return new Row { Features = x, Label = count, Exposure = exposure };
        }).ToArray());
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Exposure { get; set; }
    }
}
