using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>The ways of several classes, each by minus the logarithm of the probability that a row's own class gets without it.</summary>
internal static class MulticlassWays
{
    private const int Folds = 5;
    private const int PerDecade = 2;
    private const int RisesBeforeTheEnd = 2;
    private const double Tolerance = 1e-3;
    private const double LeastProbability = 1e-15;

    /// <summary>Of a softmax: by cross-validation, each class in every fold as often as it can be.</summary>
    public static List<WayFit> OfSoftmax(LeafRows rows, double? tau, int seed, Workers workers)
    {
        var fold = FoldsOf(rows, seed);
        var scores = rows.Scores;
        var ways = new List<WayFit> { new(FineTuneWay.AsItIs, null, Losses(rows, scores), LeafFit.AsItIs(rows.Outputs)) };
        var free = LeafPenalty.Free(calibrated: true, rows.ScoresOf(0));
        ways.Add(Along(FineTuneWay.Rescaled, free, [double.PositiveInfinity]));
        double[] taus = tau is { } given ? [given] : TauGrid.ForCurved(rows.TreesOf(0), 1.0 / (4 * rows.Outputs), PerDecade);
        ways.Add(Along(FineTuneWay.FromScaledModel, free, taus));
        ways.Add(Along(FineTuneWay.StructureAlone, LeafPenalty.Structure, taus));
        return ways;

        WayFit Along(FineTuneWay way, LeafPenalty penalty, double[] along)
        {
            var each = Enumerable.Range(0, Folds).Select(f => new LeafNewton(rows, null, penalty, [.. fold.Select(g => g == f)], workers)).ToArray();
            var (best, least, bestTau, rises) = (Array.Empty<double>(), double.PositiveInfinity, along[0], 0);
            foreach (var at in along)
            {
                var left = new Matrix(rows.Rows, rows.Outputs);
                for (var f = 0; f < Folds; f++)
                {
                    var all = each[f].Solve(at, Tolerance);
                    for (var i = 0; i < rows.Rows; i++)
                    {
                        if (fold[i] == f)
                        {
                            all.Row(i).CopyTo(left.Row(i));
                        }
                    }
                }

                var losses = Losses(rows, left);
                var mean = Product.Dot(losses, rows.Weights);
                if (mean < least)
                {
                    (best, least, bestTau, rises) = (losses, mean, at, 0);
                }
                else if (++rises == RisesBeforeTheEnd)
                {
                    break;
                }
            }

            var whole = new LeafNewton(rows, null, penalty, null, workers);
            whole.Solve(bestTau, Tolerance * Tolerance);
            return new(way, double.IsPositiveInfinity(bestTau) ? null : [.. Enumerable.Repeat(bestTau, rows.Outputs)], best, whole.Fit());
        }
    }

    /// <summary>Of one-versus-all: each class against the rest by approximate leave-one-out; a class that no row has stays as it is.</summary>
    public static List<WayFit> OfOneVersusAll(LeafRows rows, bool calibrated, double? tau, Workers workers)
    {
        var each = new List<CurvedWays.Curved>?[rows.Outputs];
        for (var k = 0; k < rows.Outputs; k++)
        {
            var labels = Array.ConvertAll(rows.Labels, y => y == k ? 1.0 : 0);
            each[k] = labels.Any(y => y == 1) ? CurvedWays.Of(rows.Output(k, labels), RowLoss.Logistic, calibrated, tau, workers) : null;
        }

        var ways = new List<WayFit>();
        foreach (var way in each.First(e => e is not null)!.Select(c => c.Way))
        {
            var all = each.Select(e => e?.First(c => c.Way == way)).ToArray();
            var losses = new double[rows.Rows];
            for (var i = 0; i < losses.Length; i++)
            {
                var (sum, own) = (0.0, 0.0);
                for (var k = 0; k < rows.Outputs; k++)
                {
                    var p = 1 / (1 + Math.Exp(-(all[k]?.LeftOutScores[i] ?? rows.Scores[i, k])));
                    sum += p;
                    own = rows.Labels[i] == k ? p : own;
                }

                losses[i] = -Math.Log(Math.Max(own / sum, LeastProbability));
            }

            var moves = all.Select((c, k) => c?.Fit.Moves?[0] ?? new double[rows.LeafCounts[k]]).ToArray();
            ways.Add(new(
                way,
                all.All(c => c?.Tau is null) ? null : [.. all.Select(c => c?.Tau ?? double.PositiveInfinity)],
                losses,
                new([.. all.Select(c => c?.Fit.Intercepts[0] ?? 0)], [.. all.Select(c => c?.Fit.Scales[0] ?? 1)], all.All(c => c?.Fit.Moves is null) ? null : moves)));
        }

        return ways;
    }

    private static double[] Losses(LeafRows rows, Matrix scores)
    {
        var losses = new double[rows.Rows];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = MultinomialLoss.Value((int)rows.Labels[i], scores.Row(i));
        }

        return losses;
    }

    private static int[] FoldsOf(LeafRows rows, int seed)
    {
        var order = Enumerable.Range(0, rows.Rows).ToArray();
        new Random(seed).Shuffle(order);
        var fold = new int[rows.Rows];
        var next = 0;
        foreach (var i in order.OrderBy(i => rows.Labels[i]))
        {
            fold[i] = next++ % Folds;
        }

        return fold;
    }
}
