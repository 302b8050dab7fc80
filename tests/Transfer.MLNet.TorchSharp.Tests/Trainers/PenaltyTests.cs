using Microsoft.ML;
using Transfer.MLNet.Networks;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Trainers;

/// <summary>
/// The objective: a network without hidden layers, trained to the end in steps over all rows, must be what L2SpRidge solves for.
/// </summary>
public class PenaltyTests : TorchTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;

    public PenaltyTests() => _data = _ml.Data.LoadFromEnumerable(Rows());

    [Theory]
    [InlineData(0.3, 0.0)]
    [InlineData(0.0, 0.2)]
    [InlineData(0.3, 0.2)]
    [InlineData(0.0, 0.0)]
    public void Pull_and_decay_lead_to_the_solution_of_L2SpRidge(double tau, double decay)
    {
        float[] start = [1, -1, 0.5f, 2, 0, 1, -2, 1];
        const float bias = 0.7f;
        var network = Linear(start, bias);
        Trainer(new() { StartingPoint = network, Tau = tau, WeightDecay = decay, ExampleWeightColumnName = "Weight" })
            .Fit(_data, out var report);

        // tau |w - w_sp|^2 + decay |w|^2 is (tau + decay) |w - tau / (tau + decay) w_sp|^2 and a constant.
        var share = tau + decay > 0 ? tau / (tau + decay) : 0;
        _ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options
        {
            LabelColumnName = "Number",
            ExampleWeightColumnName = "Weight",
            Tau = tau + decay,
            StartingPoint = StartingPoint.From(start.Select(w => (float)(share * w)).ToArray(), (float)(share * bias)),
            PullIntercept = true,
        }).Fit(_data, out var expected);
        var weights = report.Network.Network.InOrder.ToArray();
        Assert.All(expected.Weights.Zip(weights[0]), w => Assert.Equal(w.First, w.Second, 2e-5));
        Assert.Equal(expected.Intercept, weights[1][0], 2e-5);
        Assert.Equal(Math.Sqrt(weights[0].Zip(start, (w, s) => Math.Pow(w - s, 2)).Sum() + Math.Pow(weights[1][0] - bias, 2)),
            report.Epochs[^1].DistanceFromStart, 1e-5);
    }

    [Fact]
    public void A_new_head_is_pulled_to_zero_and_not_to_the_starting_point()
    {
        Trainer(new()
        {
            StartingPoint = Linear([1, -1, 0.5f, 2, 0, 1, -2, 1], 3),
            NewHead = true,
            Tau = 5,
            HeadTau = 0.4,
            ExampleWeightColumnName = "Weight"
        }).Fit(_data, out var report);
        _ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options
        {
            LabelColumnName = "Number",
            ExampleWeightColumnName = "Weight",
            Tau = 0.4,
            StartingPoint = new float[8],
            PullIntercept = true,
        }).Fit(_data, out var expected);
        Assert.All(expected.Weights.Zip(report.Network.Network.InOrder.First()), w => Assert.Equal(w.First, w.Second, 2e-5));
    }

    [Fact]
    public void A_strong_pull_keeps_the_shared_layers_at_the_start_and_leaves_the_head_free()
    {
        var start = NetworkStartingPoint.Of(Sample.Drawn(Network.Mlp(6, 5), 1, seed: 9));
        double Distance(double tau, params (int Layer, double Tau)[] layers)
        {
            Trainer(new()
            {
                StartingPoint = start,
                NewHead = true,
                Tau = tau,
                LayerTaus = layers.ToDictionary(l => l.Layer, l => l.Tau),
                Epochs = 300,
                LearningRate = 0.01
            }).Fit(_data, out var report);
            Assert.NotEqual(start.Network.Weights["layer4.weight"], report.Network.Network.Weights["layer4.weight"]);
            return report.Epochs[^1].DistanceFromStart;
        }

        var (free, held, halfHeld) = (Distance(0), Distance(50), Distance(50, (1, 0)));
        Assert.True(free > 0.2, $"{free}");
        Assert.True(held < free / 20, $"{held} of {free}");
        Assert.True(halfHeld > 4 * held && halfHeld < free, $"{halfHeld} between {held} and {free}");
    }

    [Fact]
    public void Frozen_layers_keep_their_bits_and_the_others_learn()
    {
        var start = NetworkStartingPoint.Of(Sample.Drawn(Network.Mlp(6, 5), 1, seed: 9));
        Trainer(new() { StartingPoint = start, FrozenLayers = [1], WeightDecay = 0.1, Epochs = 3 }).Fit(_data, out var report);
        var (before, after) = (start.Network.Weights, report.Network.Network.Weights);
        Assert.Equal(before["layer2.weight"], after["layer2.weight"]);
        Assert.Equal(before["layer2.bias"], after["layer2.bias"]);
        Assert.NotEqual(before["layer0.weight"], after["layer0.weight"]);
        Assert.NotEqual(before["layer4.bias"], after["layer4.bias"]);
    }

    [Fact]
    public void A_row_of_weight_two_counts_as_two_rows()
    {
        var rows = Rows();
        var doubled = rows.SelectMany(r => Enumerable.Repeat(r, (int)r.Weight)).ToArray();
        Trainer(new() { Network = Network.Mlp(4), ExampleWeightColumnName = "Weight", Epochs = 50 }).Fit(_data, out var weighted);
        Trainer(new() { Network = Network.Mlp(4), Epochs = 50 }).Fit(_ml.Data.LoadFromEnumerable(doubled), out var repeated);
        Trainer(new() { Network = Network.Mlp(4), Epochs = 50 }).Fit(_data, out var unweighted);
        var all = new[] { weighted, repeated, unweighted }.Select(r => r.Network.Network.InOrder.SelectMany(w => w).ToArray()).ToArray();
        // Sums in another order: single precision over 50 steps.
        Assert.All(all[0].Zip(all[1]), w => Assert.Equal(w.First, w.Second, 1e-4));
        Assert.Contains(all[0].Zip(all[2]), w => Math.Abs(w.First - w.Second) > 1e-3);
    }

    [Fact]
    public void Class_weights_are_row_weights_by_class()
    {
        var rows = Sample.Make(60);
        foreach (var row in rows)
        {
            row.Weight = row.Kind switch { "red" => 3, "blue" => 0.5f, _ => 1 };
        }

        L2SpNetworkReport Fit(L2SpNetworkTrainer.Options options)
        {
            (options.Network, options.Epochs) = (Network.Mlp(4), 3);
            _ml.MulticlassClassification.Trainers.L2SpNetwork(options).Fit(Sample.Keyed(_ml, rows), out var report);
            return report;
        }

        var byRow = Fit(new() { ExampleWeightColumnName = "Weight" });
        var byClass = Fit(new() { ClassWeights = new Dictionary<string, double> { ["red"] = 3, ["blue"] = 0.5 } });
        Assert.Equal(byRow.Network.Network.InOrder.SelectMany(w => w), byClass.Network.Network.InOrder.SelectMany(w => w));
    }

    // Twenty thousand steps over all rows are the minimum of a convex quadratic, as far as single precision goes.
    private L2SpNetworkTrainer Trainer(L2SpNetworkTrainer.Options options)
    {
        options.LabelColumnName = "Number";
        options.BatchSize = 1000;
        if (options is { Epochs: 10 })
        {
            (options.Epochs, options.LearningRate) = (1500, 0.05);
        }

        options.Optimizer = NetworkOptimizer.Sgd(0.9);
        return _ml.Regression.Trainers.L2SpNetwork(options);
    }

    private static Sample[] Rows()
    {
        var rows = Sample.Make(60);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Weight = 1 + (i % 3);
        }

        return rows;
    }

    private static NetworkStartingPoint Linear(float[] weights, float bias) => NetworkStartingPoint.Of(new WeightedNetwork(
        Network.Mlp().Build(weights.Length, 1), new Dictionary<string, float[]> { ["layer0.weight"] = weights, ["layer0.bias"] = [bias] }));
}
