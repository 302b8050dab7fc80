using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tasks;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Ways;

namespace Transfer.MLNet.Trees.Retraining;

/// <summary>Moves a model of trees to rows: compares the ways, fits the best one, and writes the leaves of a copy.</summary>
/// <param name="environment">Where the moved model will live.</param>
/// <param name="log">Told of rows that were left out, and of what was done.</param>
/// <param name="settings">Columns, tau, seed, threads.</param>
internal sealed class TreeRetraining(IHostEnvironment environment, StockLog log, TreeSettings settings)
{
    private const int FewestRows = 5;

    /// <exception cref="NotSupportedException">The model ranks.</exception>
    /// <exception cref="ArgumentException">The model has no tree with a split, or a column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The rows are too few, or of one class.</exception>
    public TreeOutcome Run(TreeLayer layer, IDataView rows)
    {
        var search = Compare(layer, rows);
        var best = search.Best();
        if (best.Linear is not null)
        {
            log.Warning("A linear model of the rows alone foretells left-out rows better than the trees do: it takes their place in the "
                + "model.");
        }

        return new(Take(layer, rows.Schema, search, best), search, best);
    }

    /// <summary>The ways, compared by rows that are left out.</summary>
    public TreeSearch Compare(TreeLayer layer, IDataView rows)
    {
        RequireTrees(layer);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var workers = new Workers(settings.Threads, cancellation.Token);
        var columns = new TaskColumns(settings.LabelColumn, layer.FeatureColumn, settings.WeightColumn);
        var kept = settings.KeepsFeatures ? int.MaxValue
            : settings.Linear && TreeSearch.LinearIsPossible(layer.Task) ? TreeSearch.Limit(layer.Task) : 0;
        var read = LeafRowsReader.Read(
            layer, rows, columns, Places(layer, rows.Schema), log.Warning, kept, cancellation.Token);
        RequireRows(layer, read);
        return new TreeSearch(read, layer, settings.Tau, settings.Seed, workers);
    }

    /// <summary>Which output of the model each class of the label column is; null where there are no classes.</summary>
    /// <exception cref="ArgumentException">The label column is no key, or cannot be matched.</exception>
    private Func<int, int>? Places(TreeLayer layer, DataViewSchema schema)
    {
        if (layer.Task is not (TreeTask.Softmax or TreeTask.OneVersusAll))
        {
            return null;
        }

        var column = ColumnTypes.Find(schema, settings.LabelColumn, "label");
        ColumnTypes.RequireKey(column);
        return KnownClasses.Of(ClassKeys.Of(column), layer.Classes(), layer.Outputs.Length, settings.LabelColumn, "trees");
    }

    /// <summary>The transformer of a way, fitted to all rows.</summary>
    public ITransformer Take(TreeLayer layer, DataViewSchema schema, TreeSearch search, WayFit way)
    {
        if (way.Way == FineTuneWay.AsItIs)
        {
            return layer.Transformer;
        }

        if (way.Linear is { } linear)
        {
            return LinearInstead.Of(environment, layer, linear, schema);
        }

        if (layer.Outputs.OfType<EnsembleScore>().Any(o => o.HasSamples))
        {
            log.Warning(
                "The forest keeps labels of its rows in each leaf, for quantiles. They were shifted with their leaf; "
                + "how far they spread is what it was on the source's rows.");
        }

        if (!layer.IsCalibrated)
        {
            log.Warning("The score of the model was a margin without calibration; that of the moved one is log odds.");
        }

        var (values, intercepts) = LeafMove.Of(layer, search.FitAll(way));
        return layer.Moved(environment, values, intercepts);
    }

    private static void RequireTrees(TreeLayer layer)
    {
        if (layer.Task == TreeTask.Ranking)
        {
            throw new NotSupportedException(
                "The model ranks the rows of a group. Its trees are fitted to pairs of rows, and no left-out error of a row says which "
                    + "way of moving it is best: "
                + "it is not moved. Train a ranker on the rows of both tasks, with the task as a feature (docs/trees.md).");
        }

        if (Array.FindIndex(layer.Outputs, o => o.Trees == 0) is >= 0 and var k)
        {
            throw new ArgumentException(
                (layer.Outputs.Length == 1 ? "The model has no tree with a split"
                    : $"The model has no tree with a split for class {k + 1} of {layer.Outputs.Length}")
                + ", so it has no leaves to move: it was trained on too few rows (MinimumExampleCountPerLeaf is 10 or 20 by default). "
                + "Train it on more rows, or train on the new ones alone. See docs/trees.md.");
        }
    }

    private void RequireRows(TreeLayer layer, LeafRows rows)
    {
        if (rows.Rows < FewestRows)
        {
            throw new InvalidOperationException(
                $"The data has {rows.Rows} rows that can be used. With fewer than {FewestRows} nothing can be left out to compare ways "
                    + $"of moving the model: use the model as it is, or give more rows.");
        }

        if (layer.Task is TreeTask.Binary or TreeTask.Softmax or TreeTask.OneVersusAll && rows.Labels.All(y => y == rows.Labels[0]))
        {
            throw new InvalidOperationException(
                $"All {rows.Rows} rows have the same label in column '{settings.LabelColumn}': nothing tells the classes apart. Give "
                    + $"rows of at least two.");
        }

        if (layer.Task == TreeTask.Rate && rows.Labels.All(y => y == 0))
        {
            throw new InvalidOperationException(
                $"All {rows.Rows} labels in column '{settings.LabelColumn}' are zero: a rate above zero cannot be fitted to them. "
                    + "Use the model as it is, or give rows with events.");
        }
    }
}
