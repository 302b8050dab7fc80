using Microsoft.ML;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Production;

/// <summary>From recent rows to an advice: periods, plans followed through them, the choice, and what has changed.</summary>
internal static class RetrainingPlanning
{
    // Where models are trained side by side, before they predict: of all the work.
    private const double ShareOfTraining = 0.9;

    public static RetrainingAdvice Run(
        ModelOperationsCatalog catalog, ITransformer model, IDataView recent, IDataView? reference, AdviseRetrainingOptions options)
    {
        Check(options);
        var cancellation = options.CancellationToken;
        var prints = RowPrints.Of(recent, options.TimeColumnName, cancellation);
        var input = ModelInput.Of(catalog, model, recent, MeasuredColumns.Of(options.FineTune), "AdviseRetraining");
        var asItIs = ScoredRows.Of(model, recent, input.Measured, cancellation);
        bool[] kept = [.. prints.Copies.Zip(asItIs.Losses, (copy, loss) => !copy && double.IsFinite(loss))];
        if (!kept.Contains(true))
        {
            throw new InvalidOperationException(
                $"No recent row has a label in column '{options.FineTune.LabelColumnName}' and a score. Give those that came "
                + "since the model "
                + "was trained, with their labels.");
        }

        var periods = TimePeriods.Divide(recent, prints.Times!, kept, options);
        var trainings = new PlanTrainings(catalog, model, recent, periods, options);
        var trials = PlanTrial.All(input, options.Windows, periods.Names.Length);
        var evaluated = periods.Names.Length - 1;
        var shown = 0.0;
        trainings.Prepare(trials, share => Tell(ShareOfTraining * share));
        var (prepared, steps) = (shown, (evaluated * trials.Count) + 1.0);
        for (var period = 1; period <= evaluated; period++)
        {
            for (var k = 0; k < trials.Count; k++)
            {
                cancellation.ThrowIfCancellationRequested();
                trials[k].Predict(trainings, model, periods, period, Losses);
                Tell(prepared + ((1 - prepared) * (((period - 1.0) * trials.Count) + k + 1) / steps));
            }
        }

        var chosen = PlanChoice.Of(trials, evaluated);
        var plans = trials.ToDictionary(t => t, t => Plan(t, trials[0], evaluated));
        var drift = Drift(model, recent, reference, periods, input.Measured, cancellation);
        options.Progress?.Report(1);
        return new RetrainingAdvice(plan => plans.First(p => p.Value == plan).Key.After(trainings, model, evaluated))
        {
            Advised = plans[chosen],
            Plans = [plans[chosen], .. trials.Where(t => t != chosen).Select(t => plans[t]).OrderBy(p => p.Loss)],
            LossIfFollowed = Followed(trials, evaluated),
            Periods = periods.Names,
            Rows = periods.Of.LongCount(p => p >= 0),
            Copies = prints.Copies.LongCount(c => c),
            Drift = drift,
        };

        // The model as it is has scored all rows already.
        double[] Losses(ITransformer served, bool[] rows) => ReferenceEquals(served, model)
            ? [.. asItIs.LossesBeside(asItIs).Where((_, i) => rows[i])]
            : ScoredRows.Of(served, new PickedRows(recent, rows), input.Measured, cancellation).LossesBeside(asItIs);

        void Tell(double share) => options.Progress?.Report(shown = share);
    }

    private static RetrainingPlan Plan(PlanTrial trial, PlanTrial leave, int periods)
    {
        var gain = PlanChoice.Difference(leave, trial, periods);
        return new RetrainingPlan
        {
            Kind = trial.Kind,
            Window = trial.Window,
            Loss = PlanChoice.Loss(trial, periods),
            Gain = gain.Mean,
            StandardErrorOfGain = trial == leave ? 0 : gain.StandardError,
            LossByPeriod = [.. trial.Losses.Select(l => l.Rows == 0 ? (double?)null : l.Loss / l.Rows)],
            PeriodsWithoutTraining = trial.Untrained,
        };
    }

    private static double Followed(IReadOnlyList<PlanTrial> trials, int evaluated)
    {
        var (loss, rows) = (0.0, 0);
        for (var t = 0; t < evaluated; t++)
        {
            var served = PlanChoice.Of(trials, t).Losses[t];
            (loss, rows) = (loss + served.Loss, rows + served.Rows);
        }

        return loss / rows;
    }

    private static DriftStatement Drift(ITransformer model, IDataView recent, IDataView? reference, TimePeriods periods,
        MeasuredColumns measured, CancellationToken cancellation)
    {
        var all = periods.Rows(0, periods.Names.Length - 1);
        if (reference is not null)
        {
            return DriftTest.Of(
                DriftRows.Of(model, reference, null, measured, cancellation), DriftRows.Of(model, recent, all, measured, cancellation),
                false, cancellation);
        }

        var (rows, last) = (all.Count(a => a), 0);
        while (last < periods.Names.Length - 2 && 3 * periods.Rows(0, last).Count(r => r) < rows)
        {
            last++;
        }

        return DriftTest.Of(
            DriftRows.Of(model, recent, periods.Rows(0, last), measured, cancellation),
            DriftRows.Of(model, recent, periods.Rows(last + 1, int.MaxValue), measured, cancellation), true, cancellation);
    }

    private static void Check(AdviseRetrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.FineTune, "options.FineTune");
        ArgumentNullException.ThrowIfNull(options.Windows, "options.Windows");
        if (string.IsNullOrEmpty(options.TimeColumnName))
        {
            throw new ArgumentException("TimeColumnName is not given: without the time of the rows nothing can be predicted before it is "
                + "learnt. Name a column of DateTime or of numbers.", nameof(options));
        }

        if (options.PeriodLength is { } length && !(length > 0 && double.IsFinite(length)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), length, "PeriodLength is above zero: days, or the column's own unit.");
        }

        if (options.Windows.Any(w => w < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Windows.First(w => w < 1), "Each of Windows is a number of periods, at least 1.");
        }
    }
}
