using System.Diagnostics;
using Microsoft.ML;
using Transfer.MLNet.Fuzz.Readers;
using Transfer.MLNet.Networks.Training;

namespace Transfer.MLNet.Fuzz.Faults;

/// <summary>What the library writes, in a loop in another process of this program.</summary>
internal abstract class LibraryWriting : Writing
{
    private static readonly string s_program = typeof(LibraryWriting).Assembly.Location;

    public override void Prepare(string folder) => Write(folder);

    public override Process Start(string folder) => Dotnet(folder, s_program, "write", Name, folder);

    /// <summary>Writes some times, in the process that may be killed.</summary>
    public abstract void Write(string folder);
}

/// <summary>A store of versions: added, retrained behind the guard, gone back from, old ones deleted.</summary>
internal class StoreWriting : LibraryWriting
{
    private const int Times = 4;

    public override string Name => "store";

    public override void Write(string folder)
    {
        var ml = new MLContext(seed: 1);
        var store = new ModelStore(Path.Combine(folder, "models"));
        var rows = Sample.Of(80, 3);
        for (var i = 0; i < Times; i++)
        {
            store.Add(ml.Model, ml.Regression.Trainers.L2SpRidge(tau: 1 + i).Fit(rows), rows.Schema, rows);
            _ = ml.Model.RetrainGuarded(store, Sample.Of(60, 3), new RetrainGuardedOptions { AcceptShift = true });
            store.MakeCurrent(store.Versions[0].Number);
            store.Add(ml.Model, ml.Regression.Trainers.L2SpRidge(tau: 9).Fit(rows), rows.Schema);
            store.Rollback();
            store.Retain(3);
        }
    }

    public override IEnumerable<string> Faults(string folder)
    {
        var store = new ModelStore(Path.Combine(folder, "models"));
        if (store.Current is null)
        {
            yield return "there is no current version";
        }

        foreach (var version in store.Versions)
        {
            var fault = Fault(Path.Combine(store.Folder, $"{version.Number:D6}.zip"),
                path => store.Load(Sample.Ml.Model, version.Number, out var schema));
            if (fault is not null)
            {
                yield return fault;
            }

            if (version.RowsPrint is not null && Production.HeldOutFile.Read(store.Folder, version) is null)
            {
                yield return $"the rows of version {version.Number} are lost or half";
            }
        }
    }

    public override IEnumerable<string> LeftOver(string folder) => base.LeftOver(folder).Concat(
        Directory.EnumerateFiles(Path.Combine(folder, "models"), "0*")
            .Where(f => !File.Exists(Path.ChangeExtension(f, ".json"))));
}

/// <summary>A store that two processes write to and read, one of which is killed: the other must come to its end.</summary>
internal sealed class SharedStoreWriting : StoreWriting
{
    private const int Times = 6;
    private const int Kept = 3;

    private Process? _other;

    public override string Name => "shared-store";

    public override Process Start(string folder)
    {
        _other = base.Start(folder);
        return base.Start(folder);
    }

    public override void Write(string folder)
    {
        var ml = new MLContext(seed: 1);
        var store = new ModelStore(Path.Combine(folder, "models"));
        var rows = Sample.Of(80, 3);
        var model = ml.Regression.Trainers.L2SpRidge(tau: 1).Fit(rows);
        for (var i = 0; i < Times; i++)
        {
            var added = store.Add(ml.Model, model, rows.Schema, rows);
            _ = store.Load(ml.Model, out _);
            Require(store.Versions.Count >= 1 && store.Current is not null && added.Number > 0);
            store.Retain(Kept);
        }
    }

    public override IEnumerable<string> Faults(string folder)
    {
        if (_other is { } other)
        {
            other.WaitForExit();
            if (other.ExitCode != 0)
            {
                yield return $"the process that was not killed ended with {other.ExitCode}";
            }

            other.Dispose();
            _other = null;
        }

        foreach (var fault in base.Faults(folder))
        {
            yield return fault;
        }
    }

    private static void Require(bool isSound)
    {
        if (!isSound)
        {
            throw new InvalidOperationException("a reader saw no version");
        }
    }
}

/// <summary>Checkpoints of a training, one over the other.</summary>
internal sealed class CheckpointWriting : LibraryWriting
{
    private const int Times = 60;
    private const int Size = 300_000;

    private static readonly SortedDictionary<string, string> s_plan = new(StringComparer.Ordinal) { ["seed"] = "1" };

    public override string Name => "checkpoint";

    public override void Write(string folder)
    {
        var weights = new float[Size];
        for (var i = 1; i <= Times; i++)
        {
            Array.Fill(weights, i);
            new Checkpoint(At(folder), s_plan).Write(new TrainingState
            {
                Weights = [weights],
                Memories = [weights, weights],
                Steps = i,
                Epochs = [new NetworkEpoch(1, 0.1, 0.5, null, null, 0.2, TimeSpan.FromSeconds(1))],
            });
        }
    }

    public override IEnumerable<string> Faults(string folder)
    {
        var fault = Fault(At(folder), _ =>
        {
            var state = new Checkpoint(At(folder), s_plan).Read([Size], memories: 2)!;
            if (Array.Exists(state.Weights[0], w => w != state.Steps))
            {
                throw new FormatException("it has weights of two steps");
            }
        });
        return fault is null ? [] : [fault];
    }

    private static string At(string folder) => Path.Combine(folder, "training.checkpoint");
}
