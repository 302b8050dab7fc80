using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>The ways of one output with a loss that is not squared, each by approximate leave-one-out.</summary>
internal static class CurvedWays
{
    private const int PerDecade = 3;
    private const int RisesBeforeTheEnd = 3;

    /// <summary>A way, and the scores of each row without it.</summary>
    public sealed record Curved(FineTuneWay Way, double? Tau, double[] LeftOutScores, LeafFit Fit);

    /// <param name="rows">Rows with one output.</param>
    /// <param name="loss">The loss of a row.</param>
    /// <param name="calibrated">Whether the source's score is in the loss's unit.</param>
    /// <param name="tau">Given; null: chosen.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static List<Curved> Of(LeafRows rows, RowLoss loss, bool calibrated, double? tau, Workers workers)
    {
        var scores = rows.ScoresOf(0);
        var free = LeafPenalty.Free(calibrated, scores);
        var products = rows.Shared(0, workers);
        var ways = new List<Curved>();
        if (calibrated)
        {
            ways.Add(new(FineTuneWay.AsItIs, null, scores, LeafFit.AsItIs(1)));
            ways.Add(Fixed(FineTuneWay.Shifted, LeafPenalty.Held));
        }

        ways.Add(Fixed(FineTuneWay.Rescaled, free));
        if (calibrated)
        {
            ways.Add(Along(FineTuneWay.FromModel, LeafPenalty.Held));
        }

        ways.Add(Along(FineTuneWay.FromScaledModel, free));
        ways.Add(Along(FineTuneWay.StructureAlone, LeafPenalty.Structure));
        return ways;

        Curved Fixed(FineTuneWay way, LeafPenalty penalty)
        {
            var glm = new LeafGlm(rows, products, loss, penalty, workers);
            return new(way, null, glm.LeftOutScores(double.PositiveInfinity), glm.Fit());
        }

        Curved Along(FineTuneWay way, LeafPenalty penalty)
        {
            var glm = new LeafGlm(rows, products, loss, penalty, workers);
            glm.LeftOutScores(double.PositiveInfinity);
            Curved? best = null;
            var (least, rises) = (double.PositiveInfinity, 0);
            foreach (var at in tau is { } given ? [given] : TauGrid.ForCurved(rows.TreesOf(0), MeanCurvature(rows, loss), PerDecade))
            {
                var left = glm.LeftOutScores(at);
                var mean = MeanLoss(rows, loss, left);
                if (best is null || mean < least)
                {
                    (best, least, rises) = (new(way, at, left, glm.Fit()), mean, 0);
                }
                else if (++rises == RisesBeforeTheEnd)
                {
                    break;
                }
            }

            return best!;
        }
    }

    public static double[] Losses(LeafRows rows, RowLoss loss, double[] scores)
    {
        var losses = new double[scores.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = loss.Value(rows.Labels[i], scores[i]);
        }

        return losses;
    }

    /// <summary>Of the constant model: p (1 - p), or the mean of a rate.</summary>
    public static double MeanCurvature(LeafRows rows, RowLoss loss)
    {
        var mean = 0.0;
        for (var i = 0; i < rows.Rows; i++)
        {
            mean += rows.Weights[i] * rows.Labels[i] / rows.Rows;
        }

        return Math.Max(1e-6, loss == RowLoss.Logistic ? mean * (1 - mean) : mean);
    }

    private static double MeanLoss(LeafRows rows, RowLoss loss, double[] scores)
    {
        var losses = Losses(rows, loss, scores);
        return Product.Dot(losses, rows.Weights) / losses.Length;
    }
}
