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

        var back = Checkpoint().Read()!;

        Assert.Equal(state.Weights, back.Weights);
        Assert.Equal(state.Memories, back.Memories);
        Assert.Equal(state.Best, back.Best);
        Assert.Equal(state.Epochs, back.Epochs);
        Assert.Equal((state.Steps, state.BestEpoch, state.StoppedEarly), (back.Steps, back.BestEpoch, back.StoppedEarly));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void No_file_is_no_checkpoint() => Assert.Null(Checkpoint().Read());

    [Fact]
    public void Another_training_is_told_in_which_it_differs()
    {
        Checkpoint().Write(State(1));
        var error = Assert.Throws<InvalidOperationException>(() => Checkpoint(("seed", "2")).Read());
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
        Assert.Throws<FormatException>(() => Checkpoint().Read());
    }

    [Fact]
    public void A_file_cut_short_and_a_file_of_another_kind_are_refused()
    {
        Checkpoint().Write(State(1));
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..^5]);
        Assert.Contains("damaged", Assert.Throws<FormatException>(() => Checkpoint().Read()).Message, StringComparison.Ordinal);
        File.WriteAllText(Path, "a letter");
        Assert.Contains("not a checkpoint", Assert.Throws<FormatException>(() => Checkpoint().Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_one_before_and_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the failing file is /dev/full, which only Linux has");
        Checkpoint().Write(State(1));
        var before = File.ReadAllBytes(Path);

        // A disk that is full for what is written, and only then.
        var error = Assert.Throws<IOException>(() => Checkpoint().Write(State(2), beside =>
        {
            File.WriteAllText(beside, "as much as went on it");
            return new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
        }));

        Assert.Contains("after epoch 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("earlier epoch is intact", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

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
        Memories = [[0.1f, 0.2f, 0.3f], [], [4], [5]],
        Best = [[1, 2, 4], [0]],
        BestEpoch = 1,
        Steps = 17,
        StoppedEarly = true,
        Epochs = [.. Enumerable.Range(1, epochs).Select(e => new NetworkEpoch(e, 0.1, 1.0 / 3, e == 1 ? 0.7 : null, null, e, TimeSpan.FromTicks(e)))],
    };
}
