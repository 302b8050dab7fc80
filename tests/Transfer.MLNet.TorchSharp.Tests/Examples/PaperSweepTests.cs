using PaperExperiments;
using PaperExperiments.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Examples;

public sealed class PaperSweepTests : TorchTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_sweep_that_was_stopped_goes_on_to_the_numbers_of_one_that_was_not()
    {
        var tasks = GeneratedImages.Make(1, 8, 3, 20, seed: 1);
        var protocol = Protocol.Mnist with
        {
            Network = Network.Mlp(8),
            Decays = [0, 0.01],
            Seeds = [0, 1],
            Fractions = [0.2, 0.5],
            BatchSize = 16,
            SourceEpochs = 2,
            TargetEpochs = 2
        };
        var whole = new Results(_folder.File("whole.csv"), "tiny");
        var sweep = new Sweep(protocol, tasks, CancellationToken.None);
        Assert.Equal(6, sweep.Pieces(whole).Count);
        sweep.Run(sweep.Pieces(whole), whole, 2, () => { });

        using var stop = new CancellationTokenSource();
        var stopped = new Results(_folder.File("stopped.csv"), "tiny");
        var first = new Sweep(protocol, tasks, stop.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => first.Run(first.Pieces(stopped), stopped, 1, stop.Cancel));
        var resumed = new Results(_folder.File("stopped.csv"), "tiny");
        Assert.Equal(5, sweep.Pieces(resumed).Count);
        Assert.Empty(sweep.WholeSeeds(resumed));
        sweep.Run([.. sweep.Pieces(resumed).Where(p => p.Seed == 0)], resumed, 1, () => { });
        Assert.Equal([0], sweep.WholeSeeds(resumed).Select(o => o.Seed).Distinct());
        sweep.Run(sweep.Pieces(resumed), resumed, 1, () => { });

        Assert.Equal(Lines(whole), Lines(resumed));
        // Two seeds with two sources, each with four fine-tunings, and two trainings from scratch.
        Assert.Equal(2 * ((2 * 5) + 2), whole.All.Count);
        Assert.All(whole.All, o => Assert.Equal(2, o.Distances.Length));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Lines(Results results) => results.All.Select(o => (o with { Seconds = 0 }).ToString())
        .Order(StringComparer.Ordinal);
}
