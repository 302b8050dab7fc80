using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

/// <summary>FineTuneMany of classifiers and counts.</summary>
public class ManyClassifiersTests
{
    private const int P = 4;
    private const int Shops = 60;

    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Kinds => ["Flag", "Key", "Count"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Without_a_prior_each_target_gets_what_fine_tuning_gives_with_its_rows_alone(string label)
    {
        var model = Source(label);
        var rows = Make(3, 40, seed: 5);
        foreach (var tau in new double?[] { null, 0.2 })
        {
            var many = _ml.Model.FineTuneMany(model, View(rows), "Shop", new() { LabelColumnName = label, LearnPrior = false, Tau = tau });
            foreach (var (key, own) in many)
            {
                var alone = _ml.Model.FineTune(
                    model, View([.. rows.Where(r => r.Shop == key)]), new() { LabelColumnName = label, Tau = tau, CompareWays = false });
                Assert.Equal(StartingPoint.From(alone).Weights, StartingPoint.From(own).Weights);
                Assert.Equal(StartingPoint.From(alone).Biases, StartingPoint.From(own).Biases, (a, b) => Math.Abs(a - b) < 1e-5);
                Assert.Equal(tau is null, many.Target(key).LeaveOneOutError is not null);
            }
        }
    }

    /// <summary>Simulated with weights of standard deviation 0.5 about a mean that the source knows: see docs/many-targets.md.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_a_few_rows_each_what_all_targets_teach_beats_the_model_a_shared_tau_and_a_tau_for_each(string label)
    {
        var model = Source(label);
        var rows = Make(Shops, 15, seed: 5);
        var test = Make(Shops, 60, seed: 6);
        double Loss(FineTuneManyOptions options, int threads = 2)
        {
            (options.LabelColumnName, options.NumberOfThreads) = (label, threads);
            var many = _ml.Model.FineTuneMany(model, View(rows), "Shop", options);
            Assert.All(many.Targets, t => Assert.Equal(options is { LearnPrior: true, ShareTau: false }, t.LearntPrior));
            return LossOf(label, test, key => many[key]);
        }

        var learnt = Loss(new());
        Assert.Equal(learnt, Loss(new(), threads: 1));
        Assert.Equal(learnt, Loss(new() { RowsAreGrouped = true }));
        Assert.True(learnt < LossOf(label, test, _ => model));
        Assert.True(learnt < Loss(new() { ShareTau = true }));
        Assert.True(learnt < Loss(new() { LearnPrior = false }));
    }

    [Theory]
    [InlineData("Flag")]
    [InlineData("Count")]
    public void A_target_whose_labels_say_one_thing_only_is_drawn_to_the_others_and_has_no_fit_of_its_own(string label)
    {
        var rows = Make(6, 12, seed: 5);
        foreach (var row in rows.Where(r => r.Shop == "shop 0"))
        {
            (row.Flag, row.Count) = (true, 0);
        }

        var drawn = _ml.Model.FineTuneMany(Source(label), View(rows), "Shop", new() { LabelColumnName = label });
        var own = _ml.Model.FineTuneMany(Source(label), View(rows), "Shop", new() { LabelColumnName = label, LearnPrior = false });

        Assert.True(drawn.Target("shop 0") is { IsUnchanged: false, LearntPrior: true });
        Assert.All(StartingPoint.From(drawn["shop 0"]).Weights, w => Assert.InRange(w, -10, 10));
        Assert.Contains(label == "Flag" ? "of one class" : "counts are zero", own.Target("shop 0").ReasonUnchanged,
            StringComparison.Ordinal);
        Assert.False(own.Target("shop 1").IsUnchanged);
    }

    [Fact]
    public void Exposures_count()
    {
        var model = Source("Count");
        var rows = Make(6, 30, seed: 5);
        var twice = Make(6, 30, seed: 5);
        Array.ForEach(twice, r => r.Exposure = 2);

        // Twice the exposure of the same counts is half the rate, and nothing else.
        var once = _ml.Model.FineTuneMany(model, View(rows), "Shop",
            new() { LabelColumnName = "Count", Tau = 0.1, ExposureColumnName = "Exposure" });
        var half = _ml.Model.FineTuneMany(model, View(twice), "Shop",
            new() { LabelColumnName = "Count", Tau = 0.1, ExposureColumnName = "Exposure" });
        foreach (var key in once.Keys)
        {
            var (a, b) = (StartingPoint.From(once[key]), StartingPoint.From(half[key]));
            Assert.Equal(a.Weights, b.Weights, (x, y) => Math.Abs(x - y) < 1e-5);
            Assert.Equal(a.Bias - Math.Log(2), b.Bias, 1e-5);
        }
    }

    [Fact]
    public void What_follows_the_layer_says_what_the_new_layer_does()
    {
        var source = View(Make(20, 30, seed: 1));
        var calibrated = _ml.BinaryClassification.Trainers.AveragedPerceptron("Flag")
            .Append(_ml.BinaryClassification.Calibrators.Platt("Flag")).Fit(source);
        var rows = Make(6, 40, seed: 5);
        var many = _ml.Model.FineTuneMany(calibrated, View(rows), "Shop", new() { LabelColumnName = "Flag", LearnPrior = false });
        var alone = _ml.Model.FineTune(
            calibrated, View([.. rows.Where(r => r.Shop == "shop 2")]), new() { LabelColumnName = "Flag", CompareWays = false });
        Assert.Equal(
            alone.Transform(View(rows)).GetColumn<float>("Probability"), many["shop 2"].Transform(View(rows))
                .GetColumn<float>("Probability"), (a, b) => Math.Abs(a - b) < 1e-5);

        var head = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Flag").Fit(source);
        var chain = new TransformerChain<ITransformer>(
            head, _ml.Transforms.CalculateFeatureContribution(
                head, numberOfPositiveContributions: P, numberOfNegativeContributions: P, normalize: false).Fit(head.Transform(source)));
        var moved = _ml.Model.FineTuneMany(chain, View(rows), "Shop", new() { LabelColumnName = "Flag" })["shop 1"];
        var weights = StartingPoint.From(moved).Weights;
        var shown = moved.Transform(View(rows)).GetColumn<float[]>("FeatureContributions").First();
        Assert.Equal(rows[0].Features.Select((x, j) => (float)(x * weights[j])), shown, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void The_label_that_the_chain_makes_is_found()
    {
        var source = View(Make(20, 30, seed: 1));
        var model = _ml.Transforms.Conversion.MapValueToKey("Class", "Kind")
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Class")).Fit(source);
        var rows = View(Make(6, 30, seed: 5));
        var byKind = _ml.Model.FineTuneMany(model, rows, "Shop", new() { LabelColumnName = "Kind" });
        var byClass = _ml.Model.FineTuneMany(model, rows, "Shop", new() { LabelColumnName = "Class" });
        Assert.Equal(StartingPoint.From(byClass["shop 3"]).Weights, StartingPoint.From(byKind["shop 3"]).Weights);
    }

    [Fact]
    public void A_class_that_the_model_does_not_have_is_refused_by_name()
    {
        var rows = Make(6, 30, seed: 5);
        rows[7].Kind = "unheard of";
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(View(rows))
            .Transform(_ml.Transforms.DropColumns("Key").Fit(View(rows)).Transform(View(rows)));
        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.Model.FineTuneMany(Source("Key"), keyed, "Shop", new() { LabelColumnName = "Key" }));
        Assert.Contains($"Target '{rows[7].Shop}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'unheard of'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Key'", error.Message, StringComparison.Ordinal);
    }

    private static double LossOf(string label, Row[] rows, Func<string, ITransformer> modelOf) => rows.GroupBy(r => r.Shop)
        .SelectMany(shop =>
    {
        var start = StartingPoint.From(modelOf(shop.Key));
        return shop.Select(row =>
        {
            double[] z = [.. Enumerable.Range(0, start.ClassCount)
                .Select(k => start.Biases[k] + row.Features.Select((x, j) => x * start.Weights[(k * P) + j]).Sum())];
            return label switch
            {
                "Flag" => Math.Log(1 + Math.Exp(row.Flag ? -z[0] : z[0])),
                "Count" => Math.Exp(z[0]) - (row.Count * z[0]),
                _ => Math.Log(z.Sum(Math.Exp)) - z[start.ClassNames.ToList().IndexOf(row.Kind)],
            };
        });
    }).Average();

    /// <summary>Rows of shops whose weights vary about those that all seeds have in common.</summary>
    private static Row[] Make(int shops, int each, int seed)
    {
        var (truth, random) = (new Random(17), new Random(seed));
        double[][] common = [.. Enumerable.Range(0, 3).Select(_ => Normals(truth, 1))];
        return [.. Enumerable.Range(0, shops).SelectMany(s =>
        {
            double[][] weights = [.. common.Select(w => Normals(truth, 0.5).Zip(w, (d, v) => v + d).ToArray())];
            return Enumerable.Range(0, each).Select(_ =>
            {
                float[] x = [.. Enumerable.Range(0, P).Select(_ => (float)Sample.Normal(random))];
                double[] z = [.. weights.Select(w => w[P] + x.Select((v, j) => v * w[j]).Sum())];
                var odds = z.Select(Math.Exp).ToArray();
                var u = random.NextDouble();
                var kind = u * odds.Sum() < odds[0] ? "a" : u * odds.Sum() < odds[0] + odds[1] ? "b" : "c";
                var mean = Math.Exp(0.4 * z[0]);
                var (count, left) = (0, Math.Exp(-mean));
                for (var v = random.NextDouble(); v > left && count < 500; count++)
                {
                    v -= left;
                    left *= mean / (count + 1);
                }

                return new Row { Shop = $"shop {s}", Features = x, Flag = u < odds[0] / (1 + odds[0]), Kind = kind, Count = count };
            }).ToArray();
        })];
    }

    private static double[] Normals(Random random, double deviation) =>
        [.. Enumerable.Range(0, P + 1).Select(_ => deviation * Sample.Normal(random))];

    private ITransformer Source(string label)
    {
        var rows = View(Make(Shops, 8, seed: 2));
        return label switch
        {
            "Flag" => _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Flag").Fit(rows),
            "Count" => _ml.Regression.Trainers.L2SpPoissonRegression("Count").Fit(rows),
            _ => _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(labelColumnName: "Key").Fit(rows),
        };
    }

    private IDataView View(IEnumerable<Row> rows)
    {
        var view = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey(
            "Key", "Kind", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(view).Transform(view);
    }

    private sealed class Row
    {
        public string Shop { get; set; } = string.Empty;

        [VectorType(P)]
        public float[] Features { get; set; } = [];

        public bool Flag { get; set; }

        public string Kind { get; set; } = string.Empty;

        public float Count { get; set; }

        public float Exposure { get; set; } = 1;
    }
}
