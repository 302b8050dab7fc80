using Transfer.MLNet.Choosing;
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
    public static List<WayFit> OfSoftmax(LeafRows rows, double? tau, bool average, int seed, Workers workers)
    {
        var fold = RowFolds.Of(rows.Labels, Folds, seed);
        var scores = rows.Scores;
        var ways = new List<WayFit>();
        var tried = new List<Tried>();
        Keep(new(FineTuneWay.AsItIs, null, Losses(rows, scores), LeafFit.AsItIs(rows.Outputs)), scores);
        var free = LeafPenalty.Free(calibrated: true, rows.ScoresOf(0));
        Along(FineTuneWay.Rescaled, free, [double.PositiveInfinity]);
        var power = rows.TreesOf(0) / (4.0 * rows.Outputs);
        double[] taus = tau is { } given ? [given] : TauGrid.Down(TauGrid.OfCurvedLeaves.Of(power, power), PerDecade);
        Along(FineTuneWay.FromScaledModel, free, taus);
        Along(FineTuneWay.StructureAlone, LeafPenalty.Structure, taus);
        if (average && WayAverage.Of(tried, squared: false, left => Losses(rows, left)) is { } averaged)
        {
            ways.Add(averaged);
        }

        return ways;

        void Keep(WayFit way, Matrix left)
        {
            ways.Add(way);
            tried.Add(new(way.Way, left, way.MeanLoss(rows.Weights), () => way.Fit));
        }

        void Along(FineTuneWay way, LeafPenalty penalty, double[] along)
        {
            var each = Enumerable.Range(0, Folds).Select(f => new LeafNewton(rows, null, penalty, [.. fold.Select(g => g == f)], workers))
                .ToArray();
            var (best, bestLeft, least, bestTau, rises) = (Array.Empty<double>(), scores, double.PositiveInfinity, along[0], 0);
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
                    (best, bestLeft, least, bestTau, rises) = (losses, left, mean, at, 0);
                }
                else if (++rises == RisesBeforeTheEnd)
                {
                    break;
                }
            }

            var whole = new LeafNewton(rows, null, penalty, null, workers);
            whole.Solve(bestTau, Tolerance * Tolerance);
            double[]? tausOfOutputs = double.IsPositiveInfinity(bestTau) ? null : [.. Enumerable.Repeat(bestTau, rows.Outputs)];
            Keep(new(way, tausOfOutputs, best, whole.Fit()), bestLeft);
        }
    }

    /// <summary>
    /// Of one-versus-all: each class against the rest by approximate leave-one-out; a class that no row has stays as it is.
    /// </summary>
    public static List<WayFit> OfOneVersusAll(LeafRows rows, bool calibrated, double? tau, bool average, Workers workers)
    {
        var each = new List<CurvedWays.Curved>?[rows.Outputs];
        for (var k = 0; k < rows.Outputs; k++)
        {
            var labels = Array.ConvertAll(rows.Labels, y => y == k ? 1.0 : 0);
            each[k] = labels.Any(y => y == 1) ? CurvedWays.OnLeaves(rows.Output(k, labels), RowLoss.Logistic, calibrated, tau, workers)
                : null;
        }

        var ways = new List<WayFit>();
        var tried = new List<Tried>();
        foreach (var way in each.First(e => e is not null)!.Select(c => c.Way))
        {
            var all = each.Select(e => e?.First(c => c.Way == way)).ToArray();
            var left = new Matrix(rows.Rows, rows.Outputs);
            for (var i = 0; i < rows.Rows; i++)
            {
                for (var k = 0; k < rows.Outputs; k++)
                {
                    left[i, k] = all[k]?.LeftOutScores[i] ?? rows.Scores[i, k];
                }
            }

            var moves = all.Select((c, k) => c?.Fit.Moves?[0] ?? new double[rows.LeafCounts[k]]).ToArray();
            ways.Add(new(
                way,
                all.All(c => c?.Tau is null) ? null : [.. all.Select(c => c?.Tau ?? double.PositiveInfinity)],
                ShareLosses(rows, left),
                new(
                    [.. all.Select(c => c?.Fit.Intercepts[0] ?? 0)],
                    [.. all.Select(c => c?.Fit.Scales[0] ?? 1)],
                    all.All(c => c?.Fit.Moves is null) ? null : moves)));
            var added = ways[^1];
            tried.Add(new(way, left, added.MeanLoss(rows.Weights), () => added.Fit));
        }

        if (average && WayAverage.Of(tried, squared: false, left => ShareLosses(rows, left)) is { } averaged)
        {
            ways.Add(averaged);
        }

        return ways;
    }

    /// <summary>The probabilities are the classes' own, divided by their sum.</summary>
    private static double[] ShareLosses(LeafRows rows, Matrix scores)
    {
        var losses = new double[rows.Rows];
        for (var i = 0; i < losses.Length; i++)
        {
            var (sum, own) = (0.0, 0.0);
            for (var k = 0; k < rows.Outputs; k++)
            {
                var p = 1 / (1 + Math.Exp(-scores[i, k]));
                sum += p;
                own = rows.Labels[i] == k ? p : own;
            }

            losses[i] = -Math.Log(Math.Max(own / sum, LeastProbability));
        }

        return losses;
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
}
