using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>The ways of one output with a loss that is not squared, each by approximate leave-one-out.</summary>
internal sealed class CurvedWays
{
    private const int PerDecade = 3;
    private const int RisesBeforeTheEnd = 3;

    private readonly LeafRows _rows;
    private readonly RowLoss _loss;
    private readonly double? _tau;
    private readonly Workers _workers;
    private readonly List<Curved> _ways = [];
    private readonly List<Tried> _tried = [];

    private CurvedWays(LeafRows rows, RowLoss loss, double? tau, Workers workers) =>
        (_rows, _loss, _tau, _workers) = (rows, loss, tau, workers);

    /// <summary>A way, and the scores of each row without it.</summary>
    public sealed record Curved(FineTuneWay Way, double? Tau, double[] LeftOutScores, LeafFit Fit);

    /// <summary>The ways, their average and the linear one among them where they are wanted and can be had.</summary>
    /// <param name="rows">Rows with one output.</param>
    /// <param name="loss">The loss of a row.</param>
    /// <param name="calibrated">Whether the source's score is in the loss's unit.</param>
    /// <param name="tau">Given; null: chosen.</param>
    /// <param name="average">Whether the average of the ways is one of them.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static List<WayFit> Of(LeafRows rows, RowLoss loss, bool calibrated, double? tau, bool average, Workers workers)
    {
        var ways = new CurvedWays(rows, loss, tau, workers);
        ways.Compare(calibrated);
        var all = ways._ways.ConvertAll(c => new WayFit(c.Way, c.Tau is { } t ? [t] : null, ways.Losses(c.LeftOutScores), c.Fit));
        if (average && WayAverage.Of(ways._tried, squared: false, scores => ways.Losses(scores.Values)) is { } averaged)
        {
            all.Add(averaged);
        }

        if (rows.Features is { Varying: > 0 } features)
        {
            all.Add(ways.Linear(features));
        }

        return all;
    }

    /// <summary>The ways on leaves alone, with the scores of the rows that were left out.</summary>
    public static List<Curved> OnLeaves(LeafRows rows, RowLoss loss, bool calibrated, double? tau, Workers workers)
    {
        var ways = new CurvedWays(rows, loss, tau, workers);
        ways.Compare(calibrated);
        return ways._ways;
    }

    /// <summary>Of the constant model: p (1 - p), or the mean of a rate.</summary>
    public static double MeanCurvature(LeafRows rows, RowLoss loss)
    {
        var mean = Product.Dot(rows.Weights, rows.Labels) / rows.Rows;
        return Math.Max(1e-6, loss == RowLoss.Logistic ? mean * (1 - mean) : mean);
    }

    private void Compare(bool calibrated)
    {
        var scores = _rows.ScoresOf(0);
        var free = LeafPenalty.Free(calibrated, scores);
        var products = _rows.Shared(0, _workers);
        double[] endless = [double.PositiveInfinity];
        var taus = Taus(_rows.TreesOf(0));
        if (calibrated)
        {
            Keep(FineTuneWay.AsItIs, scores, LeafFit.AsItIs(1));
            _ways.Add(new(FineTuneWay.AsItIs, null, scores, LeafFit.AsItIs(1)));
            Add(FineTuneWay.Shifted, products, LeafPenalty.Held, endless);
        }

        Add(FineTuneWay.Rescaled, products, free, endless);
        if (calibrated)
        {
            Add(FineTuneWay.FromModel, products, LeafPenalty.Held, taus);
        }

        Add(FineTuneWay.FromScaledModel, products, free, taus);
        Add(FineTuneWay.StructureAlone, products, LeafPenalty.Structure, taus);
    }

    private double[] Taus(int trace) => _tau is { } given ? [given] : Grid(trace);

    private double[] Grid(int trace)
    {
        var power = trace * MeanCurvature(_rows, _loss);
        return TauGrid.Down(TauGrid.OfCurvedLeaves.Of(power, power), PerDecade);
    }

    private void Add(FineTuneWay way, Matrix products, LeafPenalty penalty, double[] taus)
    {
        Curved? best = null;
        Along(products, penalty, taus, (tau, left, isBest, glm) =>
        {
            var fit = glm.Fit();
            Keep(way, left, fit);
            best = isBest ? new(way, double.IsPositiveInfinity(tau) ? null : tau, left, fit) : best;
        });
        _ways.Add(best!);
    }

    private void Keep(FineTuneWay way, double[] left, LeafFit fit) => _tried.Add(new(way, Tried.Column(left), MeanLoss(left), () => fit));

    /// <summary>The same loss on the rows' features in the trees' place.</summary>
    private WayFit Linear(FeatureRows features)
    {
        WayFit? best = null;
        Along(features.Products(_workers), LeafPenalty.Structure, Grid(features.Varying), (tau, left, isBest, glm) =>
        {
            if (isBest)
            {
                var (intercept, dual) = glm.FitOfRows();
                best = new(FineTuneWay.LinearAlone, [tau], Losses(left),
                    new([intercept], [0], null))
                { Linear = features.Unscaled(intercept, dual) };
            }
        });
        return best!;
    }

    /// <summary>From large taus to small ones, until the left-out loss has risen some times in a row.</summary>
    private void Along(Matrix products, LeafPenalty penalty, double[] taus, Action<double, double[], bool, LeafGlm> tried)
    {
        var glm = new LeafGlm(_rows, products, _loss, penalty, _workers);
        var (least, rises) = (double.PositiveInfinity, 0);
        if (!double.IsPositiveInfinity(taus[0]))
        {
            glm.LeftOutScores(double.PositiveInfinity);
        }

        for (var t = 0; t < taus.Length && rises < RisesBeforeTheEnd; t++)
        {
            var left = glm.LeftOutScores(taus[t]);
            var mean = MeanLoss(left);
            var isBest = t == 0 || mean < least;
            (least, rises) = isBest ? (mean, 0) : (least, rises + 1);
            tried(taus[t], left, isBest, glm);
        }
    }

    private double[] Losses(double[] scores)
    {
        var losses = new double[scores.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = _loss.Value(_rows.Labels[i], scores[i]);
        }

        return losses;
    }

    private double MeanLoss(double[] scores) => Product.Dot(Losses(scores), _rows.Weights) / scores.Length;
}
