using System.Runtime.InteropServices;
using System.Text;

namespace Transfer.MLNet.Networks.Training;

/// <summary>
/// The fields of a checkpoint: the plan in words; steps (int64), best epoch (int32), stopped early (byte); the epochs; weights, memories
/// and best weights, each as many arrays of single precision with their lengths before them.
/// </summary>
internal sealed class CheckpointBody : IDisposable
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly BinaryReader _reader;
    private readonly Func<string, FormatException> _senseless;

    /// <param name="bytes">All of it.</param>
    /// <param name="senseless">The exception that says why it is none.</param>
    public CheckpointBody(ReadOnlyMemory<byte> bytes, Func<string, FormatException> senseless)
    {
        (_bytes, _senseless) = (bytes, senseless);
        _reader = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
    }

    public static byte[] Write(TrainingState state, IReadOnlyDictionary<string, string> plan)
    {
        var stream = new MemoryStream();
        using var body = new BinaryWriter(stream, Encoding.UTF8);
        body.Write(plan.Count);
        foreach (var (key, value) in plan)
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
                epoch.LearningRate, epoch.TrainingLoss, epoch.ValidationLoss ?? double.NaN, epoch.ValidationAccuracy ?? double.NaN,
                    epoch.DistanceFromStart])
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

    /// <summary>What training it belongs to; it comes first.</summary>
    public IReadOnlyDictionary<string, string> Plan()
    {
        var plan = new Dictionary<string, string>(StringComparer.Ordinal);
        // Two texts take two bytes at least.
        for (var i = Count("words", 2); i > 0; i--)
        {
            plan[Next(_reader.ReadString)] = Next(_reader.ReadString);
        }

        return plan;
    }

    /// <summary>Where training stood; it comes behind the plan.</summary>
    /// <param name="sizes">How many numbers each parameter has.</param>
    /// <param name="memories">How many the optimizer remembers for each number.</param>
    /// <exception cref="FormatException">A field has no sense for such a network.</exception>
    public TrainingState State(IReadOnlyList<int> sizes, int memories)
    {
        var (steps, bestEpoch, stopped) = (Next(_reader.ReadInt64), Next(_reader.ReadInt32), Next(_reader.ReadByte));
        var epochs = new List<NetworkEpoch>();
        const int epochLength = sizeof(int) + (5 * sizeof(double)) + sizeof(long);
        for (var i = Count("epochs", epochLength); i > 0; i--)
        {
            epochs.Add(new(
                Next(_reader.ReadInt32), Next(_reader.ReadDouble), Next(_reader.ReadDouble), Known(Next(_reader.ReadDouble)),
                Known(Next(_reader.ReadDouble)), Next(_reader.ReadDouble), new TimeSpan(Next(_reader.ReadInt64))));
        }

        if (steps < 0 || stopped > 1 || !epochs.Select(e => e.Epoch).SequenceEqual(Enumerable.Range(1, epochs.Count)))
        {
            throw _senseless($"it has {steps} steps and {epochs.Count} epochs that do not follow one another");
        }

        var weights = Arrays("weights", sizes);
        var remembered = Arrays("memories", [.. sizes.SelectMany(n => new[] { n, memories > 1 ? n : 0 })]);
        var best = Arrays("best weights", bestEpoch == 0 ? [] : sizes);
        if (bestEpoch < 0 || bestEpoch > epochs.Count || (bestEpoch > 0 && epochs[bestEpoch - 1].ValidationLoss is null))
        {
            throw _senseless($"its best epoch is {bestEpoch} of {epochs.Count}");
        }

        if (_reader.BaseStream.Position != _bytes.Length)
        {
            throw _senseless("it goes on after its fields");
        }

        return new()
        {
            Weights = weights,
            Memories = remembered,
            Best = bestEpoch > 0 ? best : null,
            Steps = steps,
            BestEpoch = bestEpoch,
            StoppedEarly = stopped == 1,
            Epochs = epochs,
        };

        static double? Known(double number) => double.IsNaN(number) ? null : number;
    }

    public void Dispose() => _reader.Dispose();

    private static void WriteArrays(BinaryWriter body, float[][] arrays)
    {
        body.Write(arrays.Length);
        foreach (var array in arrays)
        {
            body.Write(array.Length);
            body.Write(MemoryMarshal.AsBytes(array.AsSpan()));
        }
    }

    // The lengths are known from the network: nothing is allocated for others.
    private float[][] Arrays(string what, IReadOnlyList<int> lengths)
    {
        var arrays = new float[Count(what, sizeof(int)) == lengths.Count ? lengths.Count
            : throw _senseless($"its {what} are of another network")][];
        for (var i = 0; i < arrays.Length; i++)
        {
            if (Next(_reader.ReadInt32) != lengths[i] || _bytes.Length - _reader.BaseStream.Position < sizeof(float) * (long)lengths[i])
            {
                throw _senseless($"its {what} are of another network");
            }

            arrays[i] = new float[lengths[i]];
            _reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(arrays[i].AsSpan()));
            if (Array.Exists(arrays[i], v => !float.IsFinite(v)))
            {
                throw _senseless($"one of its {what} is no finite number");
            }
        }

        return arrays;
    }

    private int Count(string what, int bytesEach)
    {
        var count = Next(_reader.ReadInt32);
        return count >= 0 && count <= (_bytes.Length - _reader.BaseStream.Position) / bytesEach
            ? count
            : throw _senseless($"it says that it has {count} {what}");
    }

    private T Next<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            throw _senseless("it ends before its fields do");
        }
    }
}
