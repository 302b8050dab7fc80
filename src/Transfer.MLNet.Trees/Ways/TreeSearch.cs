using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>
/// Compares the ways by rows that are left out, and fits the best of them to all rows. Up to a limit every row is left out, and the
/// average of the
/// ways is one of them; of more rows a sample of that size, drawn by the seed, chooses one way, and all rows are fitted with the summed
/// penalty
/// n tau that it chose: the strength of a prior, which does not depend on how many rows there are.
/// </summary>
internal sealed class TreeSearch
{
    // n x n matrices: an eigendecomposition of the first size, a dozen Cholesky factors a way of the second, take about a second.
    private const int RidgeLimit = 1200;
    private const int CurvedLimit = 800;
    private const int MulticlassLimit = 600;
    private const double Tolerance = 1e-6;

    // See Best.
    private const double StandardErrors = 2;

    private readonly LeafRows _all;
    private readonly TreeTask _task;
    private readonly Workers _workers;
    private readonly bool _calibrated;

    /// <param name="all">The rows.</param>
    /// <param name="layer">The model.</param>
    /// <param name="tau">Given; null: chosen.</param>
    /// <param name="seed">Draws the sample and the folds.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public TreeSearch(LeafRows all, TreeLayer layer, double? tau, int seed, Workers workers)
    {
        (_all, _task, _workers, _calibrated) = (all, layer.Task, workers, layer.IsCalibrated);
        var limit = Limit(layer.Task);
        Sample = all.Rows > limit ? all.Take(Drawn(all.Rows, limit, seed)) : all;
        var (given, average) = (tau * all.Rows / Sample.Rows, all.Rows <= limit);
        Ways = layer.Task switch
        {
            TreeTask.Regression => RegressionWays.Of(Sample, given, average, workers),
            TreeTask.Softmax => MulticlassWays.OfSoftmax(Sample, given, average, seed, workers),
            TreeTask.OneVersusAll => MulticlassWays.OfOneVersusAll(Sample, _calibrated, given, average, workers),
            _ => CurvedWays.Of(Sample, Loss, _calibrated, given, average, workers),
        };
    }

    /// <summary>n.</summary>
    public int Rows => _all.Rows;

    /// <summary>The rows that chose.</summary>
    public LeafRows Sample { get; }

    /// <summary>The ways, from the least to the most that is fitted.</summary>
    public List<WayFit> Ways { get; }

    /// <summary>Why a linear model in the trees' place was not compared; null where it was.</summary>
    public string? WhyNoLinear => Ways.Exists(w => w.Way == FineTuneWay.LinearAlone) ? null
        : !LinearIsPossible(_task) ? "it is there for one output only"
        : Sample.WhyNoFeatures ?? _all.WhyNoFeatures ?? (_all.Given is null ? "CompareWays is false" : "no feature varies");

    /// <summary>Whether a linear model can take the place of the trees: so far of one output.</summary>
    public static bool LinearIsPossible(TreeTask task) => task is TreeTask.Regression or TreeTask.Rate or TreeTask.Binary;

    private RowLoss Loss => _task switch
    {
        TreeTask.Regression => RowLoss.Squared,
        TreeTask.Rate => RowLoss.Poisson,
        _ => RowLoss.Logistic,
    };

    /// <summary>Up to how many rows all of them are left out, and their average is one of the ways.</summary>
    public static int Limit(TreeTask task) => task switch
    {
        TreeTask.Regression => RidgeLimit,
        TreeTask.Binary or TreeTask.Rate => CurvedLimit,
        _ => MulticlassLimit,
    };

    /// <summary>
    /// The average of the ways on leaves, unless one way alone has so much less left-out loss that two standard errors of the difference
    /// do not
    /// explain it: then that one. Where there is no average, the way of the least left-out loss; of equal ones the first.
    /// </summary>
    /// <param name="linear">Whether the linear layer may be taken.</param>
    public WayFit Best(bool linear = true)
    {
        var weights = Sample.Weights;
        var best = Ways.Where(w => linear || w.Linear is null).MinBy(w => w.MeanLoss(weights))!;
        return Ways.Find(w => w.Way == FineTuneWay.Averaged) is { } average
            && average.MeanLoss(weights) - best.MeanLoss(weights) <= StandardErrors * average.StandardErrorAgainst(best, weights) ? average
            : best;
    }

    /// <summary>The taus of a way for all rows, where it moves leaves.</summary>
    public double[]? TausOf(WayFit way) => way.Taus is { } taus ? Array.ConvertAll(taus, t => t * Sample.Rows / _all.Rows) : null;

    /// <summary>A way fitted to all rows.</summary>
    public LeafFit FitAll(WayFit way)
    {
        if (ReferenceEquals(Sample, _all) || way.Way == FineTuneWay.AsItIs)
        {
            return way.Fit;
        }

        var taus = TausOf(way) ?? [.. Enumerable.Repeat(double.PositiveInfinity, _all.Outputs)];
        if (_task != TreeTask.OneVersusAll)
        {
            return Fit(_all, _task == TreeTask.Softmax ? null : Loss, way, 0, taus[0]);
        }

        var each = Enumerable.Range(0, _all.Outputs).Select(k =>
        {
            var labels = Array.ConvertAll(_all.Labels, y => y == k ? 1.0 : 0);
            return labels.Any(y => y == 1) ? Fit(_all.Output(k, labels), Loss, way, k, taus[k]) : LeafFit.AsItIs(1);
        }).ToArray();
        return new(
            [.. each.Select(f => f.Intercepts[0])],
            [.. each.Select(f => f.Scales[0])],
            each.All(f => f.Moves is null) ? null : [.. each.Select((f, k) => f.Moves?[0] ?? new double[_all.LeafCounts[k]])]);
    }

    private LeafFit Fit(LeafRows rows, RowLoss? loss, WayFit near, int output, double tau)
    {
        var penalty = near.Way switch
        {
            FineTuneWay.Shifted or FineTuneWay.FromModel => LeafPenalty.Held,
            FineTuneWay.StructureAlone => LeafPenalty.Structure,
            _ when _task == TreeTask.Regression => new LeafPenalty(true, 0, 1, 0),
            _ => LeafPenalty.Free(_calibrated, rows.ScoresOf(0)),
        };
        var newton = new LeafNewton(rows, loss, penalty, null, _workers);
        newton.From(_task == TreeTask.OneVersusAll
            ? new([near.Fit.Intercepts[output]], [near.Fit.Scales[output]], near.Fit.Moves is { } m ? [m[output]] : null) : near.Fit);
        newton.Solve(tau, Tolerance);
        return newton.Fit();
    }

    private static int[] Drawn(int rows, int count, int seed)
    {
        var order = Enumerable.Range(0, rows).ToArray();
        new Random(seed).Shuffle(order);
        var drawn = order[..count];
        Array.Sort(drawn);
        return drawn;
    }
}
