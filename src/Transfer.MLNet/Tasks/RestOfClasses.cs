using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Tasks;

/// <summary>
/// Adds to a fit the classes that no row has. The starting point's stay as they are there: the fit leaves the mean of its intercepts
/// where the start has it, so that their scores remain comparable. A class that nothing is known of gets half a row's share
/// (Krichevsky and Trofimov 1981); its likelihood alone would send it to minus infinity.
/// </summary>
internal sealed class RestOfClasses(TaskSettings settings, ClassStarts start, ClassKeys label, ClassPlan plan, StockLog log)
{
    private const double Share = 0.5;

    /// <param name="rows">The rows, of the trained classes only.</param>
    /// <param name="fit">Their fit.</param>
    /// <param name="trained">The output of each of them.</param>
    /// <param name="present">The label's class of each of them.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public LinearScores Add(ClassRows rows, NewtonFit fit, int[] trained, int[] present, Workers workers)
    {
        var p = rows.FeatureCount;
        var weights = new double[plan.Classes.Count][];
        var intercepts = new double[plan.Classes.Count];
        for (var i = 0; i < trained.Length; i++)
        {
            weights[trained[i]] = fit.Weights[(i * p)..((i + 1) * p)];
            intercepts[trained[i]] = fit.Intercepts[i];
        }

        int[] rest = [.. Enumerable.Range(0, weights.Length).Where(k => weights[k] is null)];
        foreach (var k in rest)
        {
            weights[k] = start.WeightsOf(k);
            intercepts[k] = start.InterceptOf(k);
        }

        int[] unknown = [.. rest.Where(k => !start.Has(k))];
        if (unknown.Length > 0 && settings.Intercept != InterceptRule.None)
        {
            var intercept = LevelOf(weights[unknown[0]], rows, fit, workers);
            Array.ForEach(unknown, k => intercepts[k] = intercept);
        }

        TellOf(present, unknown);
        return new(weights, intercepts, ScoreUnit.LogOdds, plan.Classes.Names);
    }

    /// <summary>The intercept with which a class of these weights has half a row's share of the rows.</summary>
    private double LevelOf(double[] weights, ClassRows rows, NewtonFit fit, Workers workers)
    {
        var k = rows.Outputs;
        var scores = rows.Design.Scores(Layout.ByFeature(fit.Weights, rows.FeatureCount, k), k, workers);
        var own = rows.Design.Scores(weights, 1, workers);
        var shares = rows.Shares();
        var level = 0.0;
        for (var i = 0; i < rows.Rows; i++)
        {
            var largest = double.NegativeInfinity;
            for (var c = 0; c < k; c++)
            {
                largest = Math.Max(largest, scores[(i * k) + c] + fit.Intercepts[c]);
            }

            var sum = 0.0;
            for (var c = 0; c < k; c++)
            {
                sum += Math.Exp(scores[(i * k) + c] + fit.Intercepts[c] - largest);
            }

            level += shares[i] * (largest + Math.Log(sum) - own[i]);
        }

        return level + Math.Log(Share / rows.Rows);
    }

    private void TellOf(int[] present, int[] unknown)
    {
        int[] absent = [.. Enumerable.Range(0, label.Count).Except(present)];
        if (absent.Length == 0)
        {
            return;
        }

        log.Warning(
            $"{absent.Length} of {label.Count} classes of the label column '{settings.Columns.Label}' have no row: "
                + $"{string.Join(", ", absent.Take(8).Select(label.Describe))}{(absent.Length > 8 ? ", ..." : string.Empty)}. "
            + (unknown.Length < absent.Length ? "Those that the starting point has stay as they are there. " : string.Empty)
            + (unknown.Length > 0 ? $"Of {unknown.Length} nothing is known: they are given the share of half a row, and will hardly be "
            + $"predicted." : string.Empty));
    }
}
