using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>
/// L2-SP fits of the loss itself, from a few multiples of the source's weights, with every tau of a grid: where rows are fewer than
/// features or classes all but separable, the working response is far from the loss, and these are not.
/// </summary>
internal sealed class StartFits
{
    private const int TauCount = 13;

    // Weights to five digits: left-out losses are compared to four.
    private const double Tolerance = 1e-5;

    // A tau whose left-out losses add up to so much more than the best's has no share that counts, and smaller ones less.
    private const double Hopeless = 12;

    private readonly LabelledRows _rows;
    private readonly Loss _loss;
    private readonly Start[] _starts;
    private readonly int[] _fold;
    private readonly NewtonSettings _settings;
    private readonly (int Start, double Tau)[] _fits;

    private StartFits(
        LabelledRows rows, Loss loss, Start[] starts, NewtonSettings settings, int[] fold, (int Start, double Tau, double[] Scores)[] fits)
    {
        (_rows, _loss, _starts, _settings, _fold) = (rows, loss, starts, settings, fold);
        (_fits, LeftOutScores) = ([.. fits.Select(f => (f.Start, f.Tau))], [.. fits.Select(f => f.Scores)]);
    }

    /// <summary>What the source's weights are multiplied by; 0 is the target alone.</summary>
    public static IReadOnlyList<double> Scales { get; } = [0, 0.5, 1, 1.5];

    /// <summary>Of each fit the scores of all rows without their fold (n x outputs, offsets in them).</summary>
    public double[][] LeftOutScores { get; }

    /// <summary>The share of each fit before anything is seen: half of all for c = 1, and all taus alike.</summary>
    public double[] Priors
    {
        get
        {
            double Of((int Start, double Tau) fit) => (Scales[fit.Start] == 1 ? 0.5 : 0.5 / (Scales.Count - 1))
                / (1 + TauCount);
            return [.. _fits.Select(Of)];
        }
    }

    /// <param name="rows">The target's rows.</param>
    /// <param name="loss">Of their labels.</param>
    /// <param name="source">The source's weights, in the target's outputs.</param>
    /// <param name="rule">What becomes of the intercepts.</param>
    /// <param name="fold">The fold of each row; -1 is never left out.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static StartFits Of(LabelledRows rows, Loss loss, Start source, InterceptRule rule, int[] fold, Workers workers)
    {
        double[] taus = [double.PositiveInfinity, .. NewtonPath.Grid(rows, workers, TauCount)];
        var settings = new NewtonSettings(0, rule, Tolerance);
        Start[] starts = [.. Scales.Select(c => new Start(Array.ConvertAll(source.Weights, w => c * w), source.Intercepts))];
        var smaller = RowSpace.Pays(rows.Design);
        var scores = new double[starts.Length][][];
        workers.For(starts.Length, s =>
        {
            var (seen, start) = smaller ? RowSpace.Of(rows, starts[s], workers.Single) : (rows, starts[s]);
            var leftOut = NewtonPath.LeftOutScores(new NewtonTask(seen, loss, start, rule, workers.Single), settings, fold);
            scores[s] = [.. Worthwhile(taus, leftOut, own => LossOf(rows, loss, own, fold))];
        });
        return new(
            rows, loss, starts, settings, fold, [.. scores.SelectMany((own, s) => own.Select((values, t) => (s, taus[t], values)))]);
    }

    /// <summary>
    /// The scores of the target alone (n x outputs), its tau chosen for each fold by the losses of the other folds, so that the choice is
    /// paid for.
    /// </summary>
    /// <param name="weights">Of the rows; zero: does not count.</param>
    /// <param name="folds">Those that there are.</param>
    public double[] ScratchScores(double[] weights, int[] folds)
    {
        int[] alone = [.. Enumerable.Range(0, _fits.Length).Where(j => Scales[_fits[j].Start] == 0)];
        var losses = Array.ConvertAll(alone, j => _loss.Of(_rows, LeftOutScores[j]));
        var (k, scores) = (_loss.Outputs, new double[_rows.Rows * _loss.Outputs]);
        foreach (var f in folds)
        {
            double Others(int a) => Enumerable.Range(0, _fold.Length).Sum(i => _fold[i] == f ? 0 : weights[i] * losses[a][i]);
            var best = alone[Enumerable.Range(0, alone.Length).MinBy(Others)];
            for (var i = 0; i < _fold.Length; i++)
            {
                if (_fold[i] == f)
                {
                    LeftOutScores[best].AsSpan(i * k, k).CopyTo(scores.AsSpan(i * k));
                }
            }
        }

        return scores;
    }

    /// <summary>A fit to all rows.</summary>
    public Start Fit(int fit, Workers workers)
    {
        var (start, tau) = _fits[fit];
        var model = NewtonFit.Of(_rows, _loss, _starts[start], _settings with { Tau = tau }, workers: workers);
        return new(model.Weights, model.Intercepts);
    }

    private static IEnumerable<double[]> Worthwhile(double[] taus, Func<double, double[]> leftOut, Func<double[], double> lossOf)
    {
        var least = double.PositiveInfinity;
        foreach (var tau in taus)
        {
            var scores = leftOut(tau);
            var loss = lossOf(scores);
            yield return scores;
            if (loss > least + Hopeless)
            {
                yield break;
            }

            least = Math.Min(least, loss);
        }
    }

    private static double LossOf(LabelledRows rows, Loss loss, double[] scores, int[] fold)
    {
        var (k, sum) = (loss.Outputs, 0.0);
        for (var i = 0; i < fold.Length; i++)
        {
            sum += fold[i] < 0 ? 0 : (rows.Weights?[i] ?? 1) * rows.Rows / rows.TotalWeight * loss.Of(
                scores.AsSpan(i * k, k), rows.Labels[i]);
        }

        return sum;
    }
}
