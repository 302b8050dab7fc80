using Transfer.MLNet.Networks;
using Transfer.MLNet.Networks.Training;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Training;

/// <summary>The file by itself; that training goes on from it to the same bits is in <see cref="Trainers.ResumingTests"/>.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("training.checkpoint");

    [Fact]
    public void What_is_written_comes_back()
    {
        var state = State(2);
        Checkpoint().Write(state);

        var back = Read()!;

        Assert.Equal(state.Weights, back.Weights);
        Assert.Equal(state.Memories, back.Memories);
        Assert.Equal(state.Best, back.Best);
        Assert.Equal(state.Epochs, back.Epochs);
        Assert.Equal((state.Steps, state.BestEpoch, state.StoppedEarly), (back.Steps, back.BestEpoch, back.StoppedEarly));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void No_file_is_no_checkpoint() => Assert.Null(Read());

    [Fact]
    public void Another_training_is_told_in_which_it_differs()
    {
        Checkpoint().Write(State(1));
        var error = Assert.Throws<InvalidOperationException>(() => Checkpoint(("seed", "2")).Read(Sizes, 2));
        Assert.Contains("seed (there 1, here 2)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("learning rate", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(60)]
    [InlineData(-1)]
    public void A_byte_that_changed_is_noticed(int at)
    {
        Checkpoint().Write(State(1));
        var bytes = File.ReadAllBytes(Path);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(Path, bytes);
        Assert.Throws<FormatException>(() => Read());
    }

    [Fact]
    public void A_file_cut_short_and_a_file_of_another_kind_are_refused()
    {
        Checkpoint().Write(State(1));
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..^5]);
        Assert.Contains("damaged", Assert.Throws<FormatException>(() => Read()).Message, StringComparison.Ordinal);
        File.WriteAllText(Path, "a letter");
        Assert.Contains("not a checkpoint", Assert.Throws<FormatException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_one_before_and_says_so()
    {
        Checkpoint().Write(State(1));
        var before = File.ReadAllBytes(Path);

        // A disk that is full for what is written, and only then.
        var error = Assert.Throws<IOException>(() => Checkpoint().Write(State(2), file =>
        {
            file.Write("as much as went on it"u8);
            return new FullDisk();
        }));

        Assert.Contains("after epoch 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("earlier epoch is intact", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Each with a right checksum: what stands behind it is believed by nobody.</summary>
    [Theory]
    [InlineData("words")]
    [InlineData("epochs")]
    [InlineData("follow one another")]
    [InlineData("best epoch is 9 of 1")]
    [InlineData("weights are of another network")]
    [InlineData("memories are of another network")]
    [InlineData("no finite number")]
    [InlineData("goes on after its fields")]
    [InlineData("another than it says")]
    public void Fields_without_sense_are_refused_by_what_they_are(string message)
    {
        var state = State(1);
        Checkpoint().Write(message switch
        {
            "follow one another" => With(state, steps: -1),
            "best epoch is 9 of 1" => With(state, bestEpoch: 9),
            "weights are of another network" => With(state, weights: [[1, 2, 3]]),
            "memories are of another network" => With(state, memories: [[1, 2], [1, 2], [4], [5]]),
            "no finite number" => With(state, weights: [[1, 2, float.NaN], [1]]),
            _ => state,
        });
        var bytes = File.ReadAllBytes(Path);
        var body = bytes[20..^32];
        // The plan of these tests takes 4 + (14 + 4) + (5 + 2) bytes in its order; 13 bytes later come the epochs.
        byte[] other = message switch
        {
            "words" => [.. BitConverter.GetBytes(int.MaxValue), .. body[4..]],
            "epochs" => [.. body[..42], .. BitConverter.GetBytes(int.MaxValue), .. body[46..]],
            "goes on after its fields" => [.. body, 0],
            _ => body,
        };
        var length = message == "another than it says" ? 1L << 40 : other.Length;
        byte[] whole = [.. bytes[..12], .. BitConverter.GetBytes(length), .. other];
        File.WriteAllBytes(Path, [.. whole, .. System.Security.Cryptography.SHA256.HashData(whole)]);

        Assert.Contains(message, Assert.Throws<FormatException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Optimizers_and_layers_have_one_text_in_every_culture()
    {
        var comma = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        object[] all = [new AdamRule(0.9, 0.999, 1e-8, true), new MomentumRule(0.25, false), new Dropping(0.25)];
        string[] before = [.. all.Select(o => o.ToString()!)];
        System.Globalization.CultureInfo.CurrentCulture = comma;

        Assert.Equal(before, all.Select(o => o.ToString()!));
        Assert.Contains("Momentum = 0.25", before[1], StringComparison.Ordinal);
    }

    private static TrainingState With(
        TrainingState state, long? steps = null, int? bestEpoch = null, float[][]? weights = null, float[][]? memories = null) => new()
        {
            Weights = weights ?? state.Weights,
            Memories = memories ?? state.Memories,
            Best = state.Best,
            BestEpoch = bestEpoch ?? state.BestEpoch,
            Steps = steps ?? state.Steps,
            StoppedEarly = state.StoppedEarly,
            Epochs = state.Epochs,
        };

    private static int[] Sizes => [3, 1];

    private TrainingState? Read() => Checkpoint().Read(Sizes, memories: 2);

    private Checkpoint Checkpoint(params (string Key, string Value)[] other)
    {
        var plan = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["seed"] = "1", ["learning rate"] = "0.1" };
        foreach (var (key, value) in other)
        {
            plan[key] = value;
        }

        return new(Path, plan);
    }

    private static TrainingState State(int epochs) => new()
    {
        Weights = [[1, 2, 3], [float.Epsilon]],
        Memories = [[0.1f, 0.2f, 0.3f], [0, 0, 0], [4], [5]],
        Best = [[1, 2, 4], [0]],
        BestEpoch = 1,
        Steps = 17,
        StoppedEarly = true,
        Epochs = [.. Enumerable.Range(1, epochs)
            .Select(e => new NetworkEpoch(e, 0.1, 1.0 / 3, e == 1 ? 0.7 : null, null, e, TimeSpan.FromTicks(e)))],
    };

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
