using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Advice;

/// <summary>The risk of every target row under every pair (start, tau_1), by fits without the row's fold.</summary>
internal sealed class LeftOutLosses
{
    private readonly LabelledRows _target;
    private readonly RiskMeasure _measure;
    private readonly double[][][] _losses;
    private readonly float[][][] _predictions;
    private readonly int[] _fold;
    private readonly double[] _weights;

    private LeftOutLosses(
        LabelledRows target, RiskMeasure measure, double[] taus, double[][][] losses, float[][][] predictions, int[] fold)
    {
        (_target, _measure, Taus, _losses, _predictions, _fold) = (target, measure, taus, losses, predictions, fold);
        _weights = new double[fold.Length];
        for (var i = 0; i < fold.Length; i++)
        {
            _weights[i] = fold[i] < 0 ? 0 : target.Weights?[i] ?? 1;
        }

        Folds = [.. fold.Where(f => f >= 0).Distinct().Order()];
    }

    /// <summary>tau_1, strong to weak. The first is infinity, no training but of the intercepts, and not a choice.</summary>
    public double[] Taus { get; }

    public IReadOnlyList<int> Folds { get; }

    public static LeftOutLosses Of(
        LabelledRows target, Loss loss, IReadOnlyList<Start?> starts, CurvedSettings wanted, Workers workers)
    {
        double[] taus = [double.PositiveInfinity, .. NewtonPath.Grid(target, workers, wanted.TargetTaus)];
        var fold = StratifiedFolds.Of(target, wanted.Folds, wanted.Seed);
        var (losses, predictions) = (new double[starts.Count][][], new float[starts.Count][][]);
        var settings = wanted.Fits;
        var done = workers.Progress.Counting(starts.Count * taus.Length);
        workers.For(starts.Count, j =>
        {
            var task = new NewtonTask(target, loss, starts[j], settings.Intercept, workers.Single);
            var leftOut = NewtonPath.LeftOutPredictions(task, settings, fold);
            (losses[j], predictions[j]) = (new double[taus.Length][], new float[taus.Length][]);
            for (var t = 0; t < taus.Length; t++)
            {
                (var own, predictions[j][t]) = leftOut(taus[t]);
                losses[j][t] = Array.ConvertAll(own, loss => wanted.Unit * loss);
                done();
            }
        });
        return new(target, wanted.Measure, taus, losses, predictions, fold);
    }

    /// <summary>The weighted mean loss of a pair.</summary>
    public double Mean(Setting at) => Mean(at, without: -1);

    /// <summary>The same without the rows of one fold.</summary>
    public double Mean(Setting at, int without)
    {
        var (sum, total, losses) = (0.0, 0.0, _losses[at.Start][at.Tau]);
        for (var i = 0; i < losses.Length; i++)
        {
            var weight = _fold[i] == without ? 0 : _weights[i];
            sum += weight * losses[i];
            total += weight;
        }

        return sum / total;
    }

    /// <summary>What the same rows say of a pair in plain units.</summary>
    public PlainErrors Plain(Setting at) => PlainErrors.Of(_measure, _target, _predictions[at.Start][at.Tau], _weights);

    /// <summary>The standard error of the mean loss of one pair less that of another, row by row.</summary>
    public double PairedError(Setting at, Setting reference) => Gain(_ => reference, _ => at).StandardError;

    /// <summary>
    /// What a choice saves against another, each made anew for every fold from the others: the mean over rows, and its standard error.
    /// </summary>
    public MeanDifference Gain(Func<int, Setting> reference, Func<int, Setting> choice)
    {
        var gains = new double[_fold.Length];
        foreach (var f in Folds)
        {
            var (against, with) = (_losses[reference(f).Start][reference(f).Tau], _losses[choice(f).Start][choice(f).Tau]);
            for (var i = 0; i < gains.Length; i++)
            {
                gains[i] = _fold[i] == f ? against[i] - with[i] : gains[i];
            }
        }

        return MeanDifference.Of(gains, _weights);
    }
}
