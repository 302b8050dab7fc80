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
        var weights = LinearLayer.Of(parts[0])!.Model
            is Microsoft.ML.Calibrators.CalibratedModelParametersBase { SubModel: LinearModelParameters linear }
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

    [Theory]
    [InlineData("CON .zip")]
    [InlineData("aux.")]
    [InlineData("nul .txt")]
    [InlineData("LPT1  ")]
    [InlineData("com9")]
    [InlineData("Prn. .x")]
    public void Names_that_Windows_keeps_for_devices_are_no_names_of_files(string key)
    {
        // Windows looks at what stands before the first dot, without blanks at its end.
        var device = Assert.Single(KeyFiles.NamesOf([key])).Split('.')[0].TrimEnd(' ');
        Assert.StartsWith("%", device, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_end_with_dots_or_blanks_have_files_of_their_own()
    {
        string[] keys = ["a", "a.", "a..", "a ", "a. ", ".", "..", "a.zip", "A.ZIP"];
        var names = KeyFiles.NamesOf(keys);
        Assert.Equal(keys.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        // No name ends with what Windows cuts off, and none is a folder's.
        Assert.All(names, n => Assert.EndsWith(".zip", n, StringComparison.Ordinal));
        Assert.All(names, n => Assert.DoesNotMatch(@"^[. ]", n));
    }

    [Fact]
    public void Thousands_of_keys_that_differ_in_case_have_files_of_their_own_at_once()
    {
        var keys = Enumerable.Range(0, 8192)
            .Select(i => string.Concat("abcdefghijklm".Select((c, j) => (i >> j & 1) == 1 ? char.ToUpperInvariant(c) : c))).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var names = KeyFiles.NamesOf(keys);
        var tries = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(8192, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());

        // Each try makes a string, so that what is allocated counts them, on any machine: some 600 bytes a key. Counted from 2 for each
        // it was 33 million tries, which is 2 GB and most of a minute.
        Assert.InRange(tries, 1, 50_000_000);
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
