using Microsoft.ML;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Trainers;

/// <summary>Seeds, breaks and checkpoints: the same bits whatever happened on the way.</summary>
public sealed class ResumingTests : TorchTests, IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly IDataView _rows;
    private readonly IDataView _validation;

    public ResumingTests()
    {
        _rows = Sample.Keyed(_ml, Sample.Make(150));
        _validation = Sample.Keyed(_ml, Sample.Make(60, seed: 2));
    }

    private string Path => _folder.File("network.checkpoint");

    public static TheoryData<string> Optimizers => ["sgd", "adam", "adamw"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Training_that_was_cancelled_and_goes_on_gives_the_bits_of_training_without_a_break(string optimizer)
    {
        var whole = Fit(Options(optimizer));
        Assert.Equal(6, whole.Epochs.Count);
        foreach (var breakAfter in new[] { 1, 3, 5 })
        {
            using var source = new CancellationTokenSource();
            var broken = Options(optimizer);
            (broken.CheckpointPath, broken.CancellationToken, broken.Progress) = (Path, source.Token, new Told(e =>
            {
                if (e.Epoch == breakAfter)
                {
                    source.Cancel();
                }
            }));
            Assert.ThrowsAny<OperationCanceledException>(() => Fit(broken));
            var resumed = Options(optimizer);
            resumed.CheckpointPath = Path;

            var report = Fit(resumed);

            Assert.Equal(breakAfter, report.ResumedAfter);
            Assert.Equal(Bits(whole), Bits(report));
            Assert.Equal(whole.Epochs.Select(e => e with { Elapsed = default }), report.Epochs.Select(e => e with { Elapsed = default }));
            Assert.Equal(whole.ReturnedEpoch, report.ReturnedEpoch);
            File.Delete(Path);
        }
    }

    [Fact]
    public void A_checkpoint_of_training_that_ended_gives_its_result_at_once()
    {
        var options = Options("adam");
        options.CheckpointPath = Path;
        var first = Fit(options);
        var again = Fit(options);
        Assert.Equal(6, again.ResumedAfter);
        Assert.Equal(Bits(first), Bits(again));
    }

    [Fact]
    public void A_checkpoint_of_other_rows_or_options_is_refused_by_what_differs()
    {
        var options = Options("adam");
        options.CheckpointPath = Path;
        Fit(options);
        var bytes = File.ReadAllBytes(Path);

        options.LearningRate = 0.02;
        Assert.Contains("learning rate (there 0.01, here 0.02)", Assert.Throws<InvalidOperationException>(() => Fit(options)).Message,
            StringComparison.Ordinal);
        options.LearningRate = 0.01;
        var rows = Sample.Make(150);
        rows[149].Features[7] += 1e-6f;
        var other = Sample.Keyed(_ml, rows);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.MulticlassClassification.Trainers.L2SpNetwork(options).Fit(other));
        Assert.Contains("differs in: rows", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_alone_and_beside_other_trainings_and_another_seed_gives_others()
    {
        var alone = Bits(Fit(Options("adam")));
        var beside = new L2SpNetworkReport[4];
        Parallel.For(0, 4, i =>
        {
            var options = Options("adam");
            options.Seed = 5 + (i % 2);
            beside[i] = Fit(options);
        });
        Assert.Equal(alone, Bits(beside[0]));
        Assert.Equal(alone, Bits(beside[2]));
        Assert.Equal(Bits(beside[1]), Bits(beside[3]));
        Assert.NotEqual(alone, Bits(beside[1]));
    }

    [Fact]
    public void Dropout_is_at_work_while_training()
    {
        var options = Options("adam");
        var with = Fit(options);
        options.Network = Network.Mlp(12, 8);
        Assert.NotEqual(Bits(with), Bits(Fit(options)));
    }

    [Fact]
    public void A_loss_that_becomes_NaN_ends_training_and_keeps_the_last_good_checkpoint()
    {
        // Steps a thousand times too long: the loss grows a millionfold with every step until it is infinite, some epochs later.
        var options = new L2SpNetworkTrainer.Options
        {
            LabelColumnName = "Number",
            Network = Network.Mlp(),
            Optimizer = NetworkOptimizer.Sgd(0),
            LearningRate = 1000,
            BatchSize = 1000,
            Epochs = 100,
            CheckpointPath = Path,
        };
        var good = 0;
        options.Progress = new Told(e => good = e.Epoch);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.L2SpNetwork(options).Fit(_rows));

        Assert.InRange(good, 2, 50);
        Assert.Contains($"in epoch {good + 1}, mini-batch 1", error.Message, StringComparison.Ordinal);
        Assert.Contains($"of epoch {good}, is kept in '{Path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("learning rate (1000)", error.Message, StringComparison.Ordinal);
        options.Epochs = good;
        _ml.Regression.Trainers.L2SpNetwork(options).Fit(_rows, out var kept);
        Assert.Equal(good, kept.ResumedAfter);

        options.CheckpointPath = null;
        options.Epochs = 100;
        Assert.Contains("No checkpoint was kept",
            Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.L2SpNetwork(options).Fit(_rows)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Training_ends_early_where_the_validation_loss_no_longer_falls_and_returns_the_best_epoch()
    {
        var options = Options("adam");
        (options.Epochs, options.Patience, options.LearningRate, options.Network) = (200, 3, 0.05, Network.Mlp(64));
        var report = Fit(options);
        var losses = report.Epochs.Select(e => e.ValidationLoss!.Value).ToArray();
        Assert.True(report.StoppedEarly);
        Assert.Equal(Array.IndexOf(losses, losses.Min()) + 1, report.ReturnedEpoch);
        Assert.Equal(report.ReturnedEpoch + 3, report.Epochs.Count);

        // The weights are those of that epoch: training that ends there has the same.
        (options.Epochs, options.Patience, options.LearningRateSchedule) = (report.ReturnedEpoch, null, LearningRateSchedule.Constant);
        Assert.Equal(Bits(Fit(options)), Bits(report));
    }

    public void Dispose() => _folder.Dispose();

    private L2SpNetworkTrainer.Options Options(string optimizer) => new()
    {
        Network = Network.Mlp([12, 8], Activation.Relu, dropout: 0.3),
        Optimizer = optimizer switch
        {
            "sgd" => NetworkOptimizer.Sgd(0.9, nesterov: true),
            "adam" => NetworkOptimizer.Adam(),
            _ =>
            NetworkOptimizer.AdamW()
        },
        LearningRate = 0.01,
        LearningRateSchedule = optimizer == "adam" ? LearningRateSchedule.Constant : LearningRateSchedule.Cosine(0.1).WithWarmUp(2),
        WeightDecay = 1e-3,
        Epochs = 6,
        BatchSize = 32,
        Seed = 5,
        ValidationSet = _validation,
        Patience = 6,
    };

    private L2SpNetworkReport Fit(L2SpNetworkTrainer.Options options)
    {
        _ml.MulticlassClassification.Trainers.L2SpNetwork(options).Fit(_rows, out var report);
        return report;
    }

    private static float[] Bits(L2SpNetworkReport report) => report.Network.Network.InOrder.SelectMany(w => w).ToArray();

    private sealed class Told(Action<NetworkEpoch> tell) : IProgress<NetworkEpoch>
    {
        public void Report(NetworkEpoch value) => tell(value);
    }
}
