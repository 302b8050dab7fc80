using TorchSharp;
using Transfer.MLNet.Networks;
using Transfer.MLNet.Networks.Training;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Training;

/// <summary>Scores and gradients of TorchSharp against networks computed by definition.</summary>
public class TorchNetworkTests : TorchTests
{
    public static TheoryData<string> Architectures => ["mlp", "cnn", "average"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Scores_are_those_of_the_definition(string architecture)
    {
        var network = Of(architecture);
        var rows = Sample.Make(7);
        using var torchNetwork = new TorchNetwork(network.Blueprint, network.Weights, new HashSet<int>());
        using var input = Input(rows);
        using var scores = torchNetwork.Scores(input, dropout: null);
        var actual = scores.data<float>().ToArray().Chunk(3).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.All(Plain.Scores(network, rows[i].Features).Zip(actual[i]), s => Assert.Equal(s.First, s.Second, 2e-6));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Gradients_are_the_differences_of_the_definition(string architecture)
    {
        var network = Of(architecture);
        var rows = Sample.Make(3);
        int[] labels = [2, 0, 1];
        using var torchNetwork = new TorchNetwork(network.Blueprint, network.Weights, new HashSet<int>());
        using var input = Input(rows);
        using var classes = torch.tensor(labels.Select(l => (long)l).ToArray());
        using var loss = NetworkTask.Multiclass.Losses(torchNetwork.Scores(input, dropout: null), classes).mean();
        var gradients = torchNetwork.Gradients(loss);
        for (var p = 0; p < torchNetwork.Count; p++)
        {
            var values = network.Weights[torchNetwork.Names[p]];
            var gradient = gradients[p]!.data<float>().ToArray();
            for (var j = 0; j < values.Length; j += 3)
            {
                const float step = 1e-4f;
                var kept = values[j];
                values[j] = kept + step;
                var (above, far) = (Loss(), (double)values[j]);
                values[j] = kept - step;
                var (below, near) = (Loss(), (double)values[j]);
                values[j] = kept;
                // The difference has an error of the size of step^2, below that of the gradient in single precision.
                Assert.Equal((above - below) / (far - near), gradient[j], 2e-5);
            }
        }

        double Loss() => rows.Zip(labels).Average(r => -Math.Log(Plain.Softmax(Plain.Scores(network, r.First.Features))[r.Second]));
    }

    [Fact]
    public void Frozen_layers_have_no_gradient()
    {
        var network = Of("mlp");
        using var torchNetwork = new TorchNetwork(network.Blueprint, network.Weights, new HashSet<int> { 0 });
        using var input = Input(Sample.Make(3));
        using var loss = torchNetwork.Scores(input, dropout: null).sum();
        Assert.Equal([false, false, true, true, true, true], torchNetwork.Gradients(loss).Select(g => g is not null));
    }

    [Fact]
    public void Dropout_drops_its_share_and_scales_the_rest_up()
    {
        using var mask = new Dropout(1, 2, 3).Mask(4, 0.3, [100, 100]);
        using var again = new Dropout(1, 2, 3).Mask(4, 0.3, [100, 100]);
        using var later = new Dropout(1, 2, 4).Mask(4, 0.3, [100, 100]);
        var values = mask.data<float>().ToArray();
        Assert.Equal(values, again.data<float>().ToArray());
        Assert.NotEqual(values, later.data<float>().ToArray());
        Assert.Equal([0f, (float)(1 / 0.7)], values.Distinct().Order());
        // Five standard errors of 10,000 draws.
        Assert.Equal(0.3, values.Average(v => v == 0 ? 1.0 : 0), 5 * Math.Sqrt(0.21 / 10_000));
    }

    private static WeightedNetwork Of(string architecture) => architecture switch
    {
        "mlp" => Sample.Drawn(Network.Mlp([6, 5], Activation.Tanh, dropout: 0.5), 3, seed: 3),
        "cnn" => Sample.Drawn(Network.Cnn(2, 2, 2, [3], [4], Activation.Sigmoid), 3, seed: 3),
        _ => Averaging(),
    };

    private static WeightedNetwork Averaging()
    {
        var blueprint = new Blueprint([2, 2, 2],
            [new Convolution(2, 3, 2, 1, 1), new Elementwise(Activation.Tanh), new Pooling(2, 1, Average: true), new Flattening(),
            new Dense(12, 3)]);
        return new(blueprint, InitialWeights.Draw(blueprint, 3));
    }

    private static torch.Tensor Input(Sample[] rows) =>
        torch.tensor(rows.SelectMany(r => r.Features).ToArray(), [rows.Length, Sample.Width], torch.ScalarType.Float32);
}
