using Transfer.MLNet.Networks.Advice;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Advice;

/// <summary>What of the advice needs no training.</summary>
public class NetworkAdviceRulesTests
{
    [Xunit.Theory]
    [InlineData(8, 10, "3:8 5:4 10:2")]
    [InlineData(2, 5, "5:2")]
    [InlineData(3, 4, "2:3 4:2")]
    [InlineData(9, 3, "1:9 2:3 3:2")]
    [InlineData(4, 1, "1:4")]
    [InlineData(19, 16, "1:19 2:10 4:5 8:3 16:2")]
    public void The_ladder_doubles_epochs_and_halves_trials(int trials, int epochs, string rungs) =>
        Assert.Equal(rungs, string.Join(' ', Ladder.Of(trials, epochs).Select(r => $"{r.Epochs}:{r.Trials}")));

    [Fact]
    public void Differences_are_taken_row_by_row()
    {
        var (a, b) = (new RowLosses([1, 2, 3, 4], [1, 1, 2, 1]), new RowLosses([0.5, 1.5, 2.5, 3.5], [1, 1, 2, 1]));
        Assert.Equal(2.6, a.Mean, 12);
        var (mean, error) = a.Less(b);
        Assert.Equal(0.5, mean, 12);
        Assert.Equal(0, error, 12); // the same difference in every row, however much the rows differ
        Assert.True(a.StandardError > 0.3);
        Assert.Equal(a.StandardError, new RowLosses(a.Values, [3, 3, 6, 3]).StandardError, 12); // only the weights' ratios count
        // Of equal weights the standard error of a mean, as everybody knows it.
        Assert.Equal(Math.Sqrt(5.0 / 3 / 4), new RowLosses([1, 2, 3, 4], [1, 1, 1, 1]).StandardError, 12);
    }

    [Fact]
    public void Having_looked_at_several_is_paid_for()
    {
        var random = new Random(1);
        var weights = Enumerable.Repeat(1.0, 200).ToArray();
        RowLosses Noise() => new([.. weights.Select(_ => random.NextDouble())], weights);
        var (taken, stood) = (0, 0);
        for (var draw = 0; draw < 100; draw++)
        {
            // Forty candidates of which none is better: the best of them often looks so, and choosing anew in every fold rarely.
            var scratch = Noise();
            RowLosses[] candidates = [.. Enumerable.Range(0, 40).Select(_ => Noise())];
            var naive = scratch.Less(candidates.MinBy(c => c.Mean)!);
            var fair = scratch.SavedByChoosing(candidates);
            taken += naive.Mean > 1.645 * naive.StandardError ? 1 : 0;
            stood += fair.Mean > 1.645 * fair.StandardError ? 1 : 0;
            RowLosses[] better = [.. candidates, new RowLosses([.. scratch.Values.Select(v => v - 0.3)], weights)];
            Assert.Equal(0.3, scratch.SavedByChoosing(better).Mean, 12);
        }

        // 5 of 100 are expected of the fair one, give or take 2.
        Assert.True(taken > 25, $"{taken}");
        Assert.InRange(stood, 0, 12);
    }

    [Fact]
    public void Options_that_make_no_sense_are_named()
    {
        static NetworkAdviceOptions Good() => new() { Source = new() { Network = Network.Mlp(4) }, Target = new() };
        static void Refused(string word, Action<NetworkAdviceOptions> spoil)
        {
            var options = Good();
            spoil(options);
            Assert.Contains(word, Assert.ThrowsAny<ArgumentException>(() => NetworkAdviceCheck.Require(options)).Message,
                StringComparison.Ordinal);
        }

        NetworkAdviceCheck.Require(Good());
        Refused("SourceDecays has 1 values", o => o.SourceDecays = [0.1]);
        Refused("no weight decay", o => o.SourceDecays = [0.1, -1]);
        Refused("more than once", o => o.SourceDecays = [0.1, 0.1]);
        Refused("ValidationFraction", o => o.ValidationFraction = 1);
        Refused("NumberOfThreads", o => o.NumberOfThreads = 0);
        Refused("Source.WeightDecay", o => o.Source.WeightDecay = 0.1);
        Refused("Source.CheckpointPath", o => o.Source.CheckpointPath = "x");
        Refused("Target.CheckpointPath", o => o.Target.CheckpointPath = "x");
        Refused("Source.Patience", o => o.Source.Patience = 1);
        Refused("Source.LearningRateSchedule", o => o.Source.LearningRateSchedule = LearningRateSchedule.Cosine());
        Refused("Source.Network is missing", o => o.Source.Network = null);
        Refused("Target.StartingPoint", o => o.Target.StartingPoint = NetworkStartingPoint.Of(Sample.Drawn(Network.Mlp(4), 3, 1)));
    }
}
