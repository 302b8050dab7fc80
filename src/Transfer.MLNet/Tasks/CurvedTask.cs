using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Tasks;

/// <summary>A task whose loss is not a square, fitted by Newton's method, tau by cross-validation or approximate leave-one-out.</summary>
internal abstract class CurvedTask : LearningTask
{
    public override TaskFit Fit(IDataView data, TaskSettings settings, IHostEnvironment environment, StockLog log)
    {
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var workers = new Workers(settings.Threads, ShareDone.To(settings.Progress), cancellation.Token);
        var problem = Read(data, settings, workers, log);
        var solved = CurvedFit.Of(problem.Rows, problem.Loss, problem.Start, settings, workers);
        var (choice, newton) = (solved.Choice, solved.Fit);
        var scores = problem.Scores(newton);
        var (mended, means) = Mended(problem.Rows, scores, settings, workers, log);
        var fit = new TaskFit(this, scores, mended, solved.Tau, choice?.Edge, problem.Rows.Rows)
        {
            LeftOut = choice is { Edge: not TauEdge.NoEffect } ? OfLoss(choice.Loss) : null,
            BesideStart = BesideStart(problem, choice, settings, workers),
            Solver = solved.Route.Name,
            ByFolds = settings.Selection == TauSelection.CrossValidation,
            ChosenBy = settings.Selection == TauSelection.CrossValidation ? "cross-validation" : "approximate leave-one-out",
            Loss = OfLoss(newton.Loss),
            Converged = newton.Converged,
            Iterations = newton.Iterations,
            GradientNorm = newton.GradientNorm,
            Keys = problem.Keys,
        };
        return Told(fit, means, spread: 1, settings.Columns, log);
    }

    private StartErrors? BesideStart(Problem problem, PathChoice? choice, TaskSettings settings, Workers workers)
    {
        var scale = settings.StartingPointScale;
        if (settings is not { StartingPoint: not null, Metric: null } || choice is null or { Edge: TauEdge.NoEffect } || scale == 0)
        {
            return null;
        }

        var start = scale == 1 ? problem.Start
            : problem.Start with { Weights = Array.ConvertAll(problem.Start.Weights, w => w / scale) };
        var errors = StartErrors.Of(problem.Rows, problem.Loss, start, choice.LeftOut, workers);
        return errors with
        {
            Before = OfLoss(errors.Before),
            After = OfLoss(errors.After),
            StandardError = OfLoss(errors.StandardError),
        };
    }

    /// <summary>
    /// The scores as they go into a model in single precision, and the features' means (p). Features of very different sizes are told.
    /// </summary>
    public static (LinearScores Mended, double[] Means) Mended(
        LabelledRows rows, LinearScores scores, TaskSettings settings, Workers workers, StockLog log)
    {
        var (means, deviations) = FeatureScales.Of(rows, workers);
        if (settings.Metric is null && FeatureScales.Warning(deviations, rows.FeatureNames, settings.Columns.Features) is { } warning)
        {
            log.Warning(warning);
        }

        return (Mended(scores, means, settings), means);
    }

    /// <summary>What a mean loss is in the task's measure.</summary>
    public virtual double OfLoss(double loss) => loss;

    /// <summary>Rows with a number as their label, dense or sparse.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="settings">Columns.</param>
    /// <param name="label">How the label is read.</param>
    /// <param name="workers">Cancellation.</param>
    /// <param name="warn">Told of rows that are left out.</param>
    /// <param name="offset">What is added to the score of the row that was read last; null: nothing.</param>
    protected static LabelledRows Rows(
        IDataView data, TaskSettings settings, LabelReader label, Workers workers, Action<string> warn, Func<double>? offset = null)
    {
        var reader = new RowReader(data, settings.Columns, label);
        var store = new ClassRowsStore(reader.FeatureCount, reader.Columns.Features);
        var (labels, weights, offsets) = (new List<double>(), new List<double>(), new List<double>());
        reader.Read(
            (in features, number, weight, _) =>
            {
                store.Add(in features);
                labels.Add(number);
                weights.Add(weight);
                offsets.Add(offset?.Invoke() ?? 0);
            },
            warn,
            workers.Cancellation);
        return new LabelledRows(
            store.ToDesign(),
            [.. labels],
            reader.Columns.Weight is null ? null : [.. weights],
            reader.FeatureNames,
            offset is null ? null : [.. offsets]);
    }

    /// <summary>What is to be solved where a row has one score.</summary>
    protected Problem OneScore(LabelledRows rows, Loss loss, TaskSettings settings, StockLog log) => new(
        rows, loss, settings.StartFor(rows.FeatureCount, Unit, log), fit => new([fit.Weights], fit.Intercepts, Unit));

    /// <summary>Reads the rows, and says what they are pulled to.</summary>
    protected abstract Problem Read(IDataView data, TaskSettings settings, Workers workers, StockLog log);

    /// <summary>What is to be solved.</summary>
    /// <param name="Rows">The rows.</param>
    /// <param name="Loss">Their loss.</param>
    /// <param name="Start">What the fit is pulled to.</param>
    /// <param name="Scores">What the fit says of all outputs of the model.</param>
    /// <param name="Keys">See <see cref="TaskFit.Keys"/>.</param>
    protected sealed record Problem(LabelledRows Rows, Loss Loss, Start Start, Func<NewtonFit, LinearScores> Scores,
        ClassKeys? Keys = null);
}
