using Microsoft.ML;
using Transfer.MLNet.Networks;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Trainers;

/// <summary>
/// What is refused before anything is trained, and in which words: the same with and without TorchSharp's native library.
/// </summary>
public class NetworkBadInputTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Options_out_of_their_range_are_refused_by_name()
    {
        Refuses<ArgumentOutOfRangeException>(() => Trainer(o => o.Tau = -1), "Tau must be");
        Refuses<ArgumentOutOfRangeException>(() => Trainer(o => o.HeadTau = double.NaN), "HeadTau must be");
        Refuses<ArgumentOutOfRangeException>(() => Trainer(o => o.WeightDecay = double.PositiveInfinity), "WeightDecay must be");
        Refuses<ArgumentOutOfRangeException>(
            () => Trainer(o => o.LayerTaus = new Dictionary<int, double> { [1] = -2 }), "LayerTaus[1] must be");
        Refuses<ArgumentOutOfRangeException>(
            () => Trainer(o => o.ClassWeights = new Dictionary<string, double> { ["red"] = -2 }), "ClassWeights[\"red\"] must be");
        Refuses<ArgumentOutOfRangeException>(() => Trainer(o => o.LearningRate = 0), "LearningRate must be");
        Refuses<ArgumentOutOfRangeException>(() => Trainer(o => o.Epochs = 0), "Epochs must be");
        Refuses<ArgumentOutOfRangeException>(() => Trainer(o => o.BatchSize = 0), "BatchSize must be");
        Refuses<ArgumentOutOfRangeException>(() => Trainer(o => o.NumberOfThreads = 0), "NumberOfThreads must be");
        Refuses<ArgumentException>(() => Trainer(o => o.LabelColumnName = ""), "LabelColumnName");
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Refuses<ArgumentException>(() => Trainer(o => o.Network = null), "neither a Network nor a StartingPoint");
        Refuses<ArgumentException>(() => Trainer(o => o.Tau = 1), "starting point, and there is none", "WeightDecay");
        Refuses<ArgumentException>(() => Trainer(o => o.LayerTaus = new Dictionary<int, double> { [0] = 1 }),
            "starting point, and there is none");
        Refuses<ArgumentException>(() => Trainer(o => o.NewHead = true), "NewHead", "no starting point");
        Refuses<ArgumentException>(() => Trainer(o => o.Patience = 2), "Patience", "ValidationSet");
        Refuses<ArgumentException>(() => Trainer(
            o => o.CheckpointPath = Path.Combine(
            Path.GetTempPath(), Guid.NewGuid().ToString("N"), "a.checkpoint")), "folder", "does not exist");
    }

    [Fact]
    public void A_starting_point_of_another_architecture_is_refused_with_the_layer_and_both_shapes()
    {
        var view = Sample.Keyed(_ml, Sample.Make(20));
        var start = NetworkStartingPoint.Of(Sample.Drawn(Network.Mlp(5, 4), 3, seed: 1));
        Refuses<ArgumentException>(() => From(Network.Mlp(5, 6)).Fit(view), "At layer 1", "Inputs = 5, Outputs = 4",
            "Inputs = 5, Outputs = 6");
        Refuses<ArgumentException>(() => From(Network.Mlp([5, 4], Activation.Tanh)).Fit(view), "function behind layer 0", "Relu", "Tanh");
        Refuses<ArgumentException>(() => From(Network.Mlp(5, 4, 3)).Fit(view), "layer 2", "nothing", "Inputs = 4, Outputs = 3");
        Refuses<ArgumentException>(() => Trainer(
            o => (o.StartingPoint, o.Network) = (
            NetworkStartingPoint.Of(Of(Network.Mlp(5), 6)), Network.Mlp(5))).Fit(view), "takes 6 values", "here 8");

        L2SpNetworkTrainer From(Network network) => Trainer(o => (o.Network, o.StartingPoint, o.NewHead) = (network, start, true));
    }

    [Fact]
    public void Scores_that_are_kept_must_be_as_many()
    {
        var view = Sample.Keyed(_ml, Sample.Make(20));
        var start = NetworkStartingPoint.Of(Sample.Drawn(Network.Mlp(5), 2, seed: 1));
        Refuses<ArgumentException>(() => Trainer(o => (o.Network, o.StartingPoint, o.NewHead) = (Network.Mlp(5), start, false)).Fit(view),
            "At layer 1", "Outputs = 2", "Outputs = 3");
    }

    [Fact]
    public void Layers_that_are_not_there_are_named()
    {
        var view = Sample.Keyed(_ml, Sample.Make(20));
        Refuses<ArgumentException>(() => Trainer(o => o.FrozenLayers = [2]).Fit(view), "FrozenLayers names layer 2", "0 to 1");
        Refuses<ArgumentException>(() => Trainer(o => o.FrozenLayers = [0, 1]).Fit(view), "nothing to train");
        var start = NetworkStartingPoint.Of(Sample.Drawn(Network.Mlp(5), 3, seed: 1));
        Refuses<ArgumentException>(
            () => Trainer(o => (o.StartingPoint, o.NewHead, o.LayerTaus) = (start, true, new Dictionary<int, double> { [1] = 1 }))
                .Fit(view), "LayerTaus[1]", "HeadTau");
    }

    [Fact]
    public void Columns_that_are_missing_or_of_another_type_are_named()
    {
        var view = Sample.Keyed(_ml, Sample.Make(20));
        Refuses<ArgumentException>(() => Trainer(o => o.LabelColumnName = "Colour").Fit(view), "'Colour'", "'Label'");
        Refuses<ArgumentException>(() => Trainer(o => o.FeatureColumnName = "Kind").Fit(view), "'Kind'", "vector of Single");
        Refuses<ArgumentException>(() => Trainer(o => o.LabelColumnName = "Number").Fit(view), "'Number'");
        Refuses<ArgumentException>(() => Trainer(o => o.Network = Network.Cnn(1, 4, 4, [2], [])).Fit(view), "1 x 4 x 4 = 16", "has 8");
    }

    [Fact]
    public void Sizes_of_networks_are_checked()
    {
        Refuses<ArgumentOutOfRangeException>(() => Network.Mlp(5, 0), "place 1");
        Refuses<ArgumentOutOfRangeException>(() => Network.Mlp([5], Activation.Relu, dropout: 1), "probability");
        Refuses<ArgumentOutOfRangeException>(() => Network.Cnn(1, 4, 4, [2], [], kernel: 2), "odd");
        Refuses<ArgumentException>(() => Network.Cnn(1, 4, 4, [], []), "at least one convolution");
        Refuses<InvalidOperationException>(() => Network.Cnn(1, 2, 2, [2, 2], []).Build(4, 3), "needs a side of at least 2, but gets 1");
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_no_starting_point()
    {
        var network = Sample.Drawn(Network.Mlp(5), 3, seed: 1);
        network.Weights["layer2.bias"][1] = float.NaN;
        Refuses<ArgumentException>(() => NetworkStartingPoint.Of(network), "layer2.bias", "NaN");
    }

    private static WeightedNetwork Of(Network network, int inputs)
    {
        var blueprint = network.Build(inputs, 3);
        return new(blueprint, Transfer.MLNet.Networks.Training.InitialWeights.Draw(blueprint, 1));
    }

    private L2SpNetworkTrainer Trainer(Action<L2SpNetworkTrainer.Options> change)
    {
        var options = new L2SpNetworkTrainer.Options { Network = Network.Mlp(5) };
        change(options);
        return _ml.MulticlassClassification.Trainers.L2SpNetwork(options);
    }

    private static void Refuses<TException>(Action act, params string[] inMessage)
        where TException : Exception
    {
        var error = Assert.ThrowsAny<TException>(act);
        Assert.All(inMessage, m => Assert.Contains(m, error.Message, StringComparison.Ordinal));
    }
}
