using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using Transfer.MLNet.Networks.Training;
using Xunit;
using static TorchSharp.torch.nn;

namespace Transfer.MLNet.Tests.Networks.Trainers;

/// <summary>The trainer as users meet it.</summary>
public class L2SpNetworkTests : TorchTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public L2SpNetworkTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Fact]
    public void A_pipeline_learns_is_saved_is_evaluated_and_starts_the_next_training()
    {
        using var folder = new TemporaryFolder();
        var (rows, held) = (_ml.Data.LoadFromEnumerable(Sample.Make(1500)), _ml.Data.LoadFromEnumerable(Sample.Make(500, seed: 2)));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(_ml.MulticlassClassification.Trainers.L2SpNetwork(
            new() { Network = Network.Mlp(32, 16), Epochs = 30, LearningRate = 5e-3, BatchSize = 64 }));

        var model = pipeline.Fit(rows);
        _ml.Model.Save(model, rows.Schema, folder.File("model.zip"));
        var loaded = _ml.Model.Load(folder.File("model.zip"), out _);

        var metrics = _ml.MulticlassClassification.Evaluate(loaded.Transform(held));
        Assert.True(metrics.MicroAccuracy > 0.85, $"{metrics.MicroAccuracy}");
        Assert.Equal(metrics.LogLoss, _ml.MulticlassClassification.Evaluate(model.Transform(held)).LogLoss, 1e-12);

        // A few rows of the next task: from the network far better than from nothing.
        var few = _ml.Data.LoadFromEnumerable(Sample.Make(40, seed: 3));
        NetworkStartingPoint? start = model;
        double Accuracy(NetworkStartingPoint? from) => _ml.MulticlassClassification.Evaluate(
            _ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(_ml.Transforms.NormalizeMeanVariance("Features"))
                .Append(_ml.MulticlassClassification.Trainers.L2SpNetwork(
                new() { Network = Network.Mlp(32, 16), StartingPoint = from, Tau = from is null ? 0 : 1e-2, Epochs = 10, BatchSize = 16 }))
                .Fit(few).Transform(held)).MicroAccuracy;
        var (tuned, scratch) = (Accuracy(start), Accuracy(null));
        Assert.True(tuned > scratch + 0.1, $"{tuned} against {scratch}");
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    public void Scores_through_ONNX_are_those_of_TorchSharp(string architecture)
    {
        var rows = Sample.Make(200);
        var view = Sample.Keyed(_ml, rows);
        var network = architecture == "mlp" ? Network.Mlp([16, 8], Activation.Relu, dropout: 0.2) : Network.Cnn(2, 2, 2, [6], [8]);
        var model = _ml.MulticlassClassification.Trainers.L2SpNetwork(
            new() { Network = network, Epochs = 5, BatchSize = 32, LearningRate = 0.01 }).Fit(view, out var report);

        var scores = model.Transform(view).GetColumn<float[]>("Score").ToArray();

        using var torchNetwork = new TorchNetwork(report.Network.Network.Blueprint, report.Network.Network.Weights, new HashSet<int>());
        using var input = torch.tensor(rows.SelectMany(r => r.Features).ToArray(), [rows.Length, Sample.Width], torch.ScalarType.Float32);
        using var expected = torchNetwork.Scores(input, dropout: null).softmax(1);
        Assert.All(expected.data<float>().ToArray().Zip(scores.SelectMany(s => s)), s => Assert.Equal(s.First, s.Second, 1e-5));
        Assert.True(scores.Select(s => Array.IndexOf(s, s.Max())).Distinct().Count() > 1);
    }

    [Fact]
    public void Binary_and_regression_networks_learn()
    {
        var (rows, held) = (_ml.Data.LoadFromEnumerable(Sample.Make(1500)), _ml.Data.LoadFromEnumerable(Sample.Make(500, seed: 2)));
        var options = new L2SpNetworkTrainer.Options
        {
            Network = Network.Mlp(32, 16),
            Epochs = 30,
            LearningRate = 5e-3,
            BatchSize = 64,
            ValidationSet = held,
            LabelColumnName = "Yes"
        };
        var binary = _ml.BinaryClassification.Evaluate(
            _ml.BinaryClassification.Trainers.L2SpNetwork(options).Fit(rows, out var report).Transform(held), "Yes");
        Assert.True(binary.AreaUnderRocCurve > 0.95, $"{binary.AreaUnderRocCurve}");
        Assert.Equal(binary.Accuracy, report.Epochs[^1].ValidationAccuracy!.Value, 1e-6);
        // ML.NET's log loss is to base 2.
        Assert.Equal(binary.LogLoss * Math.Log(2), report.Epochs[^1].ValidationLoss!.Value, 1e-5);
        options.LabelColumnName = "Number";
        var regression = _ml.Regression.Evaluate(
            _ml.Regression.Trainers.L2SpNetwork(options).Fit(rows, out report).Transform(held), "Number");
        Assert.True(regression.RSquared > 0.9, $"{regression.RSquared}");
        Assert.Equal(regression.MeanSquaredError / 2, report.Epochs[^1].ValidationLoss!.Value, 1e-5);
        Assert.Null(report.Epochs[^1].ValidationAccuracy);
    }

    [Fact]
    public void Validation_is_scored_without_dropout_as_the_model_is()
    {
        var (rows, held) = (_ml.Data.LoadFromEnumerable(Sample.Make(200)), _ml.Data.LoadFromEnumerable(Sample.Make(100, seed: 2)));
        var options = new L2SpNetworkTrainer.Options
        {
            Network = Network.Mlp([16], Activation.Relu, dropout: 0.5),
            Epochs = 3,
            LearningRate = 0.01,
            ValidationSet = held,
            LabelColumnName = "Yes"
        };
        var model = _ml.BinaryClassification.Trainers.L2SpNetwork(options).Fit(rows, out var report);
        Assert.Equal(_ml.BinaryClassification.Evaluate(model.Transform(held), "Yes").LogLoss * Math.Log(2), report.Epochs[^1]
            .ValidationLoss!.Value, 1e-5);
    }

    [Fact]
    public void Classes_in_another_order_are_put_in_order_and_other_classes_make_a_new_head()
    {
        var view = Sample.Keyed(_ml, Sample.Make(300));
        var source = _ml.MulticlassClassification.Trainers.L2SpNetwork(new() { Network = Network.Mlp(16), Epochs = 5, LearningRate = 0.01 })
            .Fit(view, out var sourceReport);
        Assert.Equal(["blue", "green", "red"], sourceReport.Network.ClassNames);

        // Steps too short to change a bit: what is scored is the starting point itself.
        var still = new L2SpNetworkTrainer.Options
        {
            StartingPoint = source,
            Epochs = 1,
            LearningRate = 1e-30,
            Optimizer = NetworkOptimizer.Sgd(0)
        };
        var appearing = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Fit(_ml.Data.LoadFromEnumerable(Sample.Make(300)))
            .Transform(_ml.Data.LoadFromEnumerable(Sample.Make(300)));
        var reordered = _ml.MulticlassClassification.Trainers.L2SpNetwork(still).Fit(appearing, out var kept);
        Assert.Equal(["red", "green", "blue"], kept.Network.ClassNames);
        var (before, after) = (source.Transform(view).GetColumn<float[]>("Score").ToArray(), reordered.Transform(appearing)
            .GetColumn<float[]>("Score").ToArray());
        Assert.All(before.Zip(after), s => Assert.All(s.First.Zip(s.Second.Reverse()), p => Assert.Equal(p.First, p.Second, 1e-6)));
        Assert.Contains(_heard, e => e.Message.Contains("All layers start from a fitted network", StringComparison.Ordinal));

        var others = Sample.Keyed(_ml, Sample.Make(300, 1, "x", "y", "z"));
        _ml.MulticlassClassification.Trainers.L2SpNetwork(still).Fit(others, out var fresh);
        Assert.Equal(sourceReport.Network.Network.Weights["layer0.weight"], fresh.Network.Network.Weights["layer0.weight"]);
        Assert.NotEqual(sourceReport.Network.Network.Weights["layer2.weight"], fresh.Network.Network.Weights["layer2.weight"]);
        Assert.Contains(_heard, e => e.Message.Contains("The last layer is new", StringComparison.Ordinal));
        still.NewHead = false;
        _ml.MulticlassClassification.Trainers.L2SpNetwork(still).Fit(others, out var byPlace);
        Assert.Equal(sourceReport.Network.Network.Weights["layer2.weight"], byPlace.Network.Network.Weights["layer2.weight"]);
    }

    [Fact]
    public void Sparse_rows_give_the_bits_of_dense_rows()
    {
        var rows = Sample.Make(100);
        foreach (var row in rows)
        {
            row.Features = [.. row.Features.Select(x => x > 0 ? x : 0)];
        }

        var sparse = _ml.Data.LoadFromEnumerable(rows.Select(r => new SparseRow
        {
            Number = r.Number,
            Features = new VBuffer<float>(Sample.Width, r.Features.Count(x => x > 0), [.. r.Features.Where(x => x > 0)],
                [.. Enumerable.Range(0, Sample.Width).Where(i => r.Features[i] > 0)]),
        }).ToArray());
        var options = new L2SpNetworkTrainer.Options { Network = Network.Mlp(6), LabelColumnName = "Number", Epochs = 3, BatchSize = 16 };
        _ml.Regression.Trainers.L2SpNetwork(options).Fit(_ml.Data.LoadFromEnumerable(rows), out var fromDense);
        var model = _ml.Regression.Trainers.L2SpNetwork(options).Fit(sparse, out var fromSparse);
        Assert.Equal(fromDense.Network.Network.InOrder.SelectMany(w => w), fromSparse.Network.Network.InOrder.SelectMany(w => w));
        Assert.Equal(model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float>("Score"), model.Transform(sparse)
            .GetColumn<float>("Score"));
    }

    [Fact]
    public void A_module_of_TorchSharp_is_trained_from_its_weights_and_stays_as_it_is()
    {
        using var module = Sequential(("first", Linear(Sample.Width, 6)), ("inner", Sequential(("tanh", Tanh()), ("drop", Dropout(0.1)))),
            ("head", Linear(6, 1)));
        var before = module.parameters().SelectMany(p => p.data<float>().ToArray()).ToArray();
        var view = _ml.Data.LoadFromEnumerable(Sample.Make(50));
        var still = new L2SpNetworkTrainer.Options
        {
            Network = Network.Of(module, Sample.Width),
            LabelColumnName = "Number",
            Epochs = 1,
            LearningRate = 1e-30,
            Optimizer = NetworkOptimizer.Sgd(0)
        };
        _ml.Regression.Trainers.L2SpNetwork(still).Fit(view, out var report);
        Assert.Equal(before, report.Network.Network.InOrder.SelectMany(w => w));
        still.LearningRate = 0.1;
        _ml.Regression.Trainers.L2SpNetwork(still).Fit(view, out report);
        Assert.NotEqual(before, report.Network.Network.InOrder.SelectMany(w => w));
        Assert.Equal(before, module.parameters().SelectMany(p => p.data<float>().ToArray()));
        Assert.Equal(before, NetworkStartingPoint.From(module, Sample.Width).Network.InOrder.SelectMany(w => w));
    }

    [Fact]
    public void A_module_that_cannot_be_written_as_ONNX_is_named()
    {
        using var odd = Sequential(("first", Linear(Sample.Width, 6)), ("odd", GELU()), ("head", Linear(6, 1)));
        Assert.Contains("'odd' is a GELU", Assert.Throws<NotSupportedException>(() => Network.Of(odd, Sample.Width)).Message,
            StringComparison.Ordinal);
        using var padded = Sequential(("conv", Conv2d(2, 3, 3, padding: 1)), ("pool", MaxPool2d(2, padding: 1)), ("flat", Flatten()),
            ("head", Linear(12, 1)));
        Assert.Contains("'pool' is a MaxPool2d with padding", Assert.Throws<NotSupportedException>(() => Network.Of(padded, 2, 2, 2))
            .Message, StringComparison.Ordinal);
        using var endless = Sequential(("first", Linear(Sample.Width, 6)), ("tanh", Tanh()));
        Assert.Contains("must end in a dense layer", Assert.Throws<InvalidOperationException>(() => Network.Of(endless, Sample.Width))
            .Message, StringComparison.Ordinal);
        using var three = Sequential(("head", Linear(Sample.Width, 3)));
        var view = _ml.Data.LoadFromEnumerable(Sample.Make(10));
        Assert.Contains("gives 3 scores, but the label needs 1", Assert.Throws<ArgumentException>(
            () => _ml.Regression.Trainers.L2SpNetwork(new() { Network = Network.Of(three, Sample.Width), LabelColumnName = "Number" })
                .Fit(view)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_convolutional_module_gives_the_scores_of_TorchSharp()
    {
        using var module = Sequential(("conv", Conv2d(2, 3, 2, stride: 1, padding: 1)), ("relu", ReLU()), ("pool", AvgPool2d(2, stride: 1)),
            ("flat", Flatten()), ("head", Linear(12, 2)));
        module.eval();
        var rows = Sample.Make(6);
        var network = NetworkStartingPoint.From(module, 2, 2, 2).Network;
        using var input = torch.tensor(rows.SelectMany(r => r.Features).ToArray(), [6, 2, 2, 2], torch.ScalarType.Float32);
        using var expected = module.forward(input);
        Assert.All(expected.data<float>().ToArray().Zip(rows.SelectMany(r => Plain.Scores(network, r.Features))), s =>
            Assert.Equal(s.First, s.Second, 2e-6));
    }

    [Fact]
    public void The_head_alone_can_be_tuned_exactly_by_FineTune()
    {
        var (rows, few) = (_ml.Data.LoadFromEnumerable(Sample.Make(600)),
            _ml.Data.LoadFromEnumerable(Sample.Make(60, seed: 4).Select(Shifted).ToArray()));
        var model = _ml.Regression.Trainers.L2SpNetwork(
            new() { Network = Network.Mlp(16), LabelColumnName = "Number", Epochs = 20, LearningRate = 0.01 }).Fit(rows);

        var tuned = _ml.Model.FineTune(model, few, new FineTuneOptions { LabelColumnName = "Number" });

        var held = _ml.Data.LoadFromEnumerable(Sample.Make(300, seed: 5).Select(Shifted).ToArray());
        var (before, after) = (_ml.Regression.Evaluate(model.Transform(held), "Number").MeanSquaredError,
            _ml.Regression.Evaluate(tuned.Transform(held), "Number").MeanSquaredError);
        Assert.True(after < before / 2, $"{after} after {before}");
        Assert.Equal(
            NetworkStartingPoint.From(model).Network.Weights["layer0.weight"], NetworkStartingPoint.From(tuned)
                .Network.Weights["layer0.weight"]);

        static Sample Shifted(Sample row)
        {
            row.Number = (1.5f * row.Number) + 1;
            return row;
        }
    }

    [Fact]
    public void The_output_schema_is_known_before_training_and_is_what_comes()
    {
        var view = Sample.Keyed(_ml, Sample.Make(30));
        var trainer = _ml.MulticlassClassification.Trainers.L2SpNetwork(new() { Network = Network.Mlp(4), Epochs = 1 });
        var seen = new SeenShape();
        _ml.Transforms.CopyColumns("Copy", "Features").Append(seen).Fit(view);
        var shape = trainer.GetOutputSchema(seen.Shape!);
        var schema = trainer.Fit(view).GetOutputSchema(view.Schema);
        foreach (var name in new[] { "Embedding", "Score", "PredictedLabel" })
        {
            Assert.Contains(shape, c => c.Name == name);
            Assert.NotNull(schema.GetColumnOrNull(name));
        }
    }

    [Fact]
    public void A_class_weight_for_a_class_that_is_not_there_is_refused()
    {
        var trainer = _ml.MulticlassClassification.Trainers.L2SpNetwork(
            new() { Network = Network.Mlp(4), ClassWeights = new Dictionary<string, double> { ["pink"] = 2 } });
        Assert.Contains("'pink'", Assert.Throws<ArgumentException>(() => trainer.Fit(Sample.Keyed(_ml, Sample.Make(30)))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>ML.NET has no public way from a schema to its shape, except into an estimator.</summary>
    private sealed class SeenShape : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public ITransformer Fit(IDataView input) => new MLContext().Transforms.CopyColumns("Again", "Features").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }

    private sealed class SparseRow
    {
        [VectorType(Sample.Width)]
        public VBuffer<float> Features { get; set; }

        public float Number { get; set; }
    }
}
