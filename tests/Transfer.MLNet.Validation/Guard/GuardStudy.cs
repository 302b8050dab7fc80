using System.Globalization;
using System.Text;
using Microsoft.ML;

namespace Transfer.MLNet.Validation.Guard;

/// <summary>
/// How often a guarded retraining lets a batch change the model, and how often that does harm: good batches and wrong ones.
/// </summary>
internal static class GuardStudy
{
    // Worse than before by this share of the squared error on 2,000 later rows.
    private const double Harm = 0.02;

    private static readonly double[] s_leastGains = [0.02, 0, -0.02, -0.05];

    public static string Run(int draws, CancellationToken cancellation)
    {
        var lines = new List<(string Name, double Drift, bool IsGood, GuardTrial[] Trials)>();
        foreach (var drift in new[] { 0, 0.1, 0.25 })
        {
            Add("as it should be", drift, isGood: true, (_, _) => { });
        }

        foreach (var (name, wrong) in GuardWorld.Wrongs)
        {
            Add(name, 0.1, isGood: false, wrong);
        }

        return Batches(lines, draws) + Environment.NewLine + Rules(lines, draws);

        void Add(string name, double drift, bool isGood, Action<GuardWorld, List<GuardWorld.Row>> wrong)
        {
            lines.Add((name, drift, isGood, [.. Enumerable.Range(0, draws).Select(seed => Trial(seed, drift, wrong, cancellation))]));
            Console.Error.WriteLine(Batches(lines[^1..], draws).Split(Environment.NewLine)[2]);
        }
    }

    private static string Batches(List<(string Name, double Drift, bool IsGood, GuardTrial[] Trials)> lines, int draws)
    {
        var text = new StringBuilder();
        text.AppendLine("| batch | drift | batches | taken over | error after / before, mean of those taken | more than 2 % worse | "
            + "why the others were not |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var (name, drift, _, trials) in lines)
        {
            var taken = trials.Where(t => t.WhyNot(0) is null).Select(t => t.Ratio!.Value).ToArray();
            var reasons = trials.Select(t => t.WhyNot(0)).OfType<GuardFindingKind>().GroupBy(k => k).OrderByDescending(g => g.Count());
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {name} | {drift} | {draws} | {taken.Length} | {(taken.Length == 0 ? "" : $"{taken.Average():0.000}")} | "
                    + $"{taken.Count(r => r > 1 + Harm)} | {string.Join(", ", reasons.Select(g => $"`{g.Key}` {g.Count()}"))} |");
        }

        return text.ToString();
    }

    private static string Rules(List<(string Name, double Drift, bool IsGood, GuardTrial[] Trials)> lines, int draws)
    {
        var (text, good) = (new StringBuilder(), lines.Where(l => l.IsGood).ToArray());
        text.AppendLine(CultureInfo.InvariantCulture, $"| `LeastGain` | {string.Join(" | ", good.Select(l =>
            $"drift {l.Drift}: taken over | more than 2 % worse | error after / before, mean of all"))} | wrong batches that did harm |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(good.Select(_ => "---|---|---|"))}---|");
        foreach (var least in s_leastGains)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {least} ");
            foreach (var (_, _, _, trials) in good)
            {
                var taken = Taken(trials, least);
                text.Append(CultureInfo.InvariantCulture, $"| {100.0 * taken.Length / draws:0.0} % | {taken.Count(r => r > 1 + Harm)} | "
                    + $"{(taken.Sum() + draws - taken.Length) / draws:0.000} ");
            }

            var wrong = lines.Where(l => !l.IsGood).SelectMany(l => l.Trials).ToArray();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Taken(wrong, least).Count(r => r > 1 + Harm)} of {wrong.Length} |");
        }

        return text.ToString();

        static double[] Taken(GuardTrial[] trials, double least) =>
            [.. trials.Where(t => t.WhyNot(least) is null).Select(t => t.Ratio!.Value)];
    }

    private static GuardTrial Trial(
        int seed, double drift, Action<GuardWorld, List<GuardWorld.Row>> wrong, CancellationToken cancellation)
    {
        var ml = new MLContext(seed: 1);
        var world = new GuardWorld(seed, drift);
        var folder = Directory.CreateTempSubdirectory("guard").FullName;
        try
        {
            var source = ml.Data.LoadFromEnumerable(world.Source(1000));
            var store = new ModelStore(folder);
            store.Add(ml.Model, ml.Regression.Trainers.L2SpRidge().Fit(source), source.Schema,
                ml.Data.LoadFromEnumerable(world.Source(200)));
            var rows = world.Batch();
            wrong(world, rows);

            // Whatever the gain: the rules differ in nothing else, and what each would have done follows from the losses.
            var outcome = ml.Model.RetrainGuarded(store, ml.Data.LoadFromEnumerable(rows), new()
            {
                LeastGain = -0.999,
                CancellationToken = cancellation,
            });
            var gain = outcome is { ChampionLoss: { } before, CandidateLoss: { } after } ? 1 - (after / before) : (double?)null;
            if (!outcome.Swapped)
            {
                return new GuardTrial(null, gain, outcome.Findings.First(f => f.Kind != GuardFindingKind.Copies).Kind);
            }

            var later = ml.Data.LoadFromEnumerable(world.Later(2000));
            double Error(int version) => ml.Regression.Evaluate(store.Load(ml.Model, version, out _).Transform(later)).MeanSquaredError;
            return new GuardTrial(Error(2) / Error(1), gain, null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>What became of a batch with no gain asked for.</summary>
/// <param name="Ratio">The squared error after over that before, on later rows; null where the model stayed.</param>
/// <param name="Gain">The share by which the candidate's loss was lower on rows that neither has seen; null where it did not come to
/// that.</param>
/// <param name="Finding">Why the model stayed; null where it did not.</param>
internal sealed record GuardTrial(double? Ratio, double? Gain, GuardFindingKind? Finding)
{
    /// <summary>Why it stays where a gain of so much is asked for; null where the candidate is taken.</summary>
    public GuardFindingKind? WhyNot(double leastGain) =>
        Finding is null or GuardFindingKind.WorseOnEarlierRows && !(Gain > leastGain) ? GuardFindingKind.NotBetter : Finding;
}
