using Transfer.MLNet.Fuzz.Damage;
using Transfer.MLNet.Networks;
using Transfer.MLNet.Networks.Onnx;
using Transfer.MLNet.Networks.Training;

namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>ONNX files, and zips, as the starting point of a network.</summary>
internal sealed class OnnxFileReader : Reader
{
    public override string Name => "onnx";

    public override int Share => 16;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound() =>
        [("mlp.onnx", Written(Network.Mlp(4, 3), 5)), ("cnn.onnx", Written(Network.Cnn(1, 6, 6, [2], []), 36))];

    public override bool Read(byte[] input, string folder, Random random)
    {
        var path = Path.Combine(folder, "a.onnx");
        File.WriteAllBytes(path, input);
        var start = NetworkStartingPoint.Load(path);
        start.SaveAsOnnx(Path.Combine(folder, "b.onnx"));
        _ = NetworkStartingPoint.Load(Path.Combine(folder, "b.onnx")).ToString();
        return true;
    }

    public override bool IsDocumented(Exception exception) => exception is FormatException or NotSupportedException
        || exception.GetType() == typeof(ArgumentException);

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) => ProtobufMutator.Of(sound, random);

    private static byte[] Written(Network network, int inputs)
    {
        var blueprint = network.Build(inputs, 2);
        var random = new Random(1);
        var weights = blueprint.Parameters().ToDictionary(
            p => p.Name, p => Enumerable.Range(0, (int)p.Shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextSingle()).ToArray());
        return OnnxWriter.Write(NetworkGraph.WriteWhole(new WeightedNetwork(blueprint, weights), "features", "scores"));
    }
}

/// <summary>Checkpoints of a training.</summary>
internal sealed class CheckpointReader : Reader
{
    private static readonly SortedDictionary<string, string> s_plan = new(StringComparer.Ordinal) { ["seed"] = "1", ["rate"] = "0.25" };

    public override string Name => "checkpoint";

    public override int Share => 12;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        var folder = Directory.CreateTempSubdirectory("checkpoint");
        var path = Path.Combine(folder.FullName, "a");
        new Checkpoint(path, s_plan).Write(new TrainingState
        {
            Weights = [[1, 2, 3], [float.Epsilon]],
            Memories = [[0.1f, 0.2f, 0.3f], [0, 0, 0], [4], [5]],
            Best = [[1, 2, 4], [0]],
            BestEpoch = 1,
            Steps = 17,
            Epochs = [new NetworkEpoch(1, 0.1, 0.5, 0.6, null, 0.2, TimeSpan.FromSeconds(1))],
        });
        var bytes = File.ReadAllBytes(path);
        folder.Delete(recursive: true);
        return [("small.checkpoint", bytes)];
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        var path = Path.Combine(folder, "a.checkpoint");
        File.WriteAllBytes(path, input);
        return new Checkpoint(path, s_plan).Read([3, 1], memories: 2) is not null;
    }

    public override bool IsDocumented(Exception exception) => exception is FormatException
        || exception.GetType() == typeof(InvalidOperationException);

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) => Sealed.Checkpoint(damaged);
}
