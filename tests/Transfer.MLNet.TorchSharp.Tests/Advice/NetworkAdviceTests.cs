using Microsoft.ML;
using Transfer.MLNet.Networks.Advice;
using Transfer.MLNet.Networks.Training;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Advice;

public sealed class NetworkAdviceTests : TorchTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_source_of_the_same_task_helps_and_every_trial_says_what_it_cost()
    {
        var (source, target, validation) = (Rows(900, 1), Rows(40, 2), Rows(400, 3));
        var advice = _ml.MulticlassClassification.AdviseNetworkTransfer(source, target, Options(validation));

        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.True(advice.Gain > 0 && advice.ProbabilityOfHelp > 0.95);
        Assert.Equal((40, 400), (advice.TrainingRows, advice.ValidationRows));
        Assert.Equal([0, 1e-3, 1e-2, 1], advice.Trials.Select(t => t.SourceDecay));
        Assert.Equal(2, advice.Trials.Count(t => t.WasEliminated));
        Assert.All(advice.Trials, t => Assert.Equal(t.WasEliminated ? [4] : [4, 8], t.Rungs.Select(r => r.SourceEpochs)));

        // The source's epochs once, and the target's six at every rung.
        Assert.All(advice.Trials, t => Assert.Equal(t.Rungs[^1].SourceEpochs + (6 * t.Rungs.Count), t.EpochsTrained));
        Assert.Equal(advice.Trials.Sum(t => t.EpochsTrained) + 6, advice.EpochsTrained);
        Assert.All(advice.Trials, t => Assert.True(t.Elapsed > TimeSpan.Zero));

        // A decay of 1 leaves nothing of a source, and is given up; the best is of those that were not.
        Assert.True(advice.Trials[3].WasEliminated);
        var last = advice.Trials.Where(t => !t.WasEliminated).ToArray();
        Assert.Equal(last.MinBy(t => t.Rungs[^1].Loss)!.SourceDecay, advice.SourceDecay);
        Assert.Equal(0, last.Min(t => t.Rungs[^1].Behind));
        Assert.True(advice.Scratch.Behind > 0);
        Assert.Contains("Transfer helps", advice.ToString(), StringComparison.Ordinal);
        Assert.Contains("given up", advice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_survivor_is_to_the_last_bit_the_source_that_was_trained_without_a_break()
    {
        var (source, target, validation) = (Rows(300, 1), Rows(40, 2), Rows(200, 3));
        var options = Options(validation);
        var advice = _ml.MulticlassClassification.AdviseNetworkTransfer(source, target, options);
        var survivor = advice.Trials.First(t => !t.WasEliminated);

        var whole = options.Source.Copy();
        whole.WeightDecay = survivor.SourceDecay;
        _ml.MulticlassClassification.Trainers.L2SpNetwork(whole).Fit(source, out var trained);
        var then = options.Target.Copy();
        then.StartingPoint = trained.Network;
        var tuned = _ml.MulticlassClassification.Trainers.L2SpNetwork(then).Fit(target);
        var losses = RowLosses.Of(NetworkTask.Multiclass, tuned, validation, new("Label", "Features", null), default);
        Assert.Equal(losses.Mean, survivor.Rungs[^1].Loss);
        Assert.Equal(_ml.MulticlassClassification.Evaluate(tuned.Transform(validation)).LogLoss, losses.Mean, 5);
    }

    [Fact]
    public void A_source_whose_labels_say_nothing_does_not_help()
    {
        var rows = Sample.Make(900, 1);
        var kinds = rows.Select(r => r.Kind).ToArray();
        new Random(9).Shuffle(kinds);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Kind = kinds[i];
        }

        // Enough epochs for the network from scratch: with few, any weights that are not small are a better start than small ones.
        var options = Options(Rows(400, 3));
        options.Target.Epochs = 30;
        var advice = _ml.MulticlassClassification.AdviseNetworkTransfer(Sample.Keyed(_ml, rows), Rows(300, 2), options);
        Assert.NotEqual(TransferVerdict.Yes, advice.Verdict);

        // The blend may be better without any relation, since it shrinks otherwise than the target alone: by tenths of a per cent, and never
        // by the source's weights.
        var probe = advice.LinearProbe!;
        Assert.True(probe.Sources[0].Alignment!.Contains(0), probe.ToString());
        Assert.True(!(probe.Advised.Gain > 0.02 * probe.TargetAlone.LeftOutRisk), probe.ToString());
    }

    [Fact]
    public void The_advice_depends_on_the_seed_and_not_on_the_number_of_threads()
    {
        var (source, target) = (Rows(200, 1), Rows(80, 2));
        NetworkAdvice Advise(int threads, int seed)
        {
            var options = Options(null);
            (options.NumberOfThreads, options.Seed) = (threads, seed);
            return _ml.MulticlassClassification.AdviseNetworkTransfer(source, target, options);
        }

        var (one, two, other) = (Advise(1, 5), Advise(2, 5), Advise(2, 6));
        Assert.Equal(Losses(one), Losses(two));
        Assert.NotEqual(Losses(one), Losses(other));
        Assert.Equal(80, one.TrainingRows + one.ValidationRows);
        Assert.InRange(one.ValidationRows, 10, 40);

        static IEnumerable<double> Losses(NetworkAdvice advice) => advice.Trials.SelectMany(t => t.Rungs).Append(advice.Scratch)
            .SelectMany(r => new[] { r.Loss, r.StandardError, r.Behind, r.BehindError });
    }

    [Fact]
    public void The_probe_finds_the_same_task_aligned_in_the_last_layer()
    {
        var options = Options(Rows(200, 3));
        options.Source.LabelColumnName = options.Target.LabelColumnName = "Yes";
        options.Source.Epochs = 16;
        var advice = _ml.BinaryClassification.AdviseNetworkTransfer(Rows(1500, 1), Rows(300, 2), options);

        // Aligned, by its sign: of features that all but separate the classes the size of logistic weights, and with it c, is not determined.
        Assert.True(advice.LinearProbe!.Sources[0].Alignment.Lower > 0, advice.LinearProbe.ToString());
        Assert.Equal(8, advice.LinearProbe.FeatureCount);
        Assert.Contains("\"LinearProbe\": {", advice.ToJson(), StringComparison.Ordinal);
        options.LinearProbe = false;
        Assert.Null(_ml.BinaryClassification.AdviseNetworkTransfer(Rows(200, 1), Rows(50, 2), options).LinearProbe);
    }

    [Fact]
    public void Numbers_are_judged_by_half_their_squared_error()
    {
        var (target, validation) = (Rows(60, 2), Rows(200, 3));
        var options = Options(validation);
        options.Source.LabelColumnName = options.Target.LabelColumnName = "Number";
        var advice = _ml.Regression.AdviseNetworkTransfer(Rows(600, 1), target, options);
        var alone = options.Target.Copy();
        (alone.Network, alone.Tau, alone.HeadTau) = (options.Source.Network, 0, 0);
        var scratch = _ml.Regression.Trainers.L2SpNetwork(alone).Fit(target);
        Assert.Equal(_ml.Regression.Evaluate(scratch.Transform(validation), "Number").MeanSquaredError / 2, advice.Scratch.Loss, 6);
        Assert.NotNull(advice.LinearProbe);
    }

    [Fact]
    public void It_can_be_watched_and_stopped_and_leaves_no_checkpoints()
    {
        using var stop = new CancellationTokenSource();
        var seen = new List<NetworkTrial>();
        var options = Options(Rows(50, 3));
        (options.NumberOfThreads, options.CancellationToken) = (1, stop.Token);
        options.Progress = new Told(trial =>
        {
            seen.Add(trial);
            stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(
            () => _ml.MulticlassClassification.AdviseNetworkTransfer(Rows(100, 1), Rows(50, 2), options));
        Assert.Equal(4, seen.Count); // the rung that had been judged
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "transfer-mlnet-advice-*"));
    }

    private static NetworkAdviceOptions Options(IDataView? validation) => new()
    {
        Source = new() { Network = Network.Mlp(16, 8), Epochs = 8, BatchSize = 32, LearningRate = 5e-3, Seed = 1 },
        Target = new() { Epochs = 6, BatchSize = 16, LearningRate = 2e-3, Tau = 1e-3, Seed = 1 },
        SourceDecays = [0, 1e-3, 1e-2, 1],
        ValidationSet = validation,
    };

    private IDataView Rows(int count, int seed) => Sample.Keyed(_ml, Sample.Make(count, seed));

    private sealed class Told(Action<NetworkTrial> tell) : IProgress<NetworkTrial>
    {
        public void Report(NetworkTrial value) => tell(value);
    }
}
