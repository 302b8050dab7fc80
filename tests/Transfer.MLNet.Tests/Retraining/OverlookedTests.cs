using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using Transfer.MLNet.Models;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

/// <summary>Models whose chain has more in it than a featuriser and a layer.</summary>
public class OverlookedTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_label_that_the_chain_makes_is_trained_on()
    {
        var source = _ml.Data.LoadFromEnumerable(Flat.Make(400, 1));
        var model = Priced(source);
        var fresh = _ml.Data.LoadFromEnumerable(Flat.Make(80, 1.3, seed: 4));

        var tuned = _ml.Model.FineTune(model, fresh, out var report, new() { LabelColumnName = "Price" });
        var named = _ml.Model.FineTune(model, fresh, new() { LabelColumnName = "LogPrice" });

        Assert.Equal("LogPrice", report.LabelColumnName);
        Assert.Equal(Predicted(named, fresh), Predicted(tuned, fresh));
        var test = Flat.Make(300, 1.3, seed: 5);
        var relative = Predicted(tuned, _ml.Data.LoadFromEnumerable(test)).Zip(test, (p, f) => Math.Abs((p / f.Price) - 1)).Average();

        // The noise of the logarithm is uniform with a mean deviation of 0.025.
        Assert.InRange(relative, 0.02, 0.04);
    }

    [Fact]
    public void A_label_that_cannot_be_told_is_asked_for()
    {
        var model = Priced(_ml.Data.LoadFromEnumerable(Flat.Make(400, 1)));
        var random = new Random(3);
        var fresh = _ml.Data.LoadFromEnumerable(
            Flat.Make(80, 1).Select(f => new Flat { Size = f.Size, Rooms = f.Rooms, Price = (float)Math.Exp(3 * random.NextDouble()) }));

        var error = Assert.Throws<ArgumentException>(() => _ml.Model.FineTune(model, fresh, new() { LabelColumnName = "Price" }));

        Assert.Contains("'LogPrice'", error.Message);
        Assert.Contains("LabelColumnName", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Contributions_behind_the_layer_are_those_of_its_new_weights(bool loaded)
    {
        var source = SmallRow.View(_ml, 300);
        var head = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(source);
        ITransformer chain = new TransformerChain<ITransformer>(
            head, _ml.Transforms.CalculateFeatureContribution(
                head, numberOfPositiveContributions: 2, numberOfNegativeContributions: 3, normalize: false).Fit(head.Transform(source)));
        if (loaded)
        {
            using var folder = new TemporaryFolder();
            _ml.Model.Save(chain, source.Schema, folder.File("m.zip"));
            chain = _ml.Model.Load(folder.File("m.zip"), out _);
        }

        var fresh = _ml.Data.LoadFromEnumerable(
            SmallRow.Make(200, 7).Select(r => new SmallRow { Features = r.Features, Positive = r.Features[2] > 0 }));
        var tuned = _ml.Model.FineTune(chain, fresh, new() { LabelColumnName = "Positive" });

        Assert.True(StockModels.TryOpenChain(tuned, out var parts, out _));
        var weights = LinearLayer.Of(parts[0])!.Model is Microsoft.ML.Calibrators.CalibratedModelParametersBase { SubModel: LinearModelParameters linear }
            ? linear.Weights : throw new InvalidOperationException("not the layer");
        Assert.True(Math.Abs(weights[2]) > 2 * Math.Abs(weights[0]));
        var expected = new TransformerChain<ITransformer>(
            parts[0], StockModels.Contributions(
                _ml, (ICalculateFeatureContribution)linear, "Features", (FeatureContributionCalculatingTransformer)parts[1]));
        Assert.Equal(Contributed(expected, fresh), Contributed(tuned, fresh));
        Assert.NotEqual(Contributed(chain, fresh), Contributed(tuned, fresh));

        // w_j x_j, of all features where none is left out.
        var row = SmallRow.Make(200, 7).ToList().FindIndex(r => Enumerable.Range(0, 3).Count(j => weights[j] * r.Features[j] > 0) <= 2);
        var features = SmallRow.Make(200, 7)[row].Features;
        Assert.Equal(weights.Select((w, j) => w * features[j]), Contributed(tuned, fresh)[row], (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Device_names_with_blanks_and_thousands_of_keys_that_differ_in_case_have_files_of_their_own()
    {
        Assert.DoesNotContain(KeyFiles.NamesOf(["CON ", "nul .txt", "LPT1  "]), n =>
            n.StartsWith("CON ", StringComparison.OrdinalIgnoreCase)
            || n.StartsWith("nul ", StringComparison.OrdinalIgnoreCase) || n.StartsWith("LPT1", StringComparison.OrdinalIgnoreCase));

        var keys = Enumerable.Range(0, 8192)
            .Select(i => string.Concat("abcdefghijklm".Select((c, j) => (i >> j & 1) == 1 ? char.ToUpperInvariant(c) : c))).ToArray();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var names = KeyFiles.NamesOf(keys);

        Assert.Equal(8192, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());

        // Some milliseconds; with a count from 2 for each it was 33 million tries, which is most of a minute.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }

    private static float[][] Contributed(ITransformer model, IDataView rows) =>
        [.. model.Transform(rows).GetColumn<float[]>("FeatureContributions")];

    private static float[] Predicted(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float>("Predicted")];

    private TransformerChain<ExpressionTransformer> Priced(IDataView source) =>
        _ml.Transforms.Expression("LogPrice", "(y)=>log(y)", "Price")
        .Append(_ml.Transforms.Concatenate("Features", "Size", "Rooms"))
        .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
        .Append(_ml.Regression.Trainers.L2SpRidge(labelColumnName: "LogPrice"))
        .Append(_ml.Transforms.Expression("Predicted", "(s)=>exp(s)", "Score")).Fit(source);

    private sealed class Flat
    {
        public float Size { get; set; }

        public float Rooms { get; set; }

        public float Price { get; set; }

        public static Flat[] Make(int count, double factor, int seed = 1)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ =>
            {
                float size = 30 + random.Next(120), rooms = 1 + random.Next(5);
                return new Flat { Size = size, Rooms = rooms,
                    Price = (float)(factor * Math.Exp(10 + (0.01 * size) + (0.1 * rooms) + (0.1 * (random.NextDouble() - 0.5)))) };
            })];
        }
    }
}
