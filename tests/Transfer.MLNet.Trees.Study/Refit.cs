using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Leaves;

namespace Transfer.MLNet.Trees.Study;

/// <summary>
/// LightGBM's refit (GBDT::RefitTree), written anew: tree after tree, from the score zero, leaf = decay * old + (1 - decay) * shrinkage *
/// (-sum of gradients / sum of curvatures of its rows). Kinder than LightGBM, a leaf without rows stays as it is (there it shrinks by the
/// decay, the mean in the first tree too). The decay is chosen by folds.
/// </summary>
internal static class Refit
{
    private const double Shrinkage = 0.1;
    private const double Epsilon = 1e-3;
    private const int Folds = 5;
    private static readonly double[] _decays = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 1];

    /// <summary>The new leaves, in the model's own unit.</summary>
    public static double[] Leaves(TreeLayer layer, LeafRows rows, bool binary)
    {
        var all = Enumerable.Range(0, rows.Rows).ToArray();
        var best = _decays.MinBy(decay => Enumerable.Range(0, Folds).Sum(f =>
        {
            var leaves = Run(layer, rows.Take([.. all.Where(i => i % Folds != f)]), binary, decay);
            return all.Where(i => i % Folds == f).Sum(i => Loss(layer, rows, i, leaves, binary));
        }));
        return Run(layer, rows, binary, best);
    }

    private static double[] Run(TreeLayer layer, LeafRows rows, bool binary, double decay)
    {
        var values = layer.Outputs[0].Values();
        var scores = new double[rows.Rows];
        var (trees, link) = (rows.TreesOf(0), layer.Links[0]);
        var first = 0;
        for (var t = 0; t < trees; t++)
        {
            var last = layer.Outputs[0].LastLeafOf(t);
            var (slopes, curvatures) = (new double[last + 1 - first], new double[last + 1 - first]);
            for (var i = 0; i < rows.Rows; i++)
            {
                var leaf = rows.LeavesOf(0, i)[t] - first;
                var p = 1 / (1 + Math.Exp(-link.Of(scores[i])));
                slopes[leaf] += binary ? link.Scale * (p - rows.Labels[i]) : scores[i] - rows.Labels[i];
                curvatures[leaf] += binary ? link.Scale * link.Scale * p * (1 - p) : 1;
            }

            // The first tree carries the mean of the labels, which LightGBM added to it (boost_from_average), and its shrinkage is 1 since
            // then.
            var shrinkage = t == 0 ? 1 : Shrinkage;
            for (var l = 0; l < slopes.Length; l++)
            {
                values[first + l] = curvatures[l] == 0 ? values[first + l]
                    : (decay * values[first + l]) - ((1 - decay) * shrinkage * slopes[l] / (curvatures[l] + Epsilon));
            }

            for (var i = 0; i < rows.Rows; i++)
            {
                scores[i] += values[rows.LeavesOf(0, i)[t]];
            }

            first = last + 1;
        }

        return values;
    }

    private static double Loss(TreeLayer layer, LeafRows rows, int row, double[] leaves, bool binary)
    {
        var score = 0.0;
        foreach (var leaf in rows.LeavesOf(0, row))
        {
            score += leaves[leaf];
        }

        var (f, y) = (layer.Links[0].Of(score), rows.Labels[row]);
        return binary ? Math.Max(f, 0) - (y * f) + double.LogP1(Math.Exp(-Math.Abs(f))) : (f - y) * (f - y);
    }
}
