using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>The rows of many targets in one view, told apart by a key, with labels as the layer has them.</summary>
internal sealed class TargetReading
{
    private readonly TaskSettings _settings;
    private readonly StockLog _log;
    private readonly CancellationToken _cancellation;
    private readonly RowReader _reader;
    private readonly CountLabel? _counts;
    private readonly Func<double, double> _label;

    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or classes cannot be matched.</exception>
    public TargetReading(
        IDataView rows, TaskSettings settings, string keyColumn, LearningTask task, StartingPoint start, StockLog log,
            CancellationToken cancellation)
    {
        (_settings, _log, _cancellation) = (settings, log, cancellation);
        Keys = new RowKeys(rows.Schema, keyColumn);
        var labels = task.Labels(settings);
        _counts = labels as CountLabel;
        _reader = new RowReader(rows, settings.Columns, labels, Keys);
        _label = label => label;
        if (task is MulticlassTask)
        {
            var column = rows.Schema[settings.Columns.Label];
            var places = KnownClasses.Of(ClassKeys.Of(column), start.Classes, start.ClassCount, settings.Columns.Label, "weights");
            _label = label =>
            {
                try
                {
                    return places((int)label);
                }
                catch (InvalidOperationException e)
                {
                    throw new InvalidOperationException($"Target '{Keys.Names[Keys.Current]}': {e.Message}", e);
                }
            };
            Classes = start.Classes is { Names: not null } own ? own : null;
        }
    }

    public RowKeys Keys { get; }

    /// <summary>The model's classes by name; null where it has none, or does not know their names.</summary>
    public ClassKeys? Classes { get; }

    public int FeatureCount => _reader.FeatureCount;

    public TargetStore Store() => new(FeatureCount, _settings.Columns.Weight is not null, _settings.Exposure is not null);

    /// <summary>One pass over the rows that have a key.</summary>
    /// <param name="take">Called with each.</param>
    public void Read(Taker take) => _reader.Read(
        (in features, label, weight, position) =>
        {
            if (Keys.Current != RowKeys.None)
            {
                take(in features, _label(label), weight, _counts?.Exposure ?? 1, position);
            }
        },
        _log.Warning,
        _cancellation);

    /// <summary>All rows in memory, then all targets at once.</summary>
    /// <exception cref="InvalidOperationException">They do not fit.</exception>
    public TargetFit[] FitAll(TargetFits fits, Workers workers)
    {
        var budget = MemoryBudget.OfProcess;
        var store = Store();
        var rowsOf = new List<List<int>>();
        RequireMemory(_reader.RowCount ?? 0, budget);
        Read((in features, label, weight, exposure, position) =>
        {
            RequireMemory(store.Count + 1, budget);
            while (rowsOf.Count < Keys.Names.Count)
            {
                rowsOf.Add([]);
            }

            rowsOf[Keys.Current].Add(store.Count);
            store.Add(in features, label, weight, exposure, position);
        });
        while (rowsOf.Count < Keys.Names.Count)
        {
            rowsOf.Add([]);
        }

        fits.Learn([.. rowsOf.Select(r => r.Count)], i => store.Take(rowsOf[i]));
        var all = new TargetFit[rowsOf.Count];
        workers.For(all.Length, i => all[i] = TargetFit.OfTooFew(Keys.Names[i], Keys.RowsOf(i), rowsOf[i].Count)
            ?? fits.Fit(Keys.Names[i], store.Take(rowsOf[i])));
        return all;
    }

    private void RequireMemory(long rows, MemoryBudget budget)
    {
        var bytes = TargetStore.BytesOf(FeatureCount);
        if (!budget.FitsBytes(rows * bytes))
        {
            throw new InvalidOperationException(
                $"{rows} rows of column '{_settings.Columns.Features}' ({FeatureCount} features) do not fit in memory: "
                    + $"{budget.Bytes / bytes} do. "
                + "Sort the rows by the key column and set RowsAreGrouped: then only those of some targets are kept at a time.");
        }
    }

    /// <summary>One row of a target.</summary>
    public delegate void Taker(in VBuffer<float> features, double label, double weight, double exposure, long position);
}
