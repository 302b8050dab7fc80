using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Production;
using Xunit;

namespace Transfer.MLNet.Tests.Production;

public sealed class GuardedRetrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("guard").FullName;
    private readonly MLContext _ml = new(seed: 1);
    private readonly Batch _batch = new(5);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_better_candidate_becomes_current_and_the_next_one_is_held_to_its_rows()
    {
        var store = Store();
        var outcome = _ml.Model.RetrainGuarded(store, View(_batch.Rows(400, moved: 0.4)));

        Assert.True(outcome.Swapped, outcome.ToString());
        Assert.Equal((2, 2), (outcome.Candidate!.Number, store.Current!.Number));
        Assert.Equal((300L, 100L, 1), (outcome.TrainingRows, outcome.HeldOutRows, outcome.Candidate.From!.Value));
        Assert.True(outcome.CandidateLoss < outcome.ChampionLoss);
        Assert.Equal(100, store.Current.HeldOut!.Rows);
        Assert.Equal(400, outcome.ComparedRows);

        // By time only the latest rows are compared on, and the version is measured on the same.
        var byTime = _ml.Model.RetrainGuarded(Store("by-time"), View(_batch.Rows(400, moved: 0.3)), new() { TimeColumnName = "Day" });
        Assert.Equal((100L, 100L), (byTime.ComparedRows, byTime.HeldOutRows));
        Assert.Equal(byTime.CandidateLoss!.Value, byTime.Candidate!.HeldOut!.Loss, 1e-9);

        // On new rows of the same relation, which nobody has seen.
        var later = View(_batch.Rows(2000, moved: 0.4));
        Assert.True(Error(store.Load(_ml.Model, 2, out _), later) < 0.9 * Error(store.Load(_ml.Model, 1, out _), later));
        Assert.Equal(300, _ml.Model.RetrainGuarded(store, View(_batch.Rows(400, moved: 0.4))).EarlierRows);
    }

    [Fact]
    public void What_a_batch_says_of_drift_is_what_the_advisor_says_of_recent_rows()
    {
        var (store, rows) = (Store(), _batch.Rows(400, moved: 0.4));
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Day = i % 4;
        }

        var advised = _ml.Model.AdviseRetraining(store, View(rows), new() { TimeColumnName = "Day", Windows = [] }).Drift;
        var outcome = _ml.Model.RetrainGuarded(store, View([.. rows, .. rows[..50]]));
        var drift = outcome.Drift!;
        Assert.Equal((200, 400, false), (drift.ReferenceRows, drift.RecentRows, drift.ReferenceIsRecent));
        Assert.Equal((advised.RelationPValue, advised.FeaturesPValue), (drift.RelationPValue, drift.FeaturesPValue));
        Assert.True(drift.RelationChanged, drift.ToString());
        Assert.Contains("Drift: 400 recent rows against 200 rows of the model's time", outcome.ToString(), StringComparison.Ordinal);

        // Against the new version's own rows the same relation is no news; a version without such rows says nothing.
        Assert.True(outcome.Swapped, outcome.ToString());
        var next = _ml.Model.RetrainGuarded(store, View(_batch.Rows(400, moved: 0.4))).Drift!;
        Assert.True(next.RelationPValue > 1e-3, next.ToString());
        var bare = new ModelStore(Path.Combine(_folder, "bare"));
        var source = View(_batch.Rows(500));
        bare.Add(_ml.Model, _ml.Regression.Trainers.Sdca().Fit(source), source.Schema);
        Assert.Null(_ml.Model.RetrainGuarded(bare, View(_batch.Rows(200))).Drift);
    }

    [Fact]
    public void Counts_are_compared_by_exposure()
    {
        // Half of the rows are counted in ten times as much: without it their rates say nothing of their counts.
        var random = new Random(2);
        var source = Counted(1000, 0);
        var columns = new FineTuneOptions { ExposureColumnName = "Weight" };
        var model = _ml.Regression.Trainers.L2SpPoissonRegression(exposureColumnName: "Weight").Fit(View(source));
        var store = new ModelStore(_folder);
        var heldOut = Counted(300, 0);
        var first = store.Add(_ml.Model, model, View(source).Schema, View(heldOut), exposureColumnName: "Weight");
        double Loss(ITransformer of, Batch.Row[] rows) => rows.Zip(of.Transform(View(rows)).GetColumn<float>("Score"),
            (r, rate) => Math.Pow(r.Label - ((double)rate * r.Weight), 2)).Average();
        Assert.Equal(Loss(model, heldOut), first.HeldOut!.Loss, 6);

        var batch = Counted(400, 0.15);
        var outcome = _ml.Model.RetrainGuarded(store, View(batch), new() { FineTune = columns });
        Assert.True(outcome.Swapped, outcome.ToString());
        Assert.Equal(Loss(model, batch), outcome.ChampionLoss!.Value, 6);
        Assert.True(outcome.CandidateLoss < 0.95 * outcome.ChampionLoss, outcome.ToString());

        var same = _ml.Model.AdviseRetraining(
            model, View(Counted(400, 0)), new() { TimeColumnName = "Day", Windows = [], FineTune = columns });
        Assert.True(same.Drift.RelationPValue > 1e-3, same.ToString());
        var moved = _ml.Model.AdviseRetraining(model, View(batch), new() { TimeColumnName = "Day", Windows = [], FineTune = columns });
        Assert.Equal(RetrainingPlanKind.FromModel, moved.Advised.Kind);
        batch[7].Weight = 0;
        Assert.Contains("'Weight' has the value 0 in row 7;", Assert.Throws<InvalidOperationException>(
            () => _ml.Model.RetrainGuarded(store, View(batch), new() { FineTune = columns })).Message, StringComparison.Ordinal);
        Assert.Contains("'Weight'", Assert.Throws<ArgumentException>(
            () => _ml.Model.RetrainGuarded(Store("regression"), View(batch),
                new() { FineTune = columns })).Message, StringComparison.Ordinal);

        Batch.Row[] Counted(int count, double moved) => [.. _batch.Rows(count).Select((r, i) =>
        {
            var among = i % 2 == 0 ? 2 : 20;
            var rate = Math.Exp(0.3 * r.Features.Select((v, j) => v * (1 + (moved * (j % 2)))).Sum());
            return new Batch.Row
            {
                Features = r.Features,
                Label = MathNet.Numerics.Distributions.Poisson.Sample(random, rate * among),
                Weight = among,
                Day = i % 8,
            };
        })];
    }

    [Theory]
    [InlineData("labels in thousands", GuardFindingKind.LabelUnit)]
    [InlineData("square feet", GuardFindingKind.LabelUnit)]
    [InlineData("another zero", GuardFindingKind.LabelUnit)]
    [InlineData("labels of other rows", GuardFindingKind.LabelsUnrelated)]
    [InlineData("half of the labels of other rows", GuardFindingKind.LossJumped)]
    [InlineData("a tenth of the labels of other rows", GuardFindingKind.Unexplained)]
    [InlineData("only high labels", GuardFindingKind.ClassMissing)]
    [InlineData("features moved", GuardFindingKind.FeaturesShifted)]
    [InlineData("a feature in another unit", GuardFindingKind.FeaturesShifted)]
    public void A_batch_that_went_wrong_changes_nothing(string wrong, GuardFindingKind kind)
    {
        var store = Store();
        var rows = _batch.Rows(200);
        switch (wrong)
        {
            case "labels in thousands": Array.ForEach(rows, r => r.Label /= 1000); break;
            case "square feet": Array.ForEach(rows, r => r.Label *= 10.8f); break;
            case "another zero": Array.ForEach(rows, r => r.Label += 32); break;
            case "labels of other rows": _batch.Permute(rows); break;
            case "half of the labels of other rows": _batch.Permute(rows[..1]); Part(rows, 2); break;
            case "a tenth of the labels of other rows": Part(rows, 10); break;
            case "only high labels": rows = [.. rows.Where(r => r.Label > 10.5)]; break;
            case "features moved": Array.ForEach(rows, r => r.Features = [.. r.Features.Select(v => v + 3)]); break;
            default: Array.ForEach(rows, r => r.Features[0] *= 100); break;
        }

        var outcome = _ml.Model.RetrainGuarded(store, View(rows));

        Assert.False(outcome.Swapped, outcome.ToString());
        Assert.Contains(kind, outcome.Findings.Select(f => f.Kind));
        Assert.Equal(1, Assert.Single(store.Versions).Number);

        void Part(Batch.Row[] all, int parts)
        {
            var part = all[..(all.Length / parts)];
            _batch.Permute(part);
        }
    }

    [Fact]
    public void Whoever_knows_that_a_jump_is_real_says_so()
    {
        var store = Store();
        var jump = _batch.Rows(400, moved: 2);
        Assert.False(_ml.Model.RetrainGuarded(store, View(jump)).Swapped);

        var outcome = _ml.Model.RetrainGuarded(store, View(jump), new() { AcceptShift = true });
        Assert.True(outcome.Swapped, outcome.ToString());
    }

    [Fact]
    public void How_much_better_a_candidate_has_to_be_can_be_said()
    {
        var rows = _batch.Rows(400, moved: 0.4);
        var strict = _ml.Model.RetrainGuarded(Store(), View(rows), new() { LeastGain = 0.9 });
        Assert.False(strict.Swapped, strict.ToString());
        Assert.Contains(strict.Findings, f => f.Kind == GuardFindingKind.NotBetter
            && f.Message.Contains("LeastGain", StringComparison.Ordinal));
        Assert.True(strict.CandidateLoss < strict.ChampionLoss);

        // Nothing has changed: on half of such batches a candidate looks worse by chance. What is the champion itself is never added.
        var still = Enumerable.Range(0, 8).Select(i => (
            Bold: _ml.Model.RetrainGuarded(Store($"bold{i}"), View(_batch.Rows(100)), new() { LeastGain = -0.5 }),
            Way: FineTuneWay.AsItIs)).ToArray();
        Assert.Contains(still, s => s.Bold.Swapped && s.Bold.CandidateLoss > s.Bold.ChampionLoss);
        Assert.All(still.Where(s => s.Bold.Swapped), s => Assert.NotEqual(s.Way, s.Bold.FineTune!.Way));
    }

    [Fact]
    public void A_complaint_names_the_row_that_was_given()
    {
        var rows = _batch.Rows(200, moved: 0.3);
        rows[137].Weight = -1;
        var options = new RetrainGuardedOptions { TimeColumnName = "Day", FineTune = new() { ExampleWeightColumnName = "Weight" } };

        // Latest first: the rows that are learnt from are those from 50 on.
        Array.ForEach(rows, r => r.Day = 1000 - r.Day);
        Assert.Contains("'Weight' has the value -1 in row 137;", Assert.Throws<InvalidOperationException>(
            () => _ml.Model.RetrainGuarded(Store(), View(rows), options)).Message, StringComparison.Ordinal);
        rows[140].Day = float.NaN;
        Assert.Contains("Row 140 of the batch has no time in column 'Day'", Assert.Throws<InvalidOperationException>(
            () => _ml.Model.RetrainGuarded(Store("other"), View(rows), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_with_a_feature_or_a_label_missing_are_no_rows()
    {
        var rows = _batch.Rows(400, moved: 0.4);
        var broken = rows.Select((r, i) => new Batch.Row
        {
            Features = i % 9 == 0 ? [float.NaN, .. r.Features[1..]] : r.Features,
            Label = i % 9 == 1 ? float.NaN : r.Label,
        }).ToArray();
        var outcome = _ml.Model.RetrainGuarded(Store(), View(broken));
        Assert.True(outcome.Swapped, outcome.ToString());
        Assert.Equal(rows.Length - (2 * 45), outcome.ComparedRows);
        Assert.DoesNotContain("NaN", outcome.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_count_once_and_a_batch_is_used_once()
    {
        var store = Store();
        var rows = _batch.Rows(400, moved: 0.4);
        var outcome = _ml.Model.RetrainGuarded(store, View([.. rows, .. rows]));
        Assert.Equal((300L, 100L), (outcome.TrainingRows, outcome.HeldOutRows));
        Assert.Contains(outcome.Findings, f => f.Kind == GuardFindingKind.Copies
            && f.Message.StartsWith("400 of 800", StringComparison.Ordinal));
        Assert.True(outcome.Swapped);

        var again = _ml.Model.RetrainGuarded(store, View([.. rows, .. rows]));
        Assert.Contains(again.Findings, f => f.Kind == GuardFindingKind.SameBatch);
        Assert.False(again.Swapped);
    }

    [Fact]
    public void The_latest_rows_are_held_out_and_days_are_not_parted()
    {
        var store = Store();
        var rows = _batch.Rows(400, moved: 0.4);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Day = i / 40;
        }

        new Random(3).Shuffle(rows);
        var outcome = _ml.Model.RetrainGuarded(store, View(rows), new() { TimeColumnName = "Day" });
        Assert.Equal((280L, 120L), (outcome.TrainingRows, outcome.HeldOutRows));
        Assert.True(outcome.Swapped, outcome.ToString());
        var kept = _ml.Data.LoadFromBinary(Path.Combine(_folder, "000002.rows")).GetColumn<float>("Day").Distinct().Order();
        Assert.Equal([7f, 8f, 9f], kept);
    }

    [Fact]
    public void Of_a_model_of_logarithms_the_logarithm_is_compared()
    {
        var source = View(_batch.Rows(500));
        var chain = _ml.Transforms.Expression("LogPrice", "(y)=>log(y)", "Price")
            .Append(_ml.Regression.Trainers.L2SpRidge(labelColumnName: "LogPrice"))
            .Append(_ml.Transforms.Expression("Predicted", "(s)=>exp(s)", "Score")).Fit(source);
        var store = new ModelStore(_folder);
        var first = store.Add(_ml.Model, chain, source.Schema, View(_batch.Rows(200)), "Price");
        Assert.InRange(first.HeldOut!.Loss, 0.04, 0.09); // a sixteenth of the noise's variance
        var outcome = _ml.Model.RetrainGuarded(
            store, View(_batch.Rows(400, moved: 0.4)), new() { FineTune = new() { LabelColumnName = "Price" } });
        Assert.True(outcome.Swapped, outcome.ToString());
    }

    [Fact]
    public void A_class_that_is_gone_is_missed()
    {
        var source = View(_batch.Rows(500));
        var store = new ModelStore(_folder);
        store.Add(_ml.Model, _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Big").Fit(source), source.Schema,
            View(_batch.Rows(200)), "Big");
        var options = new RetrainGuardedOptions { FineTune = new() { LabelColumnName = "Big" } };

        var gone = _ml.Model.RetrainGuarded(store, View([.. _batch.Rows(400).Where(r => r.Big)]), options);
        Assert.Contains(GuardFindingKind.ClassMissing, gone.Findings.Select(f => f.Kind));
        Assert.False(gone.Swapped);

        var moved = _ml.Model.RetrainGuarded(store, View(_batch.Rows(800, moved: 0.6)), options);
        Assert.True(moved.Swapped, moved.ToString());
        Assert.True(moved.CandidateLoss < moved.ChampionLoss);
    }

    [Theory]
    [InlineData(0.09, -1, 200, true)] // a weak model, classes the other way round
    [InlineData(0.09, 0.02, 200, false)] // a third of next to nothing
    [InlineData(0.09, -0.1, 200, false)] // 200 rows do that by chance
    [InlineData(0.5, -0.1, 200, true)]
    [InlineData(0.5, 0.3, 2000, false)]
    public void Classes_that_a_model_is_further_off_than_their_shares_are_not_its_own(double before, double now, int rows, bool isFound)
    {
        var entropy = Math.Log(2);
        BatchProfile Profile(double agreement, long count) => new()
        {
            Rows = count,
            Agreement = agreement,
            Loss = entropy * (1 - agreement),
            ClassShares = [0.5, 0.5],
            Print = "",
        };
        var found = BatchCheck.Of(Profile(before, 200), Profile(now, rows)).Select(f => f.Kind);
        Assert.Equal(isFound ? [GuardFindingKind.LabelsUnrelated] : [], found);
    }

    [Fact]
    public void Rows_without_a_label_are_no_evidence_and_one_time_leaves_nothing_to_learn()
    {
        var rows = _batch.Rows(200, moved: 0.3);
        foreach (var row in rows.Skip(155))
        {
            row.Label = float.NaN;
        }

        var bare = new ModelStore(Path.Combine(_folder, "bare"));
        var source = View(_batch.Rows(500));
        bare.Add(_ml.Model, _ml.Regression.Trainers.Sdca().Fit(source), source.Schema);
        var outcome = _ml.Model.RetrainGuarded(bare, View(rows), new() { TimeColumnName = "Day" });
        Assert.False(outcome.Swapped, outcome.ToString());
        Assert.Contains(outcome.Findings, f => f.Kind == GuardFindingKind.FewRows
            && f.Message.Contains("5 held-out", StringComparison.Ordinal));

        foreach (var row in rows)
        {
            (row.Day, row.Label) = (1, 10);
        }

        var oneDay = _ml.Model.RetrainGuarded(bare, View(rows), new() { TimeColumnName = "Day" });
        Assert.Contains(oneDay.Findings, f => f.Kind == GuardFindingKind.FewRows && f.Message.Contains("'Day'", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_used_is_named()
    {
        var store = Store();
        Assert.Contains(_ml.Model.RetrainGuarded(store, View(_batch.Rows(40))).Findings, f => f.Kind == GuardFindingKind.FewRows);
        string Complaint(RetrainGuardedOptions options) =>
            Assert.ThrowsAny<ArgumentException>(() => _ml.Model.RetrainGuarded(store, View(_batch.Rows(200)), options)).Message;
        Assert.Contains("'Month'", Complaint(new() { TimeColumnName = "Month" }), StringComparison.Ordinal);
        Assert.Contains("'Big'", Complaint(new() { TimeColumnName = "Big" }), StringComparison.Ordinal);
        Assert.Contains("LeastGain", Complaint(new() { LeastGain = 1 }), StringComparison.Ordinal);
        Assert.Contains("HeldOutFraction", Complaint(new() { HeldOutFraction = 1 }), StringComparison.Ordinal);
        Assert.Contains("'Cost'", Complaint(new() { FineTune = new() { LabelColumnName = "Cost" } }), StringComparison.Ordinal);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Model.RetrainGuarded(
            store, View(_batch.Rows(200)), new() { CancellationToken = stopped.Token }));
        Assert.Equal(1, Assert.Single(store.Versions).Number);
    }

    private ModelStore Store(string name = "")
    {
        var source = View(_batch.Rows(1000));
        var store = new ModelStore(Path.Combine(_folder, name));
        store.Add(_ml.Model, _ml.Regression.Trainers.Sdca().Fit(source), source.Schema, View(_batch.Rows(200)));
        return store;
    }

    private IDataView View(Batch.Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private double Error(ITransformer model, IDataView rows) => _ml.Regression.Evaluate(model.Transform(rows)).MeanSquaredError;
}
