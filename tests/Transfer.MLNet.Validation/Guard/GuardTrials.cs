using System.Globalization;
using Microsoft.ML;

namespace Transfer.MLNet.Validation.Guard;

/// <summary>The trials of a line; those that a file has are not done again.</summary>
/// <param name="file">One trial a line: kind of batch, world, and what became of it. null: nothing is kept.</param>
internal sealed class GuardTrials(string? file)
{
    private readonly Dictionary<(string, int), GuardTrial> _known = file is null || !File.Exists(file) ? []
        : File.ReadLines(file).Select(l => l.Split(',', 3)).DistinctBy(l => (l[0], l[1]))
            .ToDictionary(l => (l[0], int.Parse(l[1], CultureInfo.InvariantCulture)), l => GuardTrial.Of(l[2]));

    public GuardTrial[] Of(GuardLine line, int draws, CancellationToken cancellation) => [.. Enumerable.Range(0, draws).Select(seed =>
    {
        if (_known.TryGetValue((line.Key, seed), out var known))
        {
            return known;
        }

        cancellation.ThrowIfCancellationRequested();
        var trial = Run(line, seed, cancellation);
        if (file is not null)
        {
            File.AppendAllText(file, FormattableString.Invariant($"{line.Key},{seed},{trial}{Environment.NewLine}"));
        }

        return trial;
    })];

    private static GuardTrial Run(GuardLine line, int seed, CancellationToken cancellation)
    {
        var ml = new MLContext(seed: 1);
        var world = new GuardWorld(seed, line.Drift);
        var folder = Directory.CreateTempSubdirectory("guard").FullName;
        try
        {
            var source = ml.Data.LoadFromEnumerable(world.Source(1000));
            var label = line.IsTruth ? nameof(GuardWorld.Row.Truth) : nameof(GuardWorld.Row.Label);
            ITransformer model = line.IsTruth
                ? ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: label).Fit(source)
                : ml.Regression.Trainers.L2SpRidge().Fit(source);
            var store = new ModelStore(folder);
            store.Add(ml.Model, model, source.Schema, ml.Data.LoadFromEnumerable(world.Source(200)), label);
            var rows = world.Batch();
            line.Wrong(world, rows);

            // Whatever the gain: the rules differ in nothing else, and what each would have done follows from the losses.
            RetrainingOutcome Outcome(bool acceptShift) => ml.Model.RetrainGuarded(store, ml.Data.LoadFromEnumerable(rows), new()
            {
                LeastGain = -0.999,
                AcceptShift = acceptShift,
                FineTune = new() { LabelColumnName = label },
                CancellationToken = cancellation,
            });
            var outcome = Outcome(acceptShift: false);
            var gain = outcome is { ChampionLoss: { } before, CandidateLoss: { } after } ? 1 - (after / before) : (double?)null;
            GuardFindingKind? finding = outcome.Swapped ? null : outcome.Findings.First(f => f.Kind != GuardFindingKind.Copies).Kind;

            // What a good batch that was refused would have been worth: the same candidate, with nothing to stop it.
            var taken = outcome.Swapped || !line.IsGood ? outcome : Outcome(acceptShift: true);
            if (!taken.Swapped)
            {
                return new GuardTrial(taken.FineTune?.Way == FineTuneWay.AsItIs ? 1 : null, gain, finding);
            }

            var later = ml.Data.LoadFromEnumerable(world.Later(2000));
            double Error(int version)
            {
                var scored = store.Load(ml.Model, version, out _).Transform(later);
                return line.IsTruth ? ml.BinaryClassification.Evaluate(scored, label).LogLoss
                    : ml.Regression.Evaluate(scored).MeanSquaredError;
            }

            return new GuardTrial(Error(2) / Error(1), gain, finding);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
