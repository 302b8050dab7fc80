using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet.Retraining;

/// <summary>One model, and a fit of its last linear layer for each of many targets, from one pass over their rows.</summary>
internal sealed class ManyRetraining
{
    // Targets that come grouped are solved in lots of at least so many numbers: enough to keep all threads busy, little to keep.
    private const long NumbersOfLot = 1 << 21;

    private readonly StockLog _log;
    private readonly RidgeSettings _settings;
    private readonly Workers _workers;
    private readonly LinearLayer _layer;
    private readonly bool _share;
    private readonly bool _learn;
    private readonly Start _start;
    private readonly double[] _centre;
    private readonly List<TargetFit?> _fits = [];

    private ManyRetraining(StockLog log, RidgeSettings settings, Workers workers, LayerInChain found, FineTuneManyOptions options)
    {
        (_log, _settings, _workers, _layer) = (log, settings, workers, found.Layer);
        _share = options.ShareTau;
        _learn = options.LearnPrior && !_share && settings is { Tau: null, Intercept: InterceptRule.Free };
        _start = settings.StartFor(found.Layer.FeatureCount, found.Layer.FeatureColumn);
        _centre = new double[found.Layer.FeatureCount];
    }

    public static FineTunedModelCollection Run(
        IHostEnvironment environment, ITransformer model, IDataView data, string keyColumn, FineTuneManyOptions options, Action<ITransformer, Stream> save)
    {
        var log = new StockLog(environment, "FineTuneMany", "Retraining");
        var (found, rows) = ModelRetraining.Open(model, data, log);
        if (found.Layer is not { Task: LayerTask.Regression, Scores.Unit: ScoreUnit.Label })
        {
            throw new NotSupportedException(
                $"The last linear predictor of this model is {LayerInChain.Describe(found.Layer.Transformer)}. FineTuneMany retrains regression layers that predict "
                + "their score (Sdca, OnlineGradientDescent, L2SpRidge). For classifiers call ml.Model.FineTune with the rows of one target at a time.");
        }

        if (options is { ShareTau: true, RowsAreGrouped: true, Tau: null })
        {
            throw new ArgumentException(
                "ShareTau looks at the rows of all targets together, and RowsAreGrouped lets them go one target after the other. Set one of the two, or give Tau.", nameof(options));
        }

        var settings = RidgeSettings.Of(new L2SpRidgeTrainer.Options
        {
            StartingPoint = StartingPoint.From(found),
            StartingPointScale = options.StartingPointScale,
            Tau = options.Tau,
            PullIntercept = options.PullIntercept,
            LabelColumnName = options.LabelColumnName,
            FeatureColumnName = found.Layer.FeatureColumn,
            ExampleWeightColumnName = options.ExampleWeightColumnName,
            NumberOfThreads = options.NumberOfThreads,
            CancellationToken = options.CancellationToken,
        });
        var keys = new RowKeys(rows.Schema, keyColumn);
        var reader = new RowReader(rows, settings.Columns, keys: keys);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var retraining = new ManyRetraining(log, settings, new Workers(settings.Threads, cancellation.Token), found, options);
        var fits = options.RowsAreGrouped ? retraining.FitGrouped(reader, keys) : retraining.FitAll(reader, keys);
        retraining.Tell(fits, keys);
        return new(
            [.. fits.Select(f => f.Report)],
            i => fits[i].Weights is not { } weights ? model
                : found.Replace(StockModels.RegressionTransformer(
                    environment, StockModels.LinearRegression(environment, [.. weights], fits[i].Intercept), rows.Schema, found.Layer.FeatureColumn)),
            save);
    }

    private TargetFit[] FitAll(RowReader reader, RowKeys keys)
    {
        var budget = MemoryBudget.OfProcess;
        var p = reader.FeatureCount;
        var store = new RowStore(p);
        var rowsOf = new List<List<int>>();
        RequireMemory(reader.RowCount ?? 0, p, budget);
        reader.Read(
            (in features, label, weight, position) =>
            {
                if (keys.Current == RowKeys.None)
                {
                    return;
                }

                RequireMemory(store.Count + 1, p, budget);
                while (rowsOf.Count < keys.Names.Count)
                {
                    rowsOf.Add([]);
                }

                rowsOf[keys.Current].Add(store.Count);
                store.Add(in features, label, weight, position);
            },
            _log.Warning,
            _workers.Cancellation);
        while (rowsOf.Count < keys.Names.Count)
        {
            rowsOf.Add([]);
        }

        if (_learn && PriorOf(store, rowsOf) is { } prior)
        {
            var drawn = new TargetFit[rowsOf.Count];
            _workers.For(drawn.Length, i => drawn[i] = Unfit(keys.Names[i], keys.RowsOf(i), rowsOf[i].Count)
                ?? FitTo(keys.Names[i], store.Take(rowsOf[i], IsWeighted), prior));
            return drawn;
        }

        var tau = _settings.Tau ?? (_share ? SharedTau.Of(rowsOf.Count, i => store.Take(rowsOf[i], IsWeighted), _start, _settings.Intercept, _workers) : null);
        var fits = new TargetFit[rowsOf.Count];
        _workers.For(fits.Length, i => fits[i] = Fit(keys.Names[i], keys.RowsOf(i), rowsOf[i].Count == 0 ? null : store.Take(rowsOf[i], IsWeighted), tau));
        return fits;
    }

    private void RequireMemory(long rows, int p, MemoryBudget budget)
    {
        if (!budget.FitsBytes(rows * RowStore.BytesOf(p)))
        {
            throw new InvalidOperationException(
                $"{rows} rows of column '{_layer.FeatureColumn}' ({p} features) do not fit in memory: {budget.Bytes / RowStore.BytesOf(p)} do. "
                + "Sort the rows by the key column and set RowsAreGrouped: then only those of some targets are kept at a time.");
        }
    }

    private bool IsWeighted => _settings.Columns.Weight is not null;

    private TargetFit[] FitGrouped(RowReader reader, RowKeys keys)
    {
        var p = reader.FeatureCount;
        var conveyor = new Conveyor<GroupedLot>(() => new GroupedLot(p), lot => Solve(lot, keys), _workers);
        var open = conveyor.Take();
        var seen = new List<bool>();
        var last = RowKeys.None;
        reader.Read(
            (in features, label, weight, position) =>
            {
                var key = keys.Current;
                if (key == RowKeys.None)
                {
                    return;
                }

                if (key != last)
                {
                    while (seen.Count <= key)
                    {
                        seen.Add(false);
                    }

                    if (seen[key])
                    {
                        throw new InvalidOperationException(
                            $"The key '{keys.Names[key]}' of column '{keys.Column.Name}' comes back in row {position} after others: the rows are not grouped. "
                            + "Sort them by the key, or leave RowsAreGrouped out.");
                    }

                    seen[key] = true;
                    last = key;
                    if ((long)open.Store.Count * p >= NumbersOfLot)
                    {
                        conveyor.Put(open);
                        open = conveyor.Take();
                    }

                    open.Begin(key, keys.Names[key]);
                }

                open.Store.Add(in features, label, weight, position);
            },
            _log.Warning,
            _workers.Cancellation);
        conveyor.Put(open);
        conveyor.Finish();
        return [.. keys.Names.Select((name, i) => (i < _fits.Count ? _fits[i] : null) ?? Fit(name, keys.RowsOf(i), null, _settings.Tau))];
    }

    private void Solve(GroupedLot lot, RowKeys keys)
    {
        var fits = new TargetFit[lot.Targets.Count];
        _workers.For(fits.Length, t =>
        {
            var end = t + 1 < fits.Length ? lot.Targets[t + 1].First : lot.Store.Count;
            var rows = lot.Store.Take([.. Enumerable.Range(lot.Targets[t].First, end - lot.Targets[t].First)], IsWeighted);
            fits[t] = Fit(lot.Targets[t].Name, rows.Rows, rows, _settings.Tau);
        });
        for (var t = 0; t < fits.Length; t++)
        {
            while (_fits.Count <= lot.Targets[t].Key)
            {
                _fits.Add(null);
            }

            _fits[lot.Targets[t].Key] = fits[t];
        }

        lot.Clear();
    }

    /// <summary>What all targets teach of how they differ; null with fewer than three targets of three rows.</summary>
    private GroupPrior? PriorOf(RowStore store, List<List<int>> rowsOf)
    {
        int[] usable = [.. Enumerable.Range(0, rowsOf.Count).Where(i => rowsOf[i].Count >= GroupPrior.FewestRows)];
        var tasks = new GroupTask[usable.Length];
        Array.Clear(_centre);
        foreach (var i in usable)
        {
            Product.AddScaled(1.0 / usable.Length, CentredRows.Means(store.Take(rowsOf[i], IsWeighted)).Features, _centre);
        }

        _workers.For(tasks.Length, i => tasks[i] = GroupTask.WithIntercept(store.Take(rowsOf[usable[i]], IsWeighted), _centre, _workers.Single));
        double[] member = [.. _start.Weights, _start.Intercept + Product.Dot(_centre, _start.Weights)];
        var prior = GroupPrior.TryOf(tasks, member.Length, member, _workers);
        _log.Info(prior is null
            ? $"{tasks.Length} targets have {GroupPrior.FewestRows} rows or more: too few to learn from all of them how targets differ. Each has a tau of its own."
            : $"How targets differ was learnt from {tasks.Length} targets together.");
        return prior;
    }

    /// <summary>The target's weights and intercept given its rows and the prior: ridge towards the prior's mean, each in the unit of its own deviation.</summary>
    private TargetFit FitTo(string key, HeldRows rows, GroupPrior prior)
    {
        var roots = Array.ConvertAll(prior.Variances, Math.Sqrt);
        var p = rows.FeatureCount;
        var scaled = new Matrix(rows.Rows, p + 1);
        for (var i = 0; i < rows.Rows; i++)
        {
            var from = rows.Features.Row(i);
            var to = scaled.Row(i);
            for (var j = 0; j < p; j++)
            {
                to[j] = roots[j] * (from[j] - _centre[j]);
            }

            to[p] = roots[p];
        }

        var task = new HeldRows(scaled, rows.Labels, rows.IsWeighted ? rows.Weights : null);
        var start = new Start([.. prior.Mean.Select((w, j) => w / roots[j])]);
        var tau = prior.Noise / rows.Rows;
        var fit = RidgeSolver.Solve(task, start, tau, InterceptRule.None, _workers.Single);
        var error = TunedFit.LeaveOneOutErrors(task, start, InterceptRule.None, _workers.Single)([tau])[0];
        var spread = Spread.Of(rows);
        double[] weights = [.. fit.Weights.Take(p).Select((w, j) => roots[j] * w)];
        var intercept = (roots[p] * fit.Weights[p]) - Product.Dot(_centre, weights);
        var rounded = RoundedFit.Of(
            new SolvedTask(new(weights, intercept), null, rows.Rows, spread.FeatureMeans, spread.LabelDeviation), true, _settings.Columns);
        return new(rounded.Weights, rounded.Intercept, new FineTunedTarget
        {
            Key = key,
            Rows = rows.Rows,
            LearntPrior = true,
            LeaveOneOutError = Math.Sqrt(error),
        });
    }

    /// <summary>The model as it was, where there are too few rows to do better; null where there are enough.</summary>
    private static TargetFit? Unfit(string key, long read, int rows)
    {
        var reason = rows == 1 ? "it has only one row, which an intercept alone would fit" : $"none of its {read} rows could be used";
        return rows < 2 ? new(null, 0, new FineTunedTarget { Key = key, Rows = rows, ReasonUnchanged = reason }) : null;
    }

    private TargetFit Fit(string key, long read, HeldRows? rows, double? tau)
    {
        if (Unfit(key, read, rows?.Rows ?? 0) is { } unchanged)
        {
            return unchanged;
        }

        var tuned = tau is null ? TunedFit.ByLeaveOneOut(rows!, _start, _settings.Intercept, _workers.Single) : null;
        var fit = tuned?.Fit ?? RidgeSolver.Solve(rows!, _start, tau!.Value, _settings.Intercept, _workers.Single);
        var spread = Spread.Of(rows!);
        var rounded = RoundedFit.Of(
            new SolvedTask(fit, tuned?.Choice, rows!.Rows, spread.FeatureMeans, spread.LabelDeviation), _settings.Intercept == InterceptRule.Free, _settings.Columns);
        return new(rounded.Weights, rounded.Intercept, new FineTunedTarget
        {
            Key = key,
            Rows = rows.Rows,
            Tau = tuned?.Choice.Tau ?? tau,
            LeaveOneOutError = tuned?.Choice is { Edge: not TauEdge.NoEffect } choice ? Math.Sqrt(choice.MeanSquaredError) : null,
        });
    }

    private void Tell(TargetFit[] fits, RowKeys keys)
    {
        if (keys.Missing > 0)
        {
            _log.Warning($"{keys.Missing} rows have no key in column '{keys.Column.Name}' and belong to no target; they were left out.");
        }

        var unchanged = fits.Count(f => f.Report.IsUnchanged);
        _log.Info($"{fits.Length} targets: {fits.Length - unchanged} retrained, {unchanged} left as the model was.");
        if (fits.FirstOrDefault(f => f.Report.IsUnchanged) is { } first)
        {
            _log.Warning($"{unchanged} of {fits.Length} targets have the model as it was, the first of them {first.Report}");
        }
    }

    /// <summary>What became of a target.</summary>
    /// <param name="Weights">p weights; null where the model stays as it was.</param>
    /// <param name="Intercept">The intercept.</param>
    /// <param name="Report">How it went.</param>
    private sealed record TargetFit(float[]? Weights, float Intercept, FineTunedTarget Report);

    /// <summary>Whole targets that wait to be solved.</summary>
    private sealed class GroupedLot(int featureCount)
    {
        public RowStore Store { get; private set; } = new(featureCount);

        public List<(int Key, string Name, int First)> Targets { get; } = [];

        public void Begin(int key, string name) => Targets.Add((key, name, Store.Count));

        public void Clear()
        {
            Targets.Clear();
            Store = new(featureCount);
        }
    }
}
