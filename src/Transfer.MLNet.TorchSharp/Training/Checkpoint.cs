using System.Security.Cryptography;
using Transfer.MLNet.Files;

namespace Transfer.MLNet.Networks.Training;

/// <summary>
/// A <see cref="TrainingState"/> in a file, little endian: 8 bytes "TLNETCKP", version (int32), length of the body (int64), the body, the
/// SHA-256 of all before it. Replaced whole (<see cref="AtomicFile"/>), so that a full disk or a break leaves the one before.
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
    /// <param name="through">What it is written through; for tests of disks that fail.</param>
    /// <exception cref="IOException">It could not be written; the one before is as it was.</exception>
    public void Write(TrainingState state, Func<Stream, Stream>? through = null)
    {
        try
        {
            var body = CheckpointBody.Write(state, _plan);
            AtomicFile.Write(_path, stream =>
            {
                var file = through?.Invoke(stream) ?? stream;
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                Put(Magic);
                Put(BitConverter.GetBytes(Version));
                Put(BitConverter.GetBytes((long)body.Length));
                Put(body);
                file.Write(hash.GetCurrentHash());

                void Put(ReadOnlySpan<byte> bytes)
                {
                    hash.AppendData(bytes);
                    file.Write(bytes);
                }
            });
        }
        catch (IOException e)
        {
            throw new IOException($"The checkpoint '{_path}' could not be written after epoch {state.Epochs.Count}: {e.Message} "
                + (File.Exists(_path) ? "The one of an earlier epoch is intact; make room and run the same training again, it goes on "
                + "from there." : "Make room, or choose another CheckpointPath."), e);
        }
    }

    /// <summary>What was written last, or null where there is none.</summary>
    /// <param name="sizes">How many numbers each parameter of the network has.</param>
    /// <param name="memories">How many the optimizer remembers for each of them: 1 or 2.</param>
    /// <exception cref="FormatException">The file is no checkpoint, or damaged, or has fields without sense.</exception>
    /// <exception cref="InvalidOperationException">It belongs to another training.</exception>
    public TrainingState? Read(IReadOnlyList<int> sizes, int memories)
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        var file = File.ReadAllBytes(_path);
        if (file.Length < Magic.Length + 12 + ChecksumLength || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new FormatException($"The file '{_path}' is not a checkpoint of a network's training. Choose another CheckpointPath, "
                + $"so that it is not written over.");
        }

        var version = BitConverter.ToInt32(file, Magic.Length);
        if (version != Version)
        {
            throw new FormatException($"The checkpoint '{_path}' is of version {version}; this library reads version {Version}. Delete "
                + $"it to train from the beginning.");
        }

        if (!SHA256.HashData(file.AsSpan(..^ChecksumLength)).AsSpan().SequenceEqual(file.AsSpan()[^ChecksumLength..]))
        {
            throw new FormatException($"The checkpoint '{_path}' is damaged. Delete it to train from the beginning.");
        }

        // What is checked holds what it is a checksum of, not that it has sense.
        var start = Magic.Length + 12;
        if (BitConverter.ToInt64(file, Magic.Length + sizeof(int)) != file.Length - start - ChecksumLength)
        {
            throw Senseless("its length is another than it says");
        }

        using var body = new CheckpointBody(file.AsMemory(start..^ChecksumLength), Senseless);
        RequireThisPlan(body.Plan());
        return body.State(sizes, memories);
    }

    private FormatException Senseless(string why) =>
        new($"The checkpoint '{_path}' was not written by this library: {why}. Delete it to train from the beginning.");

    private void RequireThisPlan(IReadOnlyDictionary<string, string> other)
    {
        var differing = _plan.Where(p => other.GetValueOrDefault(p.Key) != p.Value).ToArray();
        if (differing.Length > 0)
        {
            throw new InvalidOperationException(
                $"The checkpoint '{_path}' belongs to another training, which differs in: "
                + string.Join("; ", differing.Select(d => $"{d.Key} (there {other.GetValueOrDefault(d.Key, "unknown")}, here {d.Value})"))
                + ". Choose another CheckpointPath, or delete the file to train from the beginning.");
        }
    }
}
