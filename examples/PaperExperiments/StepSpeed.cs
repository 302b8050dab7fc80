using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

namespace PaperExperiments;

/// <summary>
/// The processor time of a step of training with each of the paper's networks, on one thread: forward, backward, Adam with weight decay,
/// the batch gathered. Rows are random; tests/Transfer.MLNet.Benchmarks/step-speed runs it in turn with the same in PyTorch.
/// </summary>
internal static class StepSpeed
{
    private const int Epochs = 5;
    private const int Steps = 12;

    public static void Run()
    {
        foreach (var (name, protocol, width, classes, filled) in new[]
        {
            ("784-128-64-5", Protocol.Mnist, 784, 5, 784), ("two convolutions on 32 x 32 x 3, 128, 5", Protocol.Cifar10, 3072, 5, 3072),
                ("5000-256-128-9, dropout", Protocol.Newsgroups, 5000, 9, 80),
        })
        {
            var (times, before) = (new List<double>(), TimeSpan.Zero);
            var ml = new MLContext(1);
            ml.MulticlassClassification.Trainers.L2SpNetwork(new()
            {
                Network = protocol.Network,
                WeightDecay = protocol.TargetDecay,
                LearningRate = protocol.LearningRate,
                BatchSize = protocol.BatchSize,
                Epochs = Epochs,
                NumberOfThreads = 1,
                Progress = new Told(_ =>
                {
                    // Processor time, as the peer's: a busy machine is no part of it.
                    var now = Environment.CpuUsage.TotalTime;
                    times.Add((now - before).TotalMilliseconds / Steps);
                    before = now;
                }),
            }).Fit(Rows(ml, Steps * protocol.BatchSize, width, classes, filled));
            var after = times.Skip(1).Order().ToArray(); // in the first epoch code is compiled and memory found
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{protocol.BatchSize}\t{after[after.Length / 2]:F3}"));
        }
    }

    private static IDataView Rows(MLContext ml, int count, int width, int classes, int filled)
    {
        var random = new Random(1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count)
            .Select(i => new Row { Label = (uint)(i % classes) + 1, Features = Features(random, width, filled) }).ToArray(), schema);
    }

    private static VBuffer<float> Features(Random random, int width, int filled)
    {
        var values = Enumerable.Range(0, filled).Select(_ => random.NextSingle() - 0.5f).ToArray();
        return filled == width
            ? new(width, values)
            : new(width, filled, values, [.. Enumerable.Range(0, filled).Select(j => j * (width / filled))]);
    }

    private sealed class Told(Action<NetworkEpoch> tell) : IProgress<NetworkEpoch>
    {
        public void Report(NetworkEpoch value) => tell(value);
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public uint Label { get; set; }
    }
}
