using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>What the trainer refuses, and in which words.</summary>
public class BadInputTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public BadInputTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_tau_that_is_none_is_refused_at_once(double tau)
        => Refuses<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.L2SpRidge(tau: tau), "Tau must be", "zero or above");

    [Fact]
    public void Options_that_contradict_each_other_are_refused_at_once()
    {
        Refuses<ArgumentException>(() => Trainer(new() { PullIntercept = true, FitIntercept = false, StartingPoint = new float[] { 1 } }),
            "PullIntercept", "FitIntercept");
        Refuses<ArgumentException>(() => Trainer(new() { PullIntercept = true }), "PullIntercept", "StartingPoint");
        Refuses<ArgumentOutOfRangeException>(() => Trainer(new() { StartingPointScale = double.NaN }), "StartingPointScale");
        Refuses<ArgumentOutOfRangeException>(() => Trainer(new() { NumberOfThreads = 0 }), "NumberOfThreads");
        Refuses<ArgumentException>(() => Trainer(new() { LabelColumnName = string.Empty }), "LabelColumnName");
    }

    [Fact]
    public void Options_are_copied()
    {
        var options = new L2SpRidgeTrainer.Options { Tau = 0.5 };
        var trainer = Trainer(options);
        options.Tau = -1;
        trainer.Fit(SmallRow.View(_ml, 20), out var report);
        Assert.Equal(0.5, report.Tau);
    }

    [Fact]
    public void A_starting_point_of_another_size_is_refused_with_both_sizes()
    {
        Refuses<ArgumentException>(() => _ml.Regression.Trainers.L2SpRidge(startingPoint: new float[] { 1, 2 }).Fit(SmallRow.View(_ml, 20)),
            "2 weights",
            "'Features' has 3 features");
        var moments = _ml.Regression.ComputeMoments(SmallRow.View(_ml, 20), folds: 2);
        Refuses<ArgumentException>(() => _ml.Regression.Trainers.L2SpRidge(startingPoint: new float[] { 1, 2 }).Fit(moments), "2 weights",
            "'Features' has 3 features");
    }

    [Fact]
    public void Columns_that_are_missing_or_of_another_type_are_named()
    {
        var data = SmallRow.View(_ml, 20);
        Refuses<ArgumentException>(() => Trainer(new() { LabelColumnName = "Price" }).Fit(data), "'Price'", "'Label'");
        Refuses<ArgumentException>(() => Trainer(new() { FeatureColumnName = "Inputs" }).Fit(data), "'Inputs'");
        Refuses<ArgumentException>(() => Trainer(new() { ExampleWeightColumnName = "Importance" }).Fit(data), "'Importance'");
        Refuses<ArgumentException>(() => Trainer(new() { LabelColumnName = "Kind" }).Fit(data), "'Kind'", "Single");
        Refuses<ArgumentException>(() => Trainer(new() { FeatureColumnName = "Weight" }).Fit(data), "'Weight'", "vector of Single");
        Refuses<ArgumentException>(() => Trainer(new() { ExampleWeightColumnName = "Positive" }).Fit(data), "'Positive'");
        Refuses<ArgumentException>(() => _ml.Regression.ComputeMoments(data, "Price"), "'Price'");
    }

    [Fact]
    public void Rows_with_a_NaN_are_left_out_with_one_warning_and_no_row_at_all_is_an_error()
    {
        var rows = SmallRow.Make(30);
        var clean = _ml.Data.LoadFromEnumerable(rows.Skip(2).ToArray());
        _ml.Regression.Trainers.L2SpRidge(tau: 0.1).Fit(clean, out var expected);
        rows[0].Label = float.NaN;
        rows[1].Features[2] = float.PositiveInfinity;

        _ml.Regression.Trainers.L2SpRidge(tau: 0.1).Fit(_ml.Data.LoadFromEnumerable(rows), out var actual);

        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Equal(28, actual.Rows);
        Assert.Single(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.StartsWith("2 of 30 rows", StringComparison.Ordinal));
        Refuses<InvalidOperationException>(() => _ml.Regression.Trainers.L2SpRidge().Fit(_ml.Data.LoadFromEnumerable(rows.Take(2))),
            "None of the 2 rows");
        Refuses<InvalidOperationException>(() => _ml.Regression.Trainers.L2SpRidge().Fit(SmallRow.View(_ml, 0)), "no rows");
    }

    [Fact]
    public void One_row_needs_a_tau_and_moves_the_intercept_alone()
    {
        Refuses<InvalidOperationException>(() => _ml.Regression.Trainers.L2SpRidge().Fit(SmallRow.View(_ml, 1)), "at least two rows");
        _ml.Regression.Trainers.L2SpRidge(startingPoint: new float[] { 1, 2, 3 }, tau: 0.1).Fit(SmallRow.View(_ml, 1), out var report);
        Assert.All(report.Weights.Zip([1.0, 2, 3]), w => Assert.Equal(w.Second, w.First, 1e-12));
        var row = SmallRow.Make(1)[0];
        Assert.Equal(row.Label, report.Intercept + row.Features.Select((x, j) => x * report.Weights[j]).Sum(), 1e-6);
    }

    [Fact]
    public void Features_that_do_not_vary_leave_the_starting_point_as_it_is()
    {
        var rows = SmallRow.Make(20);
        foreach (var row in rows)
        {
            row.Features = [1, 2, 3];
        }

        _ml.Regression.Trainers.L2SpRidge(startingPoint: new float[] { 1, 2, 3 }).Fit(_ml.Data.LoadFromEnumerable(rows), out var report);

        Assert.True(report.TauHasNoEffect);
        Assert.Null(report.LeaveOneOutError);
        Assert.Equal([1.0, 2, 3], report.Weights);
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("no feature varies", StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_that_single_precision_cannot_hold_are_refused_with_their_place()
    {
        var rows = SmallRow.Make(20);
        foreach (var row in rows)
        {
            row.Features[1] *= 1e-37f;
            row.Label *= 1e5f;
        }

        Refuses<InvalidOperationException>(() => _ml.Regression.Trainers.L2SpRidge(tau: 0).Fit(_ml.Data.LoadFromEnumerable(rows)),
            "feature 1", "'Features'");
    }

    [Fact]
    public void Negative_and_all_zero_weights_are_refused()
    {
        var rows = SmallRow.Make(5);
        rows[3].Weight = -1;
        Refuses<InvalidOperationException>(() => Weighted().Fit(_ml.Data.LoadFromEnumerable(rows)), "'Weight'", "-1", "row 3");
        foreach (var row in rows)
        {
            row.Weight = 0;
        }

        Refuses<InvalidOperationException>(() => Weighted().Fit(_ml.Data.LoadFromEnumerable(rows)), "'Weight'", "zero");

        L2SpRidgeTrainer Weighted() => Trainer(new() { ExampleWeightColumnName = "Weight", Tau = 1 });
    }

    [Fact]
    public void A_cancelled_token_ends_training_and_the_reading_of_moments()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => Trainer(new() { CancellationToken = cancelled.Token }).Fit(SmallRow.View(_ml, 50)));
        Assert.ThrowsAny<OperationCanceledException>(
            () => _ml.Regression.ComputeMoments(SmallRow.View(_ml, 50), cancellationToken: cancelled.Token));
        var moments = _ml.Regression.ComputeMoments(SmallRow.View(_ml, 50), folds: 2);
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer(new() { CancellationToken = cancelled.Token }).Fit(moments));
    }

    [Fact]
    public void A_context_that_was_told_to_stop_trains_nothing()
    {
        StockModelsTests.CancelExecution(_ml);
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer(new()).Fit(SmallRow.View(_ml, 50)));
        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Regression.ComputeMoments(SmallRow.View(_ml, 50)));
    }

    [Fact]
    public void A_token_cancelled_while_rows_are_read_ends_it_there()
    {
        using var source = new CancellationTokenSource();
        var read = 0;
        IEnumerable<SmallRow> Many()
        {
            foreach (var row in SmallRow.Make(100))
            {
                yield return row;
            }

            while (read < 1_000_000)
            {
                if (++read == 1000)
                {
                    source.Cancel();
                }

                yield return new SmallRow { Features = [1, read, 3], Label = read };
            }
        }

        Assert.ThrowsAny<OperationCanceledException>(
            () => Trainer(new() { CancellationToken = source.Token, Tau = 1 }).Fit(_ml.Data.LoadFromEnumerable(Many())));
        Assert.InRange(read, 1000, 3000);
    }

    private L2SpRidgeTrainer Trainer(L2SpRidgeTrainer.Options options) => _ml.Regression.Trainers.L2SpRidge(options);

    private static void Refuses<TException>(Action act, params string[] inMessage)
        where TException : Exception
    {
        var error = Assert.ThrowsAny<TException>(act);
        Assert.All(inMessage, m => Assert.Contains(m, error.Message, StringComparison.Ordinal));
    }
}
