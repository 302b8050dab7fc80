using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>One model, and a fit of its last layer for each of many targets, from one pass over their rows.</summary>
internal static class ManyRetraining
{
    public static FineTunedModelCollection Run(
        IHostEnvironment environment, ITransformer model, IDataView data, string keyColumn, FineTuneManyOptions options,
            Action<ITransformer, Stream> save)
    {
        var log = new StockLog(environment, "FineTuneMany", "Retraining");
        if (options is { ShareTau: true, RowsAreGrouped: true, Tau: null })
        {
            throw new ArgumentException(
                "ShareTau looks at the rows of all targets together, and RowsAreGrouped lets them go one target after the other. Set "
                    + "one of the two, "
                + "or give Tau.",
                nameof(options));
        }

        if (TransferableModel.Find(model) is { } other)
        {
            return RunOther(environment, model, data, keyColumn, options, save, log, other.Place, other.Kind);
        }

        var (found, rows) = ModelRetraining.Open(model, data, log);
        var layer = found.Layer;
        var task = LearningTask.Of(layer) ?? throw new NotSupportedException(
            $"The last linear predictor of this model is {LayerInChain.Describe(layer.Transformer)}. FineTuneMany retrains regressions, "
                + $"classifiers and counts.");
        RetrainingOptions.RequireCounts(options.ExposureColumnName, task is CountTask, layer.Transformer);
        task.Check(found, log);
        var start = StartingPoint.From(found);
        var label = OwnLabel.Of(found.Before, data.Schema, rows, layer.Transformer, options.LabelColumnName, log);
        var one = FineTuneOptionsBase.With(options.ForOne(), label);
        var settings = RetrainingOptions.Of(one, start, layer.FeatureColumn, nameof(FineTuneManyOptions));
        StartUnit.Tell(start, task.Unit, log);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var workers = new Workers(settings.Threads, cancellation.Token);
        var reading = new TargetReading(rows, settings, keyColumn, task, start, log, workers.Cancellation);
        var fits = TargetFits.Of(task, settings, found, options, start.ClassCount, workers, log);
        var all = options.RowsAreGrouped ? new GroupedTargets(reading, fits, workers).Fit() : reading.FitAll(fits, workers);
        Tell([.. all.Select(f => f.Report)], reading.Keys, log);
        return new(
            [.. all.Select(f => f.Report)],
            i => all[i].Scores is not { } scores ? model
                : Replaced(task.Transformer(environment, scores, rows.Schema, settings.Columns, reading.Classes, found)),
            save,
            new TargetLayers(model, settings.Columns, i => all[i].Scores));

        ITransformer Replaced(ITransformer moved) =>
            Contributions.Renew(environment, found.Replace(moved), moved, found.After, rows.Schema, log: null);
    }

    /// <summary>Models that are moved otherwise than by a linear layer: each target by what moves one.</summary>
    private static FineTunedModelCollection RunOther(
        IHostEnvironment environment,
        ITransformer model,
        IDataView data,
        string keyColumn,
        FineTuneManyOptions options,
        Action<ITransformer, Stream> save,
        StockLog log,
        PlaceInChain place,
        TransferableModel kind)
    {
        RetrainingOptions.RequireCounts(options.ExposureColumnName, isCount: false, place.Transformer);
        var rows = data;
        foreach (var transformer in place.Before)
        {
            rows = transformer.Transform(rows);
        }

        var label = OwnLabel.Of(place.Before, data.Schema, rows, place.Transformer, options.LabelColumnName, log);
        var moved = kind.MoveMany(environment, log, place, rows, keyColumn, FineTuneOptionsBase.With(options, label));
        Tell([.. moved.Select(m => m.Report)], null, log);
        return new(
            [.. moved.Select(m => m.Report)],
            i => moved[i].Moved is not { } own ? model
                : Contributions.Renew(environment, place.Replace(own), own, place.After, rows.Schema, log: null),
            save);
    }

    private static void Tell(FineTunedTarget[] targets, RowKeys? keys, StockLog log)
    {
        if (keys?.MissingWarning is { } missing)
        {
            log.Warning(missing);
        }

        var unchanged = targets.Count(t => t.IsUnchanged);
        log.Info($"{targets.Length} targets: {targets.Length - unchanged} retrained, {unchanged} left as the model was.");
        if (targets.FirstOrDefault(t => t.IsUnchanged) is { } first)
        {
            log.Warning($"{unchanged} of {targets.Length} targets have the model as it was, the first of them {first}");
        }
    }
}
