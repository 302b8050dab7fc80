using System.Globalization;
using Microsoft.ML;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Production;

/// <summary>Champion against candidate, on rows that neither has seen.</summary>
internal static class GuardedRetraining
{
    // Earlier held-out rows: those of so many versions, and no more than so many rows of each.
    private const int EarlierVersions = 3;
    private const int EarlierRowsOfEach = 2_000;

    // A relation that moves by d costs the old model on new rows what the new one costs on old rows: so many times what is gained on the
    // new ones may be lost on earlier ones, and more where so many standard errors of the two allow it, and this share in any case.
    private const double Symmetry = 2;
    private const double StandardErrors = 2;
    private const double Tolerance = 0.02;

    public static RetrainingOutcome Run(ModelOperationsCatalog catalog, ModelStore store, IDataView fresh, RetrainGuardedOptions options)
    {
        Check(options);
        var cancellation = options.CancellationToken;
        var champion = store.Current ?? throw new InvalidOperationException(
            $"The store '{store.Folder}' is empty: there is nothing to retrain. Add a model first: store.Add(ml.Model, model, schema).");
        var (model, from) = (store.Load(catalog, champion.Number, out var schema), options.FromVersion ?? champion.Number);
        var prints = RowPrints.Of(fresh, options.TimeColumnName, cancellation);
        var findings = new List<GuardFinding>();
        DriftStatement? drift = null;
        var copies = prints.Copies.Count(c => c);
        if (copies > 0)
        {
            findings.Add(Finding(GuardFindingKind.Copies,
                $"{copies} of {prints.Copies.Length} rows say what an earlier row says, and were left out"));
        }

        var earlier = Line(store, champion).Where(v => v.RowsPrint is not null).Take(EarlierVersions).ToArray();
        findings.AddRange(earlier.Select(v => HeldOutFile.Damage(store.Folder, v)).OfType<string>().Select(damage =>
            Finding(GuardFindingKind.EarlierRowsDamaged, $"{damage}: nothing is compared on them. Put the file back from a copy")));
        if (store.Versions.Any(v => v.HeldOut?.Print == prints.Print))
        {
            findings.Add(Finding(GuardFindingKind.SameBatch, $"a version was made of these very rows. Give new ones"));
            return Stays("these rows were used already.");
        }

        var parts = BatchParts.Of(prints, options);
        var (training, heldOut) = parts[0];
        var (trainingRows, heldOutRows) = (training.LongCount(t => t), heldOut.LongCount(h => h));
        if (heldOutRows < options.FewestHeldOut)
        {
            findings.Add(Finding(GuardFindingKind.FewRows,
                $"{heldOutRows} rows would be held out, and fewer than {options.FewestHeldOut} do not tell two models apart. Collect ",
                    $"more rows, or lower FewestHeldOut"));
            return Stays("there are too few rows.");
        }

        if (trainingRows < options.FewestHeldOut)
        {
            findings.Add(Finding(GuardFindingKind.FewRows,
                $"{trainingRows} rows would be left to learn from, because rows of one time in column ",
                $"'{options.TimeColumnName}' are held out ",
                $"together. Give rows of a longer time, or leave TimeColumnName out"));
            return Stays("there are too few rows.");
        }

        var trained = TrainedOn.Of(catalog, model, fresh, MeasuredColumns.Of(options.FineTune));
        var measured = trained.Measured;
        drift = Drift(store, champion, model, fresh, prints, measured, cancellation);
        var (trainingView, heldOutView) = (new PickedRows(fresh, training), new PickedRows(fresh, heldOut));
        var known = options.AcceptShift ? null : champion.HeldOut;
        if (known is not null)
        {
            var whole = ScoredRows.Of(model, new PickedRows(fresh, [.. prints.Copies.Select(c => !c)]), measured, cancellation);
            BatchProfile batch = Profiling.Of(whole, trained, prints.Print);
            GuardFinding[] against = [.. BatchCheck.Of(known, batch)];
            if (against.Length > 0)
            {
                findings.AddRange(against);
                return Stays("the batch looks wrong.");
            }
        }

        var start = from == champion.Number ? model : store.Load(catalog, from, out _);
        var candidate = catalog.FineTune(start, trainingView, out var report, Cancellable(options));
        var after = ScoredRows.Of(candidate, heldOutView, measured, cancellation);
        List<double> before = [], now = [];
        var inOneUnit = true;
        foreach (var part in parts)
        {
            // The candidate's own rows first; every other part by a candidate that has not seen it.
            var view = new PickedRows(fresh, part.HeldOut);
            var other = part == parts[0] ? candidate
                : catalog.FineTune(start, new PickedRows(fresh, part.Training), Cancellable(options));
            var (old, moved) = (ScoredRows.Of(model, view, measured, cancellation),
                part == parts[0] ? after : ScoredRows.Of(other, view, measured, cancellation));
            inOneUnit &= moved.HasProbabilities || !old.HasProbabilities;
            foreach (var (a, b) in old.LossesBeside(moved).Zip(moved.LossesBeside(old)).Where(
                pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second)))
            {
                before.Add(a);
                now.Add(b);
            }
        }

        if (before.Count < options.FewestHeldOut)
        {
            findings.Add(Finding(GuardFindingKind.FewRows,
                $"{before.Count} held-out rows have a label in column '{measured.Label}' and a score, and fewer than ",
                $"{options.FewestHeldOut} do not ",
                $"tell two models apart. Collect more rows, or lower FewestHeldOut"));
            return Stays("there are too few rows.");
        }

        var profile = Profiling.Of(after, trained, prints.Print);
        var gain = MeanDifference.Of([.. before.Zip(now, (a, b) => a - b)]);
        var (championLoss, candidateLoss) = (Mean(before), Mean(now));
        var (earlierRows, ratio, lost) = Earlier(store, earlier, model, candidate, measured, cancellation);
        var outcome = new RetrainingOutcome
        {
            Swapped = false,
            Reason = string.Empty,
            Champion = champion,
            Findings = findings,
            TrainingRows = trainingRows,
            HeldOutRows = heldOutRows,
            ComparedRows = before.Count,
            ChampionLoss = championLoss,
            CandidateLoss = candidateLoss,
            StandardErrorOfDifference = gain.StandardError,
            EarlierRows = earlierRows,
            LossRatioOnEarlierRows = ratio,
            FineTune = report,
            Drift = drift,
        };
        if (known is not null && inOneUnit && BatchCheck.Unexplained(known, profile, now) is { } unexplained)
        {
            findings.Add(unexplained);
            return outcome with { Reason = "the batch looks wrong." };
        }

        if (report.Way == FineTuneWay.AsItIs && from == champion.Number)
        {
            findings.Add(Finding(GuardFindingKind.NotBetter, $"left-out rows say that the champion is best as it is"));
            return outcome with { Reason = "there is nothing to be learnt." };
        }

        if (!(gain.Mean > options.LeastGain * championLoss))
        {
            findings.Add(Finding(GuardFindingKind.NotBetter,
                $"the candidate's loss on {before.Count} rows that it has not seen is {candidateLoss:G4}, ",
                $"the champion's {championLoss:G4}, ", $"and LeastGain asks for {options.LeastGain:P1} less"));
            return outcome with { Reason = "the candidate is not better." };
        }

        var spread = Math.Sqrt(Math.Pow(lost.StandardError, 2) + Math.Pow(Symmetry * gain.StandardError, 2));
        if (ratio is { } worse && !options.AcceptShift && worse - 1 > Tolerance
            && lost.Mean > (Symmetry * gain.Mean) + (StandardErrors * spread))
        {
            findings.Add(Finding(GuardFindingKind.WorseOnEarlierRows,
                $"on {earlierRows} rows that earlier versions held out the candidate's loss is {worse:G3} times the champion's. Either ",
                    $"the batch is wrong, or what was true is so no longer: then set AcceptShift"));
            return outcome with { Reason = "the candidate is worse on earlier rows, by more than it gains." };
        }

        var added = store.Add(catalog, candidate, schema, heldOutView, champion.Number,
            new VersionFacts(from, trainingRows, profile, report.ToString(), null), cancellation);
        return outcome with
        {
            Swapped = true,
            Candidate = added,
            Reason = Text($"on {before.Count} rows that neither has seen the loss changes by {-gain.Mean / championLoss:P1}."),
        };

        RetrainingOutcome Stays(string reason) =>
            new() { Swapped = false, Reason = reason, Champion = champion, Findings = findings, Drift = drift };
    }

    // Against what the champion was measured on in its time, by the champion: the evidence of AdviseRetraining.
    private static DriftStatement? Drift(ModelStore store, ModelVersion champion, ITransformer model, IDataView fresh, RowPrints prints,
        MeasuredColumns measured, CancellationToken cancellation) =>
        HeldOutFile.Read(store.Folder, champion) is not { } reference ? null
            : DriftTest.Of(
                DriftRows.Of(model, reference, null, measured, cancellation),
                DriftRows.Of(model, fresh, Array.ConvertAll(prints.Copies, copy => !copy), measured, cancellation), false, cancellation);

    private static (long Rows, double? Ratio, MeanDifference Lost) Earlier(
        ModelStore store, ModelVersion[] versions, ITransformer champion, ITransformer candidate, MeasuredColumns measured,
        CancellationToken cancellation)
    {
        var (old, now) = (new List<double>(), new List<double>());
        foreach (var version in versions)
        {
            if (HeldOutFile.Read(store.Folder, version) is not { } view)
            {
                continue;
            }

            bool[] first = [.. Enumerable.Repeat(true, EarlierRowsOfEach)];
            var some = new PickedRows(view, first);
            var (a, b) = (ScoredRows.Of(champion, some, measured, cancellation), ScoredRows.Of(candidate, some, measured, cancellation));
            foreach (var (was, became) in a.LossesBeside(b).Zip(b.LossesBeside(a)).Where(
                pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second)))
            {
                old.Add(was);
                now.Add(became);
            }
        }

        return (old.Count, old.Sum() > 0 ? now.Sum() / old.Sum() : null, MeanDifference.Of([.. now.Zip(old, (a, b) => a - b)]));
    }

    // The version, the one that it was trained from, and so on; to where that came from elsewhere or was deleted. A version that was rolled
    // back is on no such line: what it held out may be what was wrong with it.
    private static IEnumerable<ModelVersion> Line(ModelStore store, ModelVersion version)
    {
        for (ModelVersion? next = version; next is not null;)
        {
            yield return next;
            next = next.From is { } from && from < next.Number ? VersionFiles.Find(store.Folder, from) : null;
        }
    }

    private static double Mean(IEnumerable<double> losses) => losses.Where(double.IsFinite).DefaultIfEmpty(0).Average();

    private static FineTuneOptions Cancellable(RetrainGuardedOptions options)
    {
        var copy = FineTuneOptionsBase.With(options.FineTune, options.FineTune.LabelColumnName);
        copy.CancellationToken = options.CancellationToken;
        copy.TakesLeastError = true;
        return copy;
    }

    private static void Check(RetrainGuardedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.FineTune, "options.FineTune");
        if (!(options.HeldOutFraction is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.HeldOutFraction, "HeldOutFraction is a share in (0, 1).");
        }

        if (!(options.LeastGain is > -1 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.LeastGain, "LeastGain is a share of the loss in (-1, 1).");
        }

        if (options.FewestHeldOut < 2)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.FewestHeldOut, "FewestHeldOut is at least 2: one row has no standard error.");
        }
    }

    private static GuardFinding Finding(GuardFindingKind kind, params FormattableString[] message) =>
        new(kind, string.Concat(message.Select(Text)) + ".");

    private static string Text(FormattableString message) => message.ToString(CultureInfo.InvariantCulture);
}
