using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Production;

/// <summary>When to retrain, and from what: each plan against a loop of FineTune written here.</summary>
public sealed class RetrainingAdviceTests : IDisposable
{
    private const int MonthRows = 40;

    private readonly MLContext _ml = new(seed: 1);
    private readonly Batch _batch = new(seed: 5);
    private readonly string _folder = Directory.CreateTempSubdirectory("advice").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_period_is_predicted_by_a_model_that_has_not_seen_it()
    {
        var (model, rows) = (Model(), Months(6, jumpAt: 3));
        var advice = _ml.Model.AdviseRetraining(model, View(rows), new() { TimeColumnName = "Day", Windows = [1, 2] });
        Assert.Equal(["1", "2", "3", "4", "5", "6"], advice.Periods);
        Assert.Equal(6 * MonthRows, advice.Rows);
        double Loss(ITransformer served, int month) => Error(served, View([.. rows.Where(r => r.Day == month)]));
        RetrainingPlan Plan(RetrainingPlanKind kind, int? window) => advice.Plans.Single(p => p.Kind == kind && p.Window == window);
        ITransformer last = model;
        for (var month = 2; month <= 6; month++)
        {
            var now = month;
            ITransformer Tuned(ITransformer from, int window) =>
                _ml.Model.FineTune(from, View([.. rows.Where(r => r.Day < now && r.Day >= now - window)]));
            last = Tuned(last, 1);

            // FineTune itself is the same to the bit; the mean over the rows is taken in another order.
            Assert.Equal(Loss(model, month), Plan(RetrainingPlanKind.LeaveIt, null).LossByPeriod[month - 2]!.Value, 6);
            Assert.Equal(Loss(Tuned(model, 1), month), Plan(RetrainingPlanKind.FromModel, 1).LossByPeriod[month - 2]!.Value, 6);
            Assert.Equal(Loss(Tuned(model, 2), month), Plan(RetrainingPlanKind.FromModel, 2).LossByPeriod[month - 2]!.Value, 6);
            Assert.Equal(Loss(Tuned(model, 9), month), Plan(RetrainingPlanKind.FromModel, null).LossByPeriod[month - 2]!.Value, 6);
            Assert.Equal(Loss(last, month), Plan(RetrainingPlanKind.FromLast, 1).LossByPeriod[month - 2]!.Value, 6);
        }

        var leave = Plan(RetrainingPlanKind.LeaveIt, null);
        var alone = Plan(RetrainingPlanKind.Alone, null);
        Assert.Equal(leave.LossByPeriod.Average()!.Value, leave.Loss, 6);
        Assert.Equal(leave.Loss - alone.Loss, alone.Gain, 6);
        var gains = leave.LossByPeriod.Zip(alone.LossByPeriod, (a, b) => a!.Value - b!.Value).ToArray();
        var deviation = Math.Sqrt(gains.Sum(g => Math.Pow(g - gains.Average(), 2)) / (gains.Length - 1));
        Assert.Equal(deviation / Math.Sqrt(gains.Length), alone.StandardErrorOfGain, 6);
    }

    [Fact]
    public void After_a_jump_it_says_so_and_does_it()
    {
        var (model, rows) = (Model(), Months(12, jumpAt: 3));
        var shares = new List<double>();
        var advice = _ml.Model.AdviseRetraining(model, View(rows), new()
        {
            TimeColumnName = "Day",
            ReferenceRows = View(_batch.Rows(300)),
            Progress = new Told(shares.Add),
        });
        Assert.Equal(RetrainingPlanKind.FromModel, advice.Advised.Kind);
        Assert.True(advice.Drift.RelationChanged, advice.ToString());
        Assert.False(advice.Drift.FeaturesChanged, advice.ToString());
        var leave = advice.Plans.Single(p => p.Kind == RetrainingPlanKind.LeaveIt);
        Assert.InRange(advice.LossIfFollowed, advice.Advised.Loss, leave.Loss);
        var next = View(_batch.Rows(500, moved: 0.7));
        Assert.True(Error(advice.Fit(), next) < 0.7 * Error(model, next));
        Assert.Same(model, advice.Fit(leave));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void Models_that_are_trained_side_by_side_are_the_same()
    {
        var (model, rows) = (Model(), View(Months(8, jumpAt: 3)));
        RetrainingAdvice Advice(int threads) => _ml.Model.AdviseRetraining(
            model, rows, new() { TimeColumnName = "Day", FineTune = new() { NumberOfThreads = threads } });
        var (one, many) = (Advice(1), Advice(4));
        Assert.Equal(one.Plans.Select(p => (p.Kind, p.Window, p.Loss)), many.Plans.Select(p => (p.Kind, p.Window, p.Loss)));
        Assert.All(one.Plans.Zip(many.Plans), p => Assert.Equal(p.First.LossByPeriod, p.Second.LossByPeriod));
        Assert.Equal(one.LossIfFollowed, many.LossIfFollowed);
        Assert.All(one.Plans.Zip(many.Plans), p => Assert.Equal(Error(one.Fit(p.First), rows), Error(many.Fit(p.Second), rows)));
        Assert.Same(many.Fit(), many.Fit());
    }

    [Fact]
    public void Where_nothing_has_changed_the_model_is_left()
    {
        var advice = _ml.Model.AdviseRetraining(Model(), View(Months(12, jumpAt: 99)), new() { TimeColumnName = "Day" });
        Assert.Equal(RetrainingPlanKind.LeaveIt, advice.Advised.Kind);
        Assert.True(advice.Drift.ReferenceIsRecent);
        Assert.Equal(4 * MonthRows, advice.Drift.ReferenceRows);
        Assert.Equal(8 * MonthRows, advice.Drift.RecentRows);
        Assert.StartsWith("Leave it.", advice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_s_current_version_is_compared_with_the_rows_that_it_held_out()
    {
        var source = View(_batch.Rows(800));
        var store = new ModelStore(_folder);
        store.Add(_ml.Model, _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Big").Fit(source), source.Schema,
            View(_batch.Rows(250)), "Big");
        var options = new AdviseRetrainingOptions { TimeColumnName = "Day", Windows = [1], FineTune = new() { LabelColumnName = "Big" } };
        var advice = _ml.Model.AdviseRetraining(store, View(Months(8, jumpAt: 1)), options);
        Assert.False(advice.Drift.ReferenceIsRecent);
        Assert.Equal(250, advice.Drift.ReferenceRows);
        Assert.True(advice.Drift.RelationChanged, advice.ToString());
        Assert.NotEqual(RetrainingPlanKind.LeaveIt, advice.Advised.Kind);
        Assert.DoesNotContain(advice.Plans, p => p.Kind == RetrainingPlanKind.Rescale); // of linear regressions only
    }

    [Fact]
    public void Models_without_probabilities_are_compared_by_errors()
    {
        var perceptron = _ml.BinaryClassification.Trainers.AveragedPerceptron("Big").Fit(View(_batch.Rows(800)));
        var advice = _ml.Model.AdviseRetraining(perceptron, View(Months(12, jumpAt: 1)), new()
        {
            TimeColumnName = "Day",
            Windows = [3],
            FineTune = new() { LabelColumnName = "Big" },
        });
        Assert.NotEqual(RetrainingPlanKind.LeaveIt, advice.Advised.Kind);

        // The mean of 0 and 1 over 11 months of 40 rows: a whole number of 440ths.
        Assert.All(advice.Plans, p => Assert.Equal(Math.Round(440 * p.Loss), 440 * p.Loss, 6));
    }

    [Fact]
    public void Rows_without_a_label_are_in_no_period_and_bad_values_are_named()
    {
        var rows = Months(8, jumpAt: 2);
        foreach (var row in rows.Where(r => r.Day == 8))
        {
            row.Label = float.NaN;
        }

        var options = new AdviseRetrainingOptions { TimeColumnName = "Day", Windows = [1] };
        var advice = _ml.Model.AdviseRetraining(Model(), View(rows), options);
        Assert.Equal(7, advice.Periods.Count);
        Assert.NotNull(advice.Fit());
        Assert.DoesNotContain("NaN", advice.ToString(), StringComparison.Ordinal);
        options.FineTune.ExampleWeightColumnName = "Day";
        rows[3].Day = -1;
        Assert.Contains("-1", Assert.Throws<InvalidOperationException>(
            () => _ml.Model.AdviseRetraining(Model(), View(rows), options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, null, "2025-02", 14)]
    [InlineData(60, null, "2025-01-15", 9)]
    [InlineData(10, null, "2025-01-09", 10)]
    [InlineData(60, 10.0, "2025-01-18", 6)]
    public void Dates_are_months_or_weeks_or_days(int days, double? length, string second, int count)
    {
        var first = new DateTime(2025, 1, 8, 13, 0, 0);
        var rows = _batch.Rows(400).Select((r, i) => new Dated { Features = r.Features, Label = r.Label, When = first.AddDays(i % days) });
        var advice = _ml.Model.AdviseRetraining(
            Model(), _ml.Data.LoadFromEnumerable(rows), new() { TimeColumnName = "When", PeriodLength = length, Windows = [] });
        Assert.Equal(second, advice.Periods[1]);
        Assert.Equal(count, advice.Periods.Count);
    }

    [Fact]
    public void What_cannot_be_used_is_named()
    {
        var (model, rows) = (Model(), Months(6, jumpAt: 99));
        string Complaint<T>(Batch.Row[] some, AdviseRetrainingOptions options)
            where T : Exception => Assert.ThrowsAny<T>(() => _ml.Model.AdviseRetraining(model, View(some), options)).Message;
        Assert.Contains("TimeColumnName", Complaint<ArgumentException>(rows, new()), StringComparison.Ordinal);
        Assert.Contains("'Month'", Complaint<ArgumentException>(rows, new() { TimeColumnName = "Month" }), StringComparison.Ordinal);
        Assert.Contains("PeriodLength", Complaint<ArgumentException>(rows, new() { TimeColumnName = "Day", PeriodLength = 0 }),
            StringComparison.Ordinal);
        Assert.Contains("Windows", Complaint<ArgumentException>(rows, new() { TimeColumnName = "Day", Windows = [0] }),
            StringComparison.Ordinal);
        Assert.Contains("3 period(s)", Complaint<InvalidOperationException>(
            [.. rows.Where(r => r.Day <= 3)], new() { TimeColumnName = "Day" }),
            StringComparison.Ordinal);
        Assert.Contains("PeriodLength", Complaint<ArgumentException>(_batch.Rows(300), new() { TimeColumnName = "Day" }),
            StringComparison.Ordinal);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Complaint<OperationCanceledException>(rows, new() { TimeColumnName = "Day", CancellationToken = stopped.Token });
        var other = _ml.Model.AdviseRetraining(model, View(rows), new() { TimeColumnName = "Day", Windows = [] });
        var mine = _ml.Model.AdviseRetraining(model, View(rows), new() { TimeColumnName = "Day", Windows = [] });
        Assert.Throws<ArgumentException>(() => mine.Fit(other.Advised));
    }

    private Batch.Row[] Months(int months, int jumpAt) => [.. Enumerable.Range(1, months).SelectMany(month =>
    {
        var rows = _batch.Rows(MonthRows, moved: month >= jumpAt ? 0.7 : 0);
        foreach (var row in rows)
        {
            row.Day = month;
        }

        return rows;
    })];

    private RegressionPredictionTransformer<LinearRegressionModelParameters> Model() => _ml.Regression.Trainers.L2SpRidge()
        .Fit(View(_batch.Rows(1000)));

    private IDataView View(Batch.Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private double Error(ITransformer model, IDataView rows) => _ml.Regression.Evaluate(model.Transform(rows)).MeanSquaredError;

    private sealed class Told(Action<double> share) : IProgress<double>
    {
        public void Report(double value) => share(value);
    }

    private sealed class Dated
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public DateTime When { get; set; }
    }
}
