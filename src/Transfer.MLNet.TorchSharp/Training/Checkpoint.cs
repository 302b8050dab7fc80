using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Transfer.MLNet.Networks.Training;

/// <summary>
/// A <see cref="TrainingState"/> in a file, little endian: 8 bytes "TLNETCKP", version (int32), length of the body (int64), the body, the
/// SHA-256 of all before it. Written beside its place and moved there, so that a full disk or a break leaves the one before.
/// </summary>
internal sealed class Checkpoint
{
    private const int Version = 1;
    private const int ChecksumLength = 32;

    private readonly string _path;
    private readonly IReadOnlyDictionary<string, string> _plan;

    /// <param name="path">Where it is.</param>
    /// <param name="plan">What training it belongs to, in words.</param>
    public Checkpoint(string path, IReadOnlyDictionary<string, string> plan)
    {
        _path = Path.GetFullPath(path);
        _plan = plan;
    }

    private static ReadOnlySpan<byte> Magic => "TLNETCKP"u8;

    /// <param name="state">What is written.</param>
    /// <param name="open">Opens the file that is written first; for tests of disks that fail.</param>
    /// <exception cref="IOException">It could not be written; the one before is as it was.</exception>
    public void Write(TrainingState state, Func<string, FileStream>? open = null)
    {
        var beside = Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetFileName(_path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            var body = Body(state);
            using (var file = open?.Invoke(beside) ?? new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                Put(Magic);
                Put(BitConverter.GetBytes(Version));
                Put(BitConverter.GetBytes((long)body.Length));
                Put(body);
                file.Write(hash.GetCurrentHash());
                file.Flush(flushToDisk: true);

                void Put(ReadOnlySpan<byte> bytes)
                {
                    hash.AppendData(bytes);
                    file.Write(bytes);
                }
            }

            File.Move(beside, _path, overwrite: true);
        }
        catch (IOException e)
        {
            throw new IOException($"The checkpoint '{_path}' could not be written after epoch {state.Epochs.Count}: {e.Message} "
                + (File.Exists(_path) ? "The one of an earlier epoch is intact; make room and run the same training again, it goes on from there." : "Make room, or choose another CheckpointPath."), e);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>What was written last, or null where there is none.</summary>
    /// <exception cref="FormatException">The file is no checkpoint, or damaged.</exception>
    /// <exception cref="InvalidOperationException">It belongs to another training.</exception>
    public TrainingState? Read()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        var file = File.ReadAllBytes(_path);
        if (file.Length < Magic.Length + 12 + ChecksumLength || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new FormatException($"The file '{_path}' is not a checkpoint of a network's training. Choose another CheckpointPath, so that it is not written over.");
        }

        var version = BitConverter.ToInt32(file, Magic.Length);
        if (version != Version)
        {
            throw new FormatException($"The checkpoint '{_path}' is of version {version}; this library reads version {Version}. Delete it to train from the beginning.");
        }

        if (!SHA256.HashData(file.AsSpan(..^ChecksumLength)).AsSpan().SequenceEqual(file.AsSpan()[^ChecksumLength..]))
        {
            throw new FormatException($"The checkpoint '{_path}' is damaged. Delete it to train from the beginning.");
        }

        using var body = new BinaryReader(new MemoryStream(file, Magic.Length + 12, file.Length - Magic.Length - 12 - ChecksumLength), Encoding.UTF8);
        RequireThisPlan(body);
        return State(body);
    }

    private void RequireThisPlan(BinaryReader body)
    {
        var other = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = body.ReadInt32(); i > 0; i--)
        {
            other[body.ReadString()] = body.ReadString();
        }

        var differing = _plan.Where(p => other.GetValueOrDefault(p.Key) != p.Value).ToArray();
        if (differing.Length > 0)
        {
            throw new InvalidOperationException(
                $"The checkpoint '{_path}' belongs to another training, which differs in: "
                + string.Join("; ", differing.Select(d => $"{d.Key} (there {other.GetValueOrDefault(d.Key, "unknown")}, here {d.Value})"))
                + ". Choose another CheckpointPath, or delete the file to train from the beginning.");
        }
    }

    private byte[] Body(TrainingState state)
    {
        var stream = new MemoryStream();
        using var body = new BinaryWriter(stream, Encoding.UTF8);
        body.Write(_plan.Count);
        foreach (var (key, value) in _plan)
        {
            body.Write(key);
            body.Write(value);
        }

        body.Write(state.Steps);
        body.Write(state.BestEpoch);
        body.Write(state.StoppedEarly);
        body.Write(state.Epochs.Count);
        foreach (var epoch in state.Epochs)
        {
            body.Write(epoch.Epoch);
            foreach (var number in (ReadOnlySpan<double>)[
                epoch.LearningRate, epoch.TrainingLoss, epoch.ValidationLoss ?? double.NaN, epoch.ValidationAccuracy ?? double.NaN, epoch.DistanceFromStart])
            {
                body.Write(number);
            }

            body.Write(epoch.Elapsed.Ticks);
        }

        WriteArrays(body, state.Weights);
        WriteArrays(body, state.Memories);
        WriteArrays(body, state.Best ?? []);
        body.Flush();
        return stream.ToArray();
    }

    private static TrainingState State(BinaryReader body)
    {
        var (steps, bestEpoch, stopped) = (body.ReadInt64(), body.ReadInt32(), body.ReadBoolean());
        var epochs = new List<NetworkEpoch>();
        for (var i = body.ReadInt32(); i > 0; i--)
        {
            epochs.Add(new(
                body.ReadInt32(), body.ReadDouble(), body.ReadDouble(), Known(body.ReadDouble()), Known(body.ReadDouble()), body.ReadDouble(), new TimeSpan(body.ReadInt64())));
        }

        var (weights, memories, best) = (ReadArrays(body), ReadArrays(body), ReadArrays(body));
        return new()
        {
            Weights = weights,
            Memories = memories,
            Best = best.Length > 0 ? best : null,
            Steps = steps,
            BestEpoch = bestEpoch,
            StoppedEarly = stopped,
            Epochs = epochs,
        };

        static double? Known(double number) => double.IsNaN(number) ? null : number;
    }

    private static void WriteArrays(BinaryWriter body, float[][] arrays)
    {
        body.Write(arrays.Length);
        foreach (var array in arrays)
        {
            body.Write(array.Length);
            body.Write(MemoryMarshal.AsBytes(array.AsSpan()));
        }
    }

    private static float[][] ReadArrays(BinaryReader body)
    {
        var arrays = new float[body.ReadInt32()][];
        for (var i = 0; i < arrays.Length; i++)
        {
            arrays[i] = new float[body.ReadInt32()];
            body.BaseStream.ReadExactly(MemoryMarshal.AsBytes(arrays[i].AsSpan()));
        }

        return arrays;
    }
}
