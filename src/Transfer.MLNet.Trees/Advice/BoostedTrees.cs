using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers.FastTree;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;
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
    private const int Trees = 100;
    private const double LearningRate = 0.1;
    private const double LeastProbability = 1e-9;
    private static readonly (int Leaves, int RowsOfALeaf)[] _sizes = [(4, 3), (12, 5)];

    private readonly MLContext _ml;
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
        (_ml, _task, _features, _seed, _workers) = (new MLContext(seed), layer.Task, layer.FeatureColumn, seed, workers);
        (_x, _weights) = (rows.Given!, rows.Weights);

        // FastTree begins at zero: labels far from it cost it trees.
        _centre = _task == TreeTask.Regression ? Product.Dot(rows.Weights, rows.Labels) / rows.Rows : 0;
        var present = rows.Labels.Distinct().Order().ToArray();
        _labels = IsOfClasses
            ? Array.ConvertAll(rows.Labels, y => (double)Array.IndexOf(present, y))
            : Array.ConvertAll(rows.Labels, y => y - _centre);
        Classes = present.Length;
        (LeftOutLosses, Size) = Compare();
    }

    /// <summary>The loss of each row by trees that were trained without it.</summary>
    public double[] LeftOutLosses { get; }

    private bool IsOfClasses => _task is TreeTask.Softmax or TreeTask.OneVersusAll;

    private int Classes { get; }

    private (int Leaves, int RowsOfALeaf) Size { get; }

    /// <summary>
    /// The trees of all rows, as a layer in the place of another. Of several classes it is trained on the view, which has their names.
    /// </summary>
    public ITransformer Train(IHostEnvironment environment, IDataView view, string label, string? weight)
    {
        if (IsOfClasses)
        {
            return Several(label, weight, Size).Fit(view);
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

    private (double[] Losses, (int Leaves, int RowsOfALeaf) Size) Compare()
    {
        var fold = RowFolds.Of(_labels, Folds, _seed);
        (double[] Losses, (int, int) Size)? best = null;
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
                    var scores = Scores(Fit(size, kept), left);
                    for (var i = 0; i < left.Length; i++)
                    {
                        losses[left[i]] = Loss(_labels[left[i]], scores[i]);
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

    private ITransformer Fit((int Leaves, int RowsOfALeaf) size, int[] rows) => _task switch
    {
        TreeTask.Regression => _ml.Regression.Trainers.FastTree(
            With(new FastTreeRegressionTrainer.Options(), nameof(Row.Number), nameof(Row.Weight), size)).Fit(View(rows)),
        TreeTask.Rate => _ml.Regression.Trainers.FastTreeTweedie(
            With(new FastTreeTweedieTrainer.Options(), nameof(Row.Number), nameof(Row.Weight), size)).Fit(View(rows)),
        TreeTask.Binary => _ml.BinaryClassification.Trainers.FastTree(
            With(new FastTreeBinaryTrainer.Options(), nameof(Row.Flag), nameof(Row.Weight), size)).Fit(View(rows)),
        _ => Several(nameof(Row.Class), nameof(Row.Weight), size).Fit(View(rows)),
    };

    private Microsoft.ML.Trainers.OneVersusAllTrainer Several(string label, string? weight, (int Leaves, int RowsOfALeaf) size)
        => _ml.MulticlassClassification.Trainers.OneVersusAll(
            _ml.BinaryClassification.Trainers.FastTree(With(new FastTreeBinaryTrainer.Options(), label, weight, size)), label);

    private T With<T>(T options, string label, string? weight, (int Leaves, int RowsOfALeaf) size)
        where T : TreeOptions
    {
        options.LabelColumnName = label;
        options.FeatureColumnName = _features;
        options.ExampleWeightColumnName = weight;
        options.NumberOfLeaves = size.Leaves;
        options.MinimumExampleCountPerLeaf = size.RowsOfALeaf;
        options.NumberOfTrees = Trees;
        options.NumberOfThreads = 1;
        if (options is BoostedTreeOptions boosted)
        {
            boosted.LearningRate = LearningRate;
        }

        return options;
    }

    /// <summary>The label, the rate's logarithm, log odds of true or the classes' probabilities.</summary>
    private double[][] Scores(ITransformer model, int[] rows)
    {
        var scored = model.Transform(View(rows));
        return _task switch
        {
            TreeTask.Regression => [.. scored.GetColumn<float>("Score").Select(s => new double[] { s })],
            TreeTask.Rate => [.. scored.GetColumn<float>("Score").Select(s => new[] { Math.Log(Math.Max(s, LeastProbability)) })],
            TreeTask.Binary => [.. scored.GetColumn<float>("Probability").Select(p => new[] { LogOdds(p) })],
            _ => [.. scored.GetColumn<float[]>("Score").Select(s => Array.ConvertAll(s, v => (double)v))],
        };
    }

    private double Loss(double label, double[] scores) => _task switch
    {
        TreeTask.Regression => (scores[0] - label) * (scores[0] - label),
        TreeTask.Rate => RowLoss.Poisson.Value(label, scores[0]),
        TreeTask.Binary => RowLoss.Logistic.Value(label, scores[0]),
        _ => -Math.Log(Math.Max((int)label < scores.Length ? scores[(int)label] : 0, LeastProbability)),
    };

    private static double LogOdds(double p)
    {
        var inside = Math.Clamp(p, LeastProbability, 1 - LeastProbability);
        return Math.Log(inside / (1 - inside));
    }

    private IDataView View(int[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _x[0].Length);
        schema[nameof(Row.Features)].ColumnName = _features;
        schema[nameof(Row.Class)].ColumnType = new KeyDataViewType(typeof(uint), Math.Max(2, Classes));
        return _ml.Data.LoadFromEnumerable(
            rows.Select(i => new Row
            {
                Features = _x[i],
                Number = (float)_labels[i],
                Flag = _labels[i] == 1,
                Class = (uint)Math.Max(0, _labels[i]) + 1,
                Weight = (float)_weights[i],
            }).ToArray(),
            schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool Flag { get; set; }

        public uint Class { get; set; }

        public float Weight { get; set; }
    }
}
