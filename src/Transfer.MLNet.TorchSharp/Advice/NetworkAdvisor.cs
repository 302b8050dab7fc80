using System.Diagnostics;
using Microsoft.ML;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Networks.Training;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Networks.Advice;

/// <summary>
/// The search: sources of several weight decays, each fine-tuned to the target and judged there, the worse half given up at every rung.
/// </summary>
/// <param name="task">What is predicted.</param>
/// <param name="trainer">A trainer of the task in an environment of its own: several run at the same time.</param>
/// <param name="probe">The advice for linear models of the task, on two views of features.</param>
internal sealed class NetworkAdvisor(
    NetworkTask task, Func<L2SpNetworkTrainer.Options, L2SpNetworkTrainer> trainer,
    Func<IDataView, IDataView, string, TransferAdvice> probe)
{
    private const double Indistinct = 1.96;

    public NetworkAdvice Advise(IDataView source, IDataView training, IDataView validation, NetworkAdviceOptions options,
        CancellationToken cancellation)
    {
        var columns = new TaskColumns(options.Target.LabelColumnName, options.Target.FeatureColumnName,
            options.Target.ExampleWeightColumnName);
        var workers = new Workers(options.NumberOfThreads ?? Environment.ProcessorCount, cancellation);
        var checkpoints = Directory.CreateTempSubdirectory("transfer-mlnet-advice-").FullName;
        try
        {
            var rungs = options.SourceDecays.Select(_ => new List<NetworkRung>()).ToArray();
            var ladder = Ladder.Of(options.SourceDecays.Count, options.Source.Epochs);
            var standing = Enumerable.Range(0, options.SourceDecays.Count).ToArray();
            Attempt[] attempts = [];
            Attempt? scratch = null;
            foreach (var (epochs, trials) in ladder)
            {
                standing = attempts.Length == 0 ? standing
                    : [.. attempts.OrderBy(a => a.Losses.Mean).ThenBy(a => a.Trial).Take(trials).Select(a => a.Trial).Order()];
                var found = new Attempt?[standing.Length];
                var withScratch = scratch is null ? 1 : 0;
                workers.For(standing.Length + withScratch, i =>
                {
                    if (i == standing.Length)
                    {
                        scratch = Scratch(training, validation, columns, options, cancellation);
                        return;
                    }

                    var trial = standing[i];
                    found[i] = Try(trial, epochs, Path.Combine(checkpoints, FormattableString.Invariant($"{trial}.checkpoint")), source,
                        training, validation, columns, options, cancellation);
                });
                attempts = [.. found.OfType<Attempt>()];
                var least = attempts.MinBy(a => a.Losses.Mean)!;
                foreach (var attempt in attempts)
                {
                    rungs[attempt.Trial].Add(RungOf(attempt, epochs, least));
                    options.Progress?.Report(new(options.SourceDecays[attempt.Trial], [.. rungs[attempt.Trial]], WasEliminated: false));
                }
            }

            return Conclude(options, rungs, [.. attempts.OrderBy(a => a.Losses.Mean).ThenBy(a => a.Trial)], scratch!, ladder.Count, source,
                training);
        }
        finally
        {
            Directory.Delete(checkpoints, recursive: true);
        }
    }

    private NetworkAdvice Conclude(
        NetworkAdviceOptions options, List<NetworkRung>[] rungs, Attempt[] finalists, Attempt scratch, int height, IDataView source,
            IDataView training)
    {
        var (best, saved) = (finalists[0], scratch.Losses.SavedByChoosing([.. finalists.Select(f => f.Losses)]));
        var probability = Decision.ProbabilityOf(saved.Mean, saved.StandardError, Math.Abs(scratch.Losses.Mean));
        var warnings = new List<string>();
        var decay = options.SourceDecays[best.Trial];
        if (decay == options.SourceDecays.Max() || (decay == options.SourceDecays.Min() && decay > 0))
        {
            warnings.Add(FormattableString.Invariant(
                $"The best weight decay of the source, {decay:G3}, is at the edge of those that were compared: look further out."));
        }

        TransferAdvice? linear = null;
        if (options.LinearProbe)
        {
            try
            {
                linear = probe(best.Source!.Transform(source), best.Source.Transform(training), options.Source.EmbeddingColumnName);
            }
            catch (InvalidOperationException e)
            {
                warnings.Add($"There is no linear probe: {e.Message}");
            }
        }

        return new()
        {
            Verdict = probability >= Decision.Sure ? TransferVerdict.Yes : probability <= 1 - Decision.Sure ? TransferVerdict.No
                : TransferVerdict.CannotTell,
            ProbabilityOfHelp = probability,
            Gain = saved.Mean,
            GainError = saved.StandardError,
            SourceDecay = decay,
            IndistinctDecays = [.. finalists[1..]
                .Where(f => f.Losses.Less(best.Losses) is var (mean, error) && !(mean > Indistinct * error))
                .Select(f => options.SourceDecays[f.Trial])],
            Trials = [.. rungs.Select((r, i) => new NetworkTrial(options.SourceDecays[i], r.AsReadOnly(), r.Count < height))],
            Scratch = RungOf(scratch, 0, best),
            TrainingRows = best.TargetRows,
            ValidationRows = best.Losses.Values.Length,
            LinearProbe = linear,
            Warnings = warnings.AsReadOnly(),
        };
    }

    private Attempt Try(
        int trial, int epochs, string checkpoint, IDataView source, IDataView training, IDataView validation, TaskColumns columns,
            NetworkAdviceOptions options, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var first = options.Source.Copy();
        (first.WeightDecay, first.Epochs, first.CheckpointPath, first.CancellationToken) = (
            options.SourceDecays[trial], epochs, checkpoint, cancellation);
        var model = trainer(first).Fit(source, out var trained);
        var then = options.Target.Copy();
        (then.StartingPoint, then.CancellationToken) = (trained.Network, cancellation);
        var tuned = trainer(then).Fit(training, out var report);
        return new(trial, model, RowLosses.Of(task, tuned, validation, columns, cancellation), report.Rows,
            trained.Epochs.Count - trained.ResumedAfter + report.Epochs.Count, clock.Elapsed);
    }

    private Attempt Scratch(IDataView training, IDataView validation, TaskColumns columns, NetworkAdviceOptions options,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var alone = options.Target.Copy();
        alone.Network = options.Target.Network ?? options.Source.Network ?? Network.Of(options.Source.StartingPoint!.Network.Blueprint);
        (alone.Tau, alone.HeadTau, alone.LayerTaus, alone.FrozenLayers, alone.NewHead) = (0, 0, new Dictionary<int, double>(), [], null);
        alone.CancellationToken = cancellation;
        var model = trainer(alone).Fit(training, out var report);
        return new(-1, null, RowLosses.Of(task, model, validation, columns, cancellation), report.Rows, report.Epochs.Count, clock.Elapsed);
    }

    private static NetworkRung RungOf(Attempt attempt, int epochs, Attempt least)
    {
        var (behind, error) = ReferenceEquals(attempt, least) ? new(0, 0) : attempt.Losses.Less(least.Losses);
        return new(epochs, attempt.Losses.Mean, attempt.Losses.StandardError, behind, error, attempt.EpochsTrained, attempt.Elapsed);
    }

    /// <summary>A source as far as it was trained, and what the target's network that was tuned from it loses.</summary>
    private sealed record Attempt(int Trial, ITransformer? Source, RowLosses Losses, int TargetRows, int EpochsTrained, TimeSpan Elapsed);
}
