using Microsoft.ML;
using Xunit;

namespace Transfer.MLNet.Tests.Production;

public sealed class LineOfVersionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("line").FullName;
    private readonly MLContext _ml = new(seed: 1);
    private readonly Batch _batch = new(5);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_version_that_was_rolled_back_judges_no_later_candidate()
    {
        var source = View(_batch.Rows(1000));
        var store = new ModelStore(_folder);
        store.Add(_ml.Model, _ml.Regression.Trainers.Sdca().Fit(source), source.Schema, View(_batch.Rows(200)));

        // A wrong relation, taken by mistake: its 200 held-out rows would keep the right candidate out.
        var wrong = Swapped(_batch.Rows(800, moved: -2));
        Assert.Equal(200, wrong.EarlierRows);
        store.Rollback();

        var right = Retrain(_batch.Rows(400, moved: 0.4), acceptShift: false);
        Assert.True(right.Swapped, right.ToString());
        Assert.Equal((3, 1, 200L), (right.Candidate!.Number, right.Candidate.From!.Value, right.EarlierRows));

        // The line of version 3 is 3 and 1, and that of its descendants goes on: of 5 it is 5, 4 and 3, three at most.
        Assert.Equal(200 + 100, Swapped(_batch.Rows(400, moved: 0.8)).EarlierRows);
        Assert.Equal(200 + 100 + 100, Swapped(_batch.Rows(480, moved: 1.2)).EarlierRows);
        Assert.Equal(100 + 100 + 120, Retrain(_batch.Rows(400, moved: 1.6), acceptShift: true).EarlierRows);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Held_out_rows_that_are_damaged_or_gone_are_told(bool gone)
    {
        var source = View(_batch.Rows(1000));
        var store = new ModelStore(_folder);
        store.Add(_ml.Model, _ml.Regression.Trainers.Sdca().Fit(source), source.Schema, View(_batch.Rows(200)));
        var file = Path.Combine(_folder, "000001.rows");
        if (gone)
        {
            File.Delete(file);
        }
        else
        {
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..100]);
        }

        var outcome = Retrain(_batch.Rows(400, moved: 0.4), acceptShift: false);
        var finding = Assert.Single(outcome.Findings, f => f.Kind == GuardFindingKind.EarlierRowsDamaged);
        Assert.Contains(file, finding.Message, StringComparison.Ordinal);
        Assert.True(outcome.Swapped, outcome.ToString());
        Assert.Equal(0, outcome.EarlierRows);

        store.MakeCurrent(1);
        var refused = Assert.Throws<FormatException>(() => _ml.Model.AdviseRetraining(
            store, View(_batch.Rows(100)), new() { TimeColumnName = nameof(Batch.Row.Day) }));
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    private RetrainingOutcome Swapped(Batch.Row[] rows)
    {
        var outcome = Retrain(rows, acceptShift: true);
        Assert.True(outcome.Swapped, outcome.ToString());
        return outcome;
    }

    private RetrainingOutcome Retrain(Batch.Row[] rows, bool acceptShift) =>
        _ml.Model.RetrainGuarded(new ModelStore(_folder), View(rows), new() { AcceptShift = acceptShift });

    private IDataView View(Batch.Row[] rows) => _ml.Data.LoadFromEnumerable(rows);
}
