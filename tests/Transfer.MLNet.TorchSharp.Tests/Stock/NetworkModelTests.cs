using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using Transfer.MLNet.Models;
using Transfer.MLNet.Networks;
using Transfer.MLNet.Networks.Stock;
using Transfer.MLNet.Networks.Training;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Stock;

/// <summary>
/// A network as stock transformers. Nothing here needs TorchSharp's native library, as no program that only predicts does.
/// </summary>
public class NetworkModelTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Architectures => ["mlp", "linear", "cnn"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Multiclass_scores_are_the_networks_probabilities_with_its_class_names(string architecture)
    {
        var rows = Sample.Make(20);
        var view = Sample.Keyed(_ml, rows);
        var network = Sample.Drawn(Of(architecture), 3, seed: 4, "blue", "green", "red");

        var scored = Chain(NetworkTask.Multiclass, network, view, "Label").Transform(view);

        var scores = scored.GetColumn<float[]>("Score").ToArray();
        var predicted = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored)
            .GetColumn<string>("PredictedLabel").ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var expected = Plain.Softmax(Plain.Scores(network, rows[i].Features));
            Assert.All(expected.Zip(scores[i]), s => Assert.Equal(s.First, s.Second, 1e-5));
            Assert.Equal(network.Classes[Array.IndexOf(expected, expected.Max())], predicted[i]);
        }

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(["blue", "green", "red"], names.DenseValues().Select(n => n.ToString()));
        var share = rows.Zip(predicted).Average(r => r.First.Kind == r.Second ? 1.0 : 0);
        Assert.Equal(share, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, 1e-9);
    }

    [Fact]
    public void Binary_scores_are_log_odds_and_regression_scores_are_the_outputs()
    {
        var rows = Sample.Make(20);
        var view = _ml.Data.LoadFromEnumerable(rows);
        var network = Sample.Drawn(Network.Mlp(5), 1, seed: 2);

        var binary = Chain(NetworkTask.Binary, network, view, "Yes").Transform(view);
        var regression = Chain(NetworkTask.Regression, network, view, "Number").Transform(view);

        var (scores, probabilities, labels) = (
            binary.GetColumn<float>("Score").ToArray(), binary.GetColumn<float>("Probability").ToArray(),
            binary.GetColumn<bool>("PredictedLabel").ToArray());
        var outputs = regression.GetColumn<float>("Score").ToArray();
        Assert.Contains(true, labels);
        Assert.Contains(false, labels);
        for (var i = 0; i < rows.Length; i++)
        {
            var expected = Plain.Scores(network, rows[i].Features)[0];
            Assert.Equal(expected, scores[i], 1e-5);
            Assert.Equal(1 / (1 + Math.Exp(-expected)), probabilities[i], 1e-5);
            Assert.Equal(expected > 0, labels[i]);
            Assert.Equal(expected, outputs[i], 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_weights_come_back_from_the_saved_model_with_the_same_bits(string architecture)
    {
        using var folder = new TemporaryFolder();
        var view = Sample.Keyed(_ml, Sample.Make(20));
        var network = Sample.Drawn(Of(architecture), 3, seed: 4, "blue", "green", "red");
        var model = Chain(NetworkTask.Multiclass, network, view, "Label");
        _ml.Model.Save(model, view.Schema, folder.File("model.zip"));

        foreach (var start in new[] { NetworkStartingPoint.From(model), NetworkStartingPoint.Load(folder.File("model.zip")),
            NetworkStartingPoint.From(_ml.Model.Load(folder.File("model.zip"), out _)) })
        {
            Assert.Equal(network.InOrder.SelectMany(w => w), start.Network.InOrder.SelectMany(w => w));
            Assert.Equal(network.Classes, start.ClassNames);
            Assert.Equal(network.Blueprint.InputShape, start.Network.Blueprint.InputShape);
        }
    }

    [Fact]
    public void The_weights_of_binary_and_regression_networks_come_back_too()
    {
        var view = _ml.Data.LoadFromEnumerable(Sample.Make(20));
        var network = Sample.Drawn(Of("mlp"), 1, seed: 4);
        foreach (var (task, label) in new[] { (NetworkTask.Binary, "Yes"), (NetworkTask.Regression, "Number") })
        {
            Assert.Equal(network.InOrder.SelectMany(w => w), NetworkStartingPoint.From(Chain(task, network, view, label))
                .Network.InOrder.SelectMany(w => w));
        }
    }

    [Fact]
    public void A_program_without_TorchSharp_and_without_this_library_loads_the_file_and_gives_the_same_scores()
    {
        using var folder = new TemporaryFolder();
        var rows = Sample.Make(6);
        var view = Sample.Keyed(_ml, rows);
        var network = Sample.Drawn(Of("mlp"), 3, seed: 4, "blue", "green", "red");
        var model = Chain(NetworkTask.Multiclass, network, view, "Label");
        _ml.Model.Save(model, view.Schema, folder.File("model.zip"));

        var consumer = OnnxConsumer.Run(folder.File("model.zip"), rows.Select(r => r.Features));

        Assert.Equal(model.Transform(view).GetColumn<float[]>("Score"), consumer.Scores);
        Assert.All(consumer.Labels, l => Assert.Contains(l, network.Classes));
        Assert.DoesNotContain(consumer.Assemblies, a => a.Contains("Transfer.MLNet", StringComparison.Ordinal)
            && a != "Transfer.MLNet.OnnxConsumer");
        Assert.DoesNotContain("TorchSharp", consumer.Assemblies);
    }

    [Fact]
    public void The_chain_starts_with_a_stock_OnnxTransformer_that_gives_what_the_last_layer_gets()
    {
        var rows = Sample.Make(5);
        var view = Sample.Keyed(_ml, rows);
        var network = Sample.Drawn(Of("mlp"), 3, seed: 4);
        var chain = Chain(NetworkTask.Multiclass, network, view, "Label");
        Assert.Equal([typeof(OnnxTransformer),
            typeof(MulticlassPredictionTransformer<Microsoft.ML.Trainers.MaximumEntropyModelParameters>)], chain.Select(t => t.GetType()));
        var embedding = chain.Transform(view).GetColumn<float[]>("Embedding").ToArray();
        Assert.All(rows.Zip(embedding), r => Assert.All(
            Plain.Through(network, r.First.Features, network.Blueprint.Head).Zip(r.Second), v => Assert.Equal(v.First, v.Second, 1e-5)));
    }

    [Fact]
    public void A_chain_without_a_network_or_with_its_last_layer_cut_off_is_no_starting_point()
    {
        var view = Sample.Keyed(_ml, Sample.Make(20));
        var chain = Chain(NetworkTask.Multiclass, Sample.Drawn(Of("mlp"), 3, seed: 4), view, "Label");
        var cut = Assert.Throws<ArgumentException>(() => NetworkStartingPoint.From(chain.First()));
        Assert.Contains("lost its last layer", cut.Message, StringComparison.Ordinal);
        var none = Assert.Throws<ArgumentException>(() => NetworkStartingPoint.From(_ml.Transforms.CopyColumns("A", "Features").Fit(view)));
        Assert.Contains("no network", none.Message, StringComparison.Ordinal);
    }

    private static Network Of(string architecture) => architecture switch
    {
        "mlp" => Network.Mlp(5, 4),
        "linear" => Network.Mlp(),
        _ => Network.Cnn(2, 2, 2, [3], [4]),
    };

    private TransformerChain<ITransformer> Chain(NetworkTask task, WeightedNetwork network, IDataView view, string label) =>
        NetworkModel.Chain(StockModels.EnvironmentOf(_ml.Regression), task, network, view, new TaskColumns(label), "Embedding");
}
