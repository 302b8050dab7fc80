using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using PaperExperiments.Data;
using Transfer.MLNet;

namespace PaperExperiments;

/// <summary>
/// Trains sources over the weight decays and seeds, and targets from each. Pieces of work are independent and run side by side.
/// </summary>
internal sealed class Sweep(Protocol protocol, TaskPair tasks, CancellationToken cancellation)
{
    /// <summary>What is left to do: a seed and a decay, or NaN for training from scratch.</summary>
    public IReadOnlyList<(int Seed, double Decay)> Pieces(Results results)
    {
        var done = results.All.Select(o => (o.Seed, o.Decay)).ToHashSet();
        return [.. protocol.Seeds.SelectMany(s => protocol.Decays.Prepend(double.NaN).Select(d => (s, d))).Where(p => !done.Contains(p))];
    }

    /// <summary>The outcomes of this protocol's seeds of which none is missing.</summary>
    public IReadOnlyList<Outcome> WholeSeeds(Results results)
    {
        var all = results.All.Where(o => protocol.Seeds.Contains(o.Seed) && protocol.Decays.Append(double.NaN).Contains(o.Decay)).ToArray();
        var missing = Pieces(results).Select(p => p.Seed).ToHashSet();
        return [.. all.Where(o => !missing.Contains(o.Seed))];
    }

    // Without buffering, so that pieces are begun in their order and the first seeds are whole first.
    public void Run(IReadOnlyList<(int Seed, double Decay)> pieces, Results results, int threads, Action done)
        => Parallel.ForEach(Partitioner.Create(pieces, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, piece =>
        {
            results.Add(double.IsNaN(piece.Decay) ? Scratch(piece.Seed) : Transfers(piece.Seed, piece.Decay));
            done();
        });

    private List<Outcome> Scratch(int seed)
    {
        var ml = new MLContext(seed);
        return [.. protocol.Fractions.Select(f => Fit(ml, seed, double.NaN, f, Kind.Scratch, start: null).Outcome)];
    }

    private List<Outcome> Transfers(int seed, double decay)
    {
        var ml = new MLContext(seed);
        var (source, network) = Fit(ml, seed, decay, 1, Kind.Source, start: null);
        List<Outcome> outcomes = [];
        foreach (var fraction in protocol.Fractions)
        {
            outcomes.Add(Fit(ml, seed, decay, fraction, Kind.Standard, network).Outcome);
            outcomes.Add(Fit(ml, seed, decay, fraction, Kind.L2Sp, network).Outcome);
        }

        outcomes.Add(source);
        return outcomes;
    }

    private (Outcome Outcome, NetworkStartingPoint Network) Fit(
        MLContext ml, int seed, double decay, double fraction, Kind kind, NetworkStartingPoint? start)
    {
        var clock = Stopwatch.StartNew();
        var ofSource = kind == Kind.Source;
        var (training, test) = ofSource ? (tasks.SourceTraining, tasks.SourceTest)
            : (tasks.TargetTraining.Share(fraction, seed), tasks.TargetTest);
        var classes = tasks.SourceTraining.Classes.Max() + 1;
        var trainer = ml.MulticlassClassification.Trainers.L2SpNetwork(new()
        {
            Network = protocol.Network,
            StartingPoint = start,
            NewHead = start is null ? null : protocol.NewHead,
            Tau = kind == Kind.L2Sp ? protocol.Tau : 0,
            WeightDecay = ofSource ? decay : kind == Kind.L2Sp ? 0 : protocol.TargetDecay,
            LearningRate = protocol.LearningRate,
            BatchSize = protocol.BatchSize,
            Epochs = ofSource ? protocol.SourceEpochs : protocol.TargetEpochs,
            Seed = seed,
            ValidationSet = View(ml, test, classes),
            CancellationToken = cancellation,
        });
        trainer.Fit(View(ml, training, classes), out var report);
        return (new(seed, decay, fraction, kind, report.Epochs[^1].ValidationAccuracy!.Value,
            [.. report.Epochs.Select(e => e.DistanceFromStart)], clock.Elapsed.TotalSeconds), report.Network);
    }

    private static IDataView View(MLContext ml, LabelledRows rows, int classes)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.Features[0].Length);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return ml.Data.LoadFromEnumerable(rows.Features.Select((f, i) => new Row { Features = f, Label = (uint)rows.Classes[i] + 1 }),
            schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }
}
