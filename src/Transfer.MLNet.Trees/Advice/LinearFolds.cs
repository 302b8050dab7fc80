using Microsoft.ML;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Trees.Boosting;
using Transfer.MLNet.Trees.Ensembles;

namespace Transfer.MLNet.Trees.Advice;

/// <summary>A way of an advice, trained anew without each fold of the target's rows: what trees are compared with.</summary>
/// <param name="advice">The advice, with its source.</param>
/// <param name="target">The target's rows.</param>
/// <param name="rows">Those of them that trees are judged by.</param>
/// <param name="fold">The fold of each.</param>
/// <param name="task">What is predicted.</param>
internal sealed class LinearFolds(TransferAdvice advice, IDataView target, PooledRows rows, int[] fold, TreeTask task)
{
    /// <summary>The loss of each target row by the way trained without its fold.</summary>
    /// <param name="way">Of the advice.</param>
    /// <param name="step">Called before each training.</param>
    public double[] Losses(TransferWay way, Action step)
    {
        var losses = new double[fold.Length];
        for (var f = 0; f < FoldedTrees.Folds; f++)
        {
            step();
            int[] left = [.. Enumerable.Range(0, fold.Length).Where(i => fold[i] == f)];
            var model = advice.Fit(way, Picked(i => fold[i] != f));
            var of = BoostedRows.Losses(
                task, model.Transform(Picked(i => fold[i] == f)), Array.ConvertAll(left, i => rows.Labels[rows.SourceRows + i]));
            for (var i = 0; i < left.Length; i++)
            {
                losses[left[i]] = of[i];
            }
        }

        return losses;
    }

    private PickedRows Picked(Func<int, bool> isWanted)
    {
        var mask = new bool[rows.TargetPositions[^1] + 1];
        for (var i = 0; i < fold.Length; i++)
        {
            mask[rows.TargetPositions[i]] = isWanted(i);
        }

        return new(target, mask);
    }
}
