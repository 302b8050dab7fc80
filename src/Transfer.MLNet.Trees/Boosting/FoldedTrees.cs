using Microsoft.ML;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Ensembles;

namespace Transfer.MLNet.Trees.Boosting;

/// <summary>
/// Boosted trees of the target's rows, with the source's or alone, each setting judged by folds of the target's rows.
/// </summary>
/// <remarks>
/// Which setting counts for a fold is chosen by the other folds: the best of a few by the very rows that judge it would look better than it
/// is.
/// </remarks>
internal sealed class FoldedTrees
{
    /// <summary>The target's rows are left out in so many lots.</summary>
    public const int Folds = 5;

    // Of the target alone as in the advice on a given model; of both tasks larger ones too, since there are many rows.
    private static readonly TreeSize[] _few = [new(4, 3), new(12, 5)];
    private static readonly TreeSize[] _many = [new(8, 5), new(31, 20)];

    private readonly PooledRows _rows;
    private readonly TreeTask _task;
    private readonly Booster _booster;
    private readonly BoostedRows[] _data;
    private readonly double _centre;
    private readonly string _features;
    private readonly bool _pooled;

    /// <param name="rows">The rows of both.</param>
    /// <param name="task">What is predicted.</param>
    /// <param name="features">What the column of features and domain will be called.</param>
    /// <param name="pooled">Whether the source's rows are trained on too.</param>
    /// <param name="booster">Who trains.</param>
    /// <param name="ml">Where rows live.</param>
    public FoldedTrees(PooledRows rows, TreeTask task, string features, bool pooled, Booster booster, MLContext ml)
    {
        (_rows, _task, _features, _pooled, _booster) = (rows, task, features, pooled, booster);
        var x = pooled ? rows.X : Array.ConvertAll(rows.X[rows.SourceRows..], r => r[..^1]);
        var labels = pooled ? rows.Labels : rows.Labels[rows.SourceRows..];
        var weights = pooled ? rows.Weights : rows.Weights[rows.SourceRows..];

        // FastTree begins at zero: labels far from it cost it trees.
        _centre = task == TreeTask.Regression ? Product.Dot(labels, weights) / weights.Sum() : 0;
        labels = Array.ConvertAll(labels, y => y - _centre);
        var source = pooled ? rows.SourceRows : 0;
        Settings = [.. (pooled ? _many : _few).SelectMany(size => pooled ? new[] { (size, false), (size, true) } : [(size, false)])];

        // A row of the target counts as it is, or as the square root of how many rows of the source there are for each.
        var heavier = Math.Sqrt(Math.Max(1, (double)rows.SourceRows / rows.TargetRows));
        double[] Weighted(double by) => [.. weights.Select((w, i) => i < source ? w : by * w)];
        _data = [.. new[] { 1, heavier }.Select(by => new BoostedRows(ml, task, features, x, labels, Weighted(by), rows.Classes))];
    }

    /// <summary>What is compared: a size, and whether the target's rows count more.</summary>
    public IReadOnlyList<(TreeSize Size, bool Heavier)> Settings { get; }

    private int FirstOfTarget => _pooled ? _rows.SourceRows : 0;

    /// <summary>The left-out loss of each target row, and the setting with the least of all.</summary>
    /// <param name="fold">The fold of each target row.</param>
    /// <param name="weights">How much each counts.</param>
    /// <param name="step">Called before each training.</param>
    public (double[] Losses, int Setting) Compare(int[] fold, double[] weights, Action step)
    {
        var losses = new double[Settings.Count][];
        for (var s = 0; s < losses.Length; s++)
        {
            losses[s] = new double[fold.Length];
            for (var f = 0; f < Folds; f++)
            {
                step();
                int[] left = [.. Rows(fold, i => i == f)];
                var model = Train(s, [.. Enumerable.Range(0, FirstOfTarget), .. Rows(fold, i => i != f).Select(i => FirstOfTarget + i)]);
                var of = _data[0].Losses(model, Array.ConvertAll(left, i => FirstOfTarget + i));
                for (var i = 0; i < left.Length; i++)
                {
                    losses[s][left[i]] = of[i];
                }
            }
        }

        return (ChosenByOthers(losses, fold, weights), Best(losses, weights, _ => true));
    }

    /// <summary>The trees of all rows in a setting, on the column of features and domain.</summary>
    /// <returns>The transformer and the centre that its scores of a number lack.</returns>
    public (ITransformer Model, double Centre, BoostedRows Rows) TrainAll(int setting) =>
        (Train(setting, [.. Enumerable.Range(0, FirstOfTarget + _rows.TargetRows)]), _centre, _data[0]);

    /// <summary>For each fold the loss by the setting that is best on the rows of the others.</summary>
    public static double[] ChosenByOthers(double[][] losses, int[] fold, double[] weights)
    {
        var chosen = Enumerable.Range(0, fold.Max() + 1).Select(f => Best(losses, weights, i => fold[i] != f)).ToArray();
        return [.. fold.Select((f, i) => losses[chosen[f]][i])];
    }

    private static int Best(double[][] losses, double[] weights, Func<int, bool> counts) => Enumerable.Range(0, losses.Length)
        .MinBy(s => Enumerable.Range(0, weights.Length).Where(counts).Sum(i => weights[i] * losses[s][i]));

    private static IEnumerable<int> Rows(int[] fold, Func<int, bool> isWanted) =>
        Enumerable.Range(0, fold.Length).Where(i => isWanted(fold[i]));

    private ITransformer Train(int setting, int[] rows)
    {
        var (size, heavier) = Settings[setting];
        var data = _data[heavier ? 1 : 0];
        return _booster.Trainer(_task, data.Label, _features, BoostedRows.Weight, size).Fit(data.View(rows));
    }
}
