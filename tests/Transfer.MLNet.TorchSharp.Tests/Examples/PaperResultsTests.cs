using PaperExperiments;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Examples;

/// <summary>What examples/PaperExperiments writes down, and what it makes of it.</summary>
public sealed class PaperResultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("results.csv");

    [Fact]
    public void Outcomes_come_back_and_a_piece_that_a_break_cut_short_does_not()
    {
        var first = new Results(Path, "protocol");
        first.Add([Of(0, 0.1, Kind.Standard, 0.5, 1, 2), Of(0, 0.1, Kind.L2Sp, 0.6, 1, 1.5), Of(0, 0.1, Kind.Source, 0.9)]);
        first.Add([Of(0, double.NaN, Kind.Scratch, 0.4)]);
        File.AppendAllText(Path, $"{Of(1, 0.1, Kind.Standard, 0.5, 1, 2)}\n{Of(1, 0.1, Kind.Source, 0.5).ToString()[..^2]}");

        var again = new Results(Path, "protocol");

        Assert.Equal(first.All.Select(o => o.ToString()), again.All.Select(o => o.ToString()));
        Assert.Equal(6, File.ReadAllLines(Path).Length);
        again.Add([Of(1, double.NaN, Kind.Scratch, 0.3)]);
        Assert.Equal(5, new Results(Path, "protocol").All.Count);
    }

    [Fact]
    public void Results_of_another_protocol_are_not_mixed_in()
    {
        _ = new Results(Path, "batch 64");
        Assert.Contains("batch 64", Assert.Throws<InvalidOperationException>(() => new Results(Path, "batch 128")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_is_that_of_the_numbers()
    {
        // Two seeds, two decays; the source is best at 0, the target at 0.1.
        Outcome[] outcomes =
        [
            Of(0, 0, Kind.Source, 0.9), Of(1, 0, Kind.Source, 0.8), Of(0, 0.1, Kind.Source, 0.7), Of(1, 0.1, Kind.Source, 0.8),
            Of(0, 0, Kind.Standard, 0.5, 1, 2), Of(1, 0, Kind.Standard, 0.4, 1, 4), Of(0, 0.1, Kind.Standard, 0.7, 1, 2),
                Of(1, 0.1, Kind.Standard, 0.5, 3, 4),
            Of(0, 0, Kind.L2Sp, 0.6, 2, 4), Of(1, 0, Kind.L2Sp, 0.5, 2, 8), Of(0, 0.1, Kind.L2Sp, 0.8, 2, 4),
                Of(1, 0.1, Kind.L2Sp, 0.6, 6, 8),
            Of(0, double.NaN, Kind.Scratch, 0.3), Of(1, double.NaN, Kind.Scratch, 0.2),
        ];

        var summary = new Summary(outcomes, 0.1);

        Assert.Equal(0, summary.SourceOptimal);
        Assert.Equal(0.1, summary.TransferOptimal(Kind.Standard));
        Close(0.6, 0.1, summary.Accuracy(Kind.Standard, 0.1));
        Close(0.25, 0.05, summary.Scratch);
        // Seed by seed: 0.7 - 0.5 and 0.5 - 0.4; 0.7 - 0.3 and 0.5 - 0.2.
        Close(0.15, 0.05, summary.Mismatch(Kind.Standard));
        Close(0.35, 0.05, summary.Benefit(Kind.Standard, 0.1));
        Close(0.1, 0, summary.L2SpOverStandard);
        Assert.Equal(1, summary.AccuracyCorrelation, 1e-12);
        Assert.Equal(1, summary.DistanceCorrelation, 1e-12);
        Close(1.5, 0.5, summary.Distances(Kind.Standard)[0]);
        Close(3, 1, summary.Distances(Kind.Standard)[1]);
        Assert.Equal((0.1, 0.1), summary.OptimaOfSeeds(Kind.L2Sp));
        Assert.Contains("source-optimal weight decay    0 ", summary.ToString(), StringComparison.Ordinal);

        static void Close(double mean, double error, Estimate estimate)
        {
            Assert.Equal(mean, estimate.Mean, 1e-12);
            Assert.Equal(error, estimate.Error, 1e-12);
        }
    }

    [Fact]
    public void The_gain_with_decays_chosen_on_the_other_seeds_has_no_share_in_luck()
    {
        // The first seed is lucky at 0.1 and the second at 0, on the source and on the target the other way round.
        Outcome[] outcomes =
        [
            Of(0, 0, Kind.Source, 0.9), Of(0, 0.1, Kind.Source, 0.8), Of(1, 0, Kind.Source, 0.7), Of(1, 0.1, Kind.Source, 0.75),
            Of(0, 0, Kind.Standard, 0.5), Of(0, 0.1, Kind.Standard, 0.7), Of(1, 0, Kind.Standard, 0.6), Of(1, 0.1, Kind.Standard, 0.5),
        ];

        var gain = new Summary(outcomes, 0.1).MismatchElsewhere(Kind.Standard);

        // Seed 0 with the choice of seed 1: target 0, source 0.1: 0.5 - 0.7. Seed 1 with that of seed 0: target 0.1, source 0: 0.5 - 0.6.
        Assert.Equal(-0.15, gain.Mean, 1e-12);
        Assert.Equal(0.05, gain.Error, 1e-12);
    }

    [Fact]
    public void The_papers_grid_is_zero_and_eighteen_decays_in_equal_ratios()
    {
        var decays = Protocol.Mnist.Decays;
        Assert.Equal(19, decays.Length);
        Assert.Equal((0, 1e-6, 1e-1), (decays[0], decays[1], decays[^1]));
        Assert.All(Enumerable.Range(2, 17), i => Assert.Equal(Math.Pow(10, 5.0 / 17), decays[i] / decays[i - 1], 1e-4));
        Assert.Equal(10, Protocol.Mnist.Seeds.Length);
    }

    public void Dispose() => _folder.Dispose();

    private static Outcome Of(int seed, double decay, Kind kind, double accuracy, params double[] distances) =>
        new(seed, decay, kind == Kind.Source ? 1 : 0.1, kind, accuracy, distances, 1.5);
}
