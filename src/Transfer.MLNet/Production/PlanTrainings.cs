using Microsoft.ML;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Production;

/// <summary>
/// The models that plans train, each once: in the first periods most plans learn from the same rows. Those of few rows are trained side by
/// side, each on one thread, for sharing the work of one costs more than the work.
/// </summary>
internal sealed class PlanTrainings
{
    // Of more rows each training has all threads, and one set of rows at a time is in memory.
    private const int MostRowsSideBySide = 20_000;

    private readonly Dictionary<Asked, Lazy<ITransformer?>> _known = [];
    private readonly Lock _lock = new();
    private readonly ModelOperationsCatalog _catalog;
    private readonly ITransformer _model;
    private readonly IDataView _recent;
    private readonly TimePeriods _periods;
    private readonly AdviseRetrainingOptions _options;
    private readonly bool _sideBySide;

    /// <param name="catalog">ml.Model.</param>
    /// <param name="model">The model that was given.</param>
    /// <param name="recent">Rows as it takes them.</param>
    /// <param name="periods">Their periods.</param>
    /// <param name="options">How models are trained, and on how many threads.</param>
    public PlanTrainings(
        ModelOperationsCatalog catalog, ITransformer model, IDataView recent, TimePeriods periods, AdviseRetrainingOptions options)
    {
        (_catalog, _model, _recent, _periods, _options) = (catalog, model, recent, periods, options);
        _sideBySide = Threads > 1 && periods.Of.Length <= MostRowsSideBySide;
    }

    private int Threads => _options.FineTune.NumberOfThreads ?? Environment.ProcessorCount;

    private int LastPeriod => _periods.Names.Length - 1;

    /// <summary>Trains what the plans ask for in periods that are evaluated, where that is done side by side.</summary>
    /// <param name="trials">The plans.</param>
    /// <param name="told">Is told the share that is done.</param>
    /// <exception cref="InvalidOperationException">FineTune refuses all rows together.</exception>
    public void Prepare(IReadOnlyList<PlanTrial> trials, Action<double> told)
    {
        if (!_sideBySide)
        {
            // What FineTune refuses of all rows together is an error of theirs, and is said; of single periods it may be that they are few.
            Required(new(_model, RetrainingPlanKind.FromModel, 0, LastPeriod));
            return;
        }

        // The longest first, so that none of them begins when the others are done.
        Asked[] asked = [.. trials.SelectMany(t => Enumerable.Range(0, LastPeriod).Select(period => t.Asks(_model, period)))
            .OfType<Asked>().Distinct().OrderByDescending(a => a.Last - a.First)];
        var (done, all) = (0, asked.Length + 2);
        new Workers(Threads, _options.CancellationToken).For(all, i =>
        {
            switch (i)
            {
                case 0: Required(new(_model, RetrainingPlanKind.FromModel, 0, LastPeriod)); break;
                case 1: trials.FirstOrDefault(t => t.Kind == RetrainingPlanKind.FromLast)?.Follow(this, _model, LastPeriod); break;
                default: Of(asked[i - 2]); break;
            }

            lock (_lock)
            {
                told(++done / (double)all);
            }
        });
    }

    /// <summary>A model; null where FineTune cannot use the rows: too few, or all of one class.</summary>
    public ITransformer? Of(Asked asked)
    {
        Lazy<ITransformer?> trained;
        lock (_lock)
        {
            if (!_known.TryGetValue(asked, out trained!))
            {
                _known.Add(asked, trained = new(() =>
                {
                    try
                    {
                        return Train(asked);
                    }
                    catch (InvalidOperationException)
                    {
                        // Told by PeriodsWithoutTraining.
                        return null;
                    }
                }));
            }
        }

        return trained.Value;
    }

    /// <summary>A model.</summary>
    /// <exception cref="InvalidOperationException">FineTune cannot use the rows.</exception>
    public ITransformer Required(Asked asked) => Of(asked) ?? Train(asked);

    private ITransformer Train(Asked asked)
    {
        var fine = FineTuneOptionsBase.With(_options.FineTune, _options.FineTune.LabelColumnName);
        fine.CancellationToken = _options.CancellationToken;
        fine.NumberOfThreads = _sideBySide ? 1 : fine.NumberOfThreads;
        fine.AtMost = asked.Kind == RetrainingPlanKind.Rescale ? FineTuneWay.Rescaled : null;
        fine.StartingPointScale = asked.Kind == RetrainingPlanKind.Alone ? 0 : fine.StartingPointScale;
        return _catalog.FineTune(asked.From, new PickedRows(_recent, _periods.Rows(asked.First, asked.Last)), fine);
    }

    /// <summary>What a plan asks for.</summary>
    /// <param name="From">The model that is moved, the very object.</param>
    /// <param name="Kind">FromModel for whatever moves all there is.</param>
    /// <param name="First">The first period that it learns from.</param>
    /// <param name="Last">The last one.</param>
    internal sealed record Asked(ITransformer From, RetrainingPlanKind Kind, int First, int Last);
}
