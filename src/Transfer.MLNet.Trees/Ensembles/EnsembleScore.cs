using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace Transfer.MLNet.Trees.Ensembles;

/// <summary>
/// The score of a FastTree, a FastForest or a LightGbm model: the sum of its trees, of a FastForest's regression their mean. The weights
/// of the
/// trees and the bias of the ensemble do not enter it, and a tree without a split gives zero.
/// </summary>
internal sealed class EnsembleScore : LeafScore
{
    private readonly object[] _trees;
    private readonly int[] _first;

    public EnsembleScore(TreeEnsembleModelParameters model)
    {
        var all = TreeInternals.Trees(model);
        _trees = [.. all.Where(t => TreeInternals.LeafCount(t) > 1)];
        _first = new int[_trees.Length + 1];
        for (var t = 0; t < _trees.Length; t++)
        {
            _first[t + 1] = _first[t] + TreeInternals.LeafCount(_trees[t]);
        }

        FeatureCount = TreeInternals.FeatureCount(model);
        Unit = model is FastForestRegressionModelParameters && all.Length > 0 ? 1.0 / all.Length : 1;
        HasSamples = model is TreeEnsembleModelParametersBasedOnQuantileRegressionTree
            && _trees.Any(t => TreeInternals.LeafSamples(t) is { Length: > 0 });
    }

    public override int FeatureCount { get; }

    public override int Trees => _trees.Length;

    public override int LeafCount => _first[^1];

    public override double Unit { get; }

    public override double Offset => 0;

    /// <summary>Whether its leaves keep labels of the rows that they were made from, for quantiles.</summary>
    public bool HasSamples { get; }

    public override int LastLeafOf(int tree) => _first[tree + 1] - 1;

    public override double[] Values()
    {
        var values = new double[LeafCount];
        for (var t = 0; t < _trees.Length; t++)
        {
            TreeInternals.LeafValues(_trees[t]).AsSpan(0, _first[t + 1] - _first[t]).CopyTo(values.AsSpan(_first[t]));
        }

        return values;
    }

    public override void LeavesOf(in VBuffer<float> row, Span<int> leaves)
    {
        for (var t = 0; t < _trees.Length; t++)
        {
            leaves[t] = _first[t] + TreeInternals.LeafOf(_trees[t], in row);
        }
    }

    // A sum gets the intercept once, in its first tree; a mean in each of its trees, so that every tree predicts the label as before.
    public override void Write(ReadOnlySpan<double> values, double intercept)
    {
        for (var t = 0; t < _trees.Length; t++)
        {
            var count = _first[t + 1] - _first[t];
            var leaves = TreeInternals.LeafValues(_trees[t]);
            var share = Unit == 1 ? (t == 0 ? intercept : 0) : intercept / (Unit * _trees.Length);
            var samples = HasSamples ? TreeInternals.LeafSamples(_trees[t]) : null;
            var perLeaf = samples is null ? 0 : samples.Length / count;
            for (var l = 0; l < count; l++)
            {
                var moved = values[_first[t] + l] + share;
                for (var i = 0; i < perLeaf; i++)
                {
                    samples![(l * perLeaf) + i] += moved - leaves[l];
                }

                leaves[l] = moved;
            }
        }
    }
}
