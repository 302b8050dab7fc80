using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Boosting;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Ways;

namespace Transfer.MLNet.Trees.Advice;

/// <summary>
/// Boosted trees on rows alone, trained by ML.NET's FastTree: what a given model has to be better than. Of two sizes of tree the one with
/// the least
/// loss on rows that were left out, by folds.
/// </summary>
internal sealed class BoostedTrees
{
    private const int Folds = 5;
    private static readonly TreeSize[] _sizes = [new(4, 3), new(12, 5)];

    private readonly FastTreeBooster _booster;
    private readonly BoostedRows _rows;
    private readonly TreeTask _task;
    private readonly string _features;
    private readonly float[][] _x;
    private readonly double[] _labels;
    private readonly double[] _weights;
    private readonly double _centre;
    private readonly int _seed;
    private readonly Workers _workers;

    /// <param name="layer">The model whose features and task they have.</param>
    /// <param name="rows">The rows, with their features.</param>
    /// <param name="seed">Deals the rows to folds.</param>
    /// <param name="workers">Cancellation; FastTree is given one thread, so that the same rows give the same trees.</param>
    public BoostedTrees(TreeLayer layer, LeafRows rows, int seed, Workers workers)
    {
        (_task, _features, _seed, _workers) = (layer.Task, layer.FeatureColumn, seed, workers);
        (_x, _weights) = (rows.Given!, rows.Weights);

        // FastTree begins at zero: labels far from it cost it trees.
        _centre = _task == TreeTask.Regression ? Product.Dot(rows.Weights, rows.Labels) / rows.Rows : 0;
        var present = rows.Labels.Distinct().Order().ToArray();
        _labels = IsOfClasses
            ? Array.ConvertAll(rows.Labels, y => (double)Array.IndexOf(present, y))
            : Array.ConvertAll(rows.Labels, y => y - _centre);
        var ml = new MLContext(seed);
        (_booster, _rows) = (new(ml), new(ml, _task, _features, _x, _labels, _weights, present.Length));
        (LeftOutLosses, Size) = Compare();
    }

    /// <summary>The loss of each row by trees that were trained without it.</summary>
    public double[] LeftOutLosses { get; }

    private bool IsOfClasses => _task is TreeTask.Softmax or TreeTask.OneVersusAll;

    private TreeSize Size { get; }

    /// <summary>
    /// The trees of all rows, as a layer in the place of another. Of several classes it is trained on the view, which has their names.
    /// </summary>
    public ITransformer Train(IHostEnvironment environment, IDataView view, string label, string? weight)
    {
        if (IsOfClasses)
        {
            return _booster.Trainer(_task, label, _features, weight, Size).Fit(view);
        }

        var trained = Fit(Size, [.. Enumerable.Range(0, _x.Length)]);
        if (_task != TreeTask.Regression)
        {
            return trained;
        }

        var layer = TreeLayer.Of(trained)!;
        return layer.Outputs[0].Trees == 0
            ? throw new InvalidOperationException(
            $"The {_x.Length} rows are too few for a tree with a split. Give more rows, or take another way.")
            : layer.Moved(environment, [layer.Outputs[0].Values()], [_centre]);
    }

    private (double[] Losses, TreeSize Size) Compare()
    {
        var fold = RowFolds.Of(_labels, Folds, _seed);
        (double[] Losses, TreeSize Size)? best = null;
        foreach (var size in _sizes)
        {
            var losses = new double[_x.Length];
            for (var f = 0; f < Folds; f++)
            {
                _workers.Cancellation.ThrowIfCancellationRequested();
                int[] left = [.. Enumerable.Range(0, fold.Length).Where(i => fold[i] == f)];
                int[] kept = [.. Enumerable.Range(0, fold.Length).Where(i => fold[i] != f)];
                if (left.Length > 0)
                {
                    var of = _rows.Losses(Fit(size, kept), left);
                    for (var i = 0; i < left.Length; i++)
                    {
                        losses[left[i]] = of[i];
                    }
                }
            }

            if (best is null || Product.Dot(losses, _weights) < Product.Dot(best.Value.Losses, _weights))
            {
                best = (losses, size);
            }
        }

        return best!.Value;
    }

    private ITransformer Fit(TreeSize size, int[] rows) =>
        _booster.Trainer(_task, _rows.Label, _features, BoostedRows.Weight, size).Fit(_rows.View(rows));
}
