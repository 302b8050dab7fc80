using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>
/// The blend for losses that are not squared: the average of <see cref="ResponseRule"/> and <see cref="StartFits"/>, by what each of them
/// loses on rows that were left out of it by folds, drawn back to the target alone where that is not likely to be better.
/// </summary>
internal sealed class ResponseBlend
{
    // Against all fits from one start together: with few rows left-out losses say little, and it knows more of the source.
    private const double RulePrior = 100;

    // The published rule, but that the average counts whole from P = 0.75 on; of counts, whose noise is estimated, the model is taken at
    // half its word: docs/alignment.md.
    private static readonly BlendSettings _ofClasses = BlendSettings.Plain with { ProbabilityRamp = (0.5, 0.75) };
    private static readonly BlendSettings _ofCounts = _ofClasses with { HelpPower = 0.5 };

    private readonly ResponseSource _source;
    private readonly int[] _sourceOf;
    private readonly LabelledRows _rows;
    private readonly Loss _loss;
    private readonly ResponseSettings _settings;
    private readonly Workers _workers;
    private readonly ShareDone _progress;
    private readonly int[] _fold;
    private readonly double[] _weights;

    private ResponseBlend(
        ResponseSource source, int[] sourceOf, LabelledRows rows, Loss loss, ResponseSettings settings, Workers workers)
    {
        (_source, _sourceOf, _rows, _loss, _settings) = (source, sourceOf, rows, loss, settings);
        (_workers, _progress) = (workers.With(ShareDone.Untold), workers.Progress);
        _fold = StratifiedFolds.Of(rows, settings.Folds, settings.Seed);
        _weights = [.. Enumerable.Range(0, rows.Rows).Select(
            i => _fold[i] < 0 ? 0 : (rows.Weights?[i] ?? 1) * rows.Rows / rows.TotalWeight)];
    }

    private BlendSettings Constants => _loss.NoiseIsKnown ? _ofClasses : _ofCounts;

    private InterceptRule Rule => _settings.Intercept ? InterceptRule.Free : InterceptRule.None;

    /// <summary>Whether the target's rows as dense numbers may be held: without that there is no blend.</summary>
    public static bool Holds(LabelledRows rows, ResponseSettings settings) => settings.Holds(5.0 * rows.Rows * rows.FeatureCount);

    /// <param name="source">The source.</param>
    /// <param name="sourceOf">For each output of the target that of the source; -1: the source does not have it.</param>
    /// <param name="rows">The target's rows.</param>
    /// <param name="loss">Of their labels.</param>
    /// <param name="settings">How rows are left out, and how the fit of the target alone is chosen.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="ArgumentException">Source and target have not as many features.</exception>
    /// <exception cref="InvalidOperationException">The labels are all the same, or the rows would not fit in memory as dense
    /// numbers.</exception>
    public static ResponseBlendResult Of(
        ResponseSource source, int[] sourceOf, LabelledRows rows, Loss loss, ResponseSettings settings, Workers workers)
    {
        if (source.Weights(0).Length != rows.FeatureCount)
        {
            throw new ArgumentException(
                $"The source has {source.Weights(0).Length} features, the target {rows.FeatureCount}. Give both behind the same fitted "
                    + $"featuriser.",
                nameof(rows));
        }

        if (!Holds(rows, settings))
        {
            throw new InvalidOperationException(
                $"{rows.Rows} rows of {rows.FeatureCount} features as dense numbers take more than {settings.HeldBytes >> 20} MiB. "
                + "Use fewer rows or features, or train from a starting point, which keeps sparse rows sparse.");
        }

        return new ResponseBlend(source, sourceOf, rows, loss, settings, workers).Result();
    }

    private ResponseBlendResult Result()
    {
        var tau = ScratchTau();
        var whole = Part(_rows, tau, _workers);
        int[] folds = [.. _fold.Where(f => f >= 0).Distinct().Order()];
        if (folds.Length == 0)
        {
            _progress.Done();
            return Made(whole, tau, whole.Average.Fit, 1, null);
        }

        // The rule on all rows, on those without each fold, and the fits from one start: about as long each.
        var told = _progress.Counting(folds.Length + 2);
        told();
        var parts = new LeftOutPart[folds.Length];
        _workers.For(folds.Length, f =>
        {
            parts[f] = WithoutFold(folds[f], tau);
            told();
        });
        var starts = StartFits.Of(_rows, _loss, SourceInOutputs(), Rule, _fold, _workers);
        var (rule, scratch) = (RuleScores(parts), starts.ScratchScores(_weights, folds));
        double[][] scores = [rule, .. starts.LeftOutScores];
        var shares = new FitShares(
            [.. scores.Select(own => _loss.Of(_rows, own))], [RulePrior, .. starts.Priors], _weights, _fold, _loss);
        var average = new double[rule.Length];
        foreach (var f in folds)
        {
            Mix(shares.Without(f), scores, f, average);
        }

        var blend = (double[])scratch.Clone();
        for (var f = 0; f < folds.Length; f++)
        {
            var alpha = AlphaOf(parts[f].Average);
            ForScores(folds[f], at => blend[at] += alpha * (average[at] - scratch[at]));
        }

        told();
        var all = shares.Without(-1);
        var fit = Combined(all, j => j == 0 ? whole.Average.Fit : starts.Fit(j - 1, _workers));
        return Made(whole, tau, fit, all[0], new(Weighted(blend), Weighted(scratch), _loss.Predicted(blend)));
    }

    private ResponseBlendResult Made((Start Scratch, ResponseAverage Average) whole, double tau, Start average, double ruleShare,
        LeftOut? leftOut)
    {
        var rule = whole.Average;
        var alpha = AlphaOf(rule);
        return new()
        {
            Fit = Mixed(whole.Scratch, average, alpha),
            Average = average,
            Rule = rule,
            RuleShare = ruleShare,
            Scratch = whole.Scratch,
            ScratchTau = tau,
            LeftOutLosses = leftOut?.Blend ?? [],
            ScratchLosses = leftOut?.Scratch ?? [],
            LeftOutPredictions = leftOut?.Predictions ?? new float[_rows.Rows],
            LeftOutWeights = leftOut is null ? new double[_rows.Rows] : _weights,
            Alpha = alpha,
            EffectiveRows = _rows.Rows,
            Told = _source.Told,
        };
    }

    /// <summary>The tau of the target alone, by cross-validation.</summary>
    private double ScratchTau() => _settings.TargetTau is { } given ? given

        // Where each class has one row there is nothing to choose by: the strongest.
        : Enumerable.Range(0, _rows.Rows).All(_rows.IsLonely) ? NewtonPath.Grid(_rows, _workers)[0]
        : NewtonPath.Tuned(_rows, _loss, null, new NewtonSettings(0, Rule), _settings.Folds, _settings.Seed, _workers).Choice.Tau;

    /// <summary>The target alone, and the rule's average, on some rows.</summary>
    private (Start Scratch, ResponseAverage Average) Part(LabelledRows rows, double tau, Workers workers)
    {
        var fit = NewtonFit.Of(rows, _loss, null, new NewtonSettings(tau, Rule), workers: workers);
        var scratch = new Start(fit.Weights, fit.Intercepts);
        return (scratch, ResponseRule.Of(_source, _sourceOf, rows, _loss, scratch, _settings.Intercept, Constants, workers));
    }

    private LeftOutPart WithoutFold(int fold, double tau)
    {
        int[] held = [.. Enumerable.Range(0, _fold.Length).Where(i => _fold[i] == fold)];
        var part = Part(_rows.Take([.. Enumerable.Range(0, _fold.Length).Where(i => _fold[i] != fold)]), tau, _workers.Single);
        var rows = _rows.Take(held);
        return new(held, RowLosses.Scores(rows, part.Average.Fit, _workers.Single), part.Average);
    }

    /// <summary>The source's weights in the target's outputs: zero where it does not have one.</summary>
    private Start SourceInOutputs()
    {
        var p = _rows.FeatureCount;
        var start = Start.Zero(p, _loss.Outputs);
        for (var k = 0; k < _sourceOf.Length; k++)
        {
            if (_sourceOf[k] >= 0)
            {
                _source.Weights(_sourceOf[k]).CopyTo(start.Weights.AsSpan(k * p));
                start.Intercepts[k] = _source.Fit.Intercepts[_sourceOf[k]];
            }
        }

        return start;
    }

    private double AlphaOf(ResponseAverage rule) => Constants.Alpha(rule.ProbabilityOfHelp, rule.ZeroWeight);

    /// <summary>Losses of the rows that are left out at all, times their weights, which are of mean 1.</summary>
    private double[] Weighted(double[] scores)
    {
        int[] counted = [.. Enumerable.Range(0, _fold.Length).Where(i => _fold[i] >= 0)];
        var losses = _loss.Of(_rows, scores);
        var mean = counted.Average(i => _weights[i]);
        return [.. counted.Select(i => losses[i] * _weights[i] / mean)];
    }

    private double[] RuleScores(LeftOutPart[] parts)
    {
        var (k, all) = (_loss.Outputs, new double[_rows.Rows * _loss.Outputs]);
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Rows.Length; i++)
            {
                part.Rule.AsSpan(i * k, k).CopyTo(all.AsSpan(part.Rows[i] * k));
            }
        }

        return all;
    }

    private void Mix(double[] shares, double[][] scores, int fold, double[] mixed) =>
        ForScores(fold, at =>
        {
            for (var j = 0; j < shares.Length; j++)
            {
                mixed[at] += shares[j] > 0 ? shares[j] * scores[j][at] : 0;
            }
        });

    private void ForScores(int fold, Action<int> act)
    {
        for (var at = 0; at < _fold.Length * _loss.Outputs; at++)
        {
            if (_fold[at / _loss.Outputs] == fold)
            {
                act(at);
            }
        }
    }

    private Start Combined(double[] shares, Func<int, Start> fit)
    {
        var sum = Start.Zero(_rows.FeatureCount, _loss.Outputs);
        for (var j = 0; j < shares.Length; j++)
        {
            if (shares[j] > 0)
            {
                var own = fit(j);
                Product.AddScaled(shares[j], own.Weights, sum.Weights);
                Product.AddScaled(shares[j], own.Intercepts, sum.Intercepts);
            }
        }

        return sum;
    }

    private static Start Mixed(Start scratch, Start average, double alpha)
    {
        double[] Between(double[] from, double[] to) => [.. from.Zip(to, (a, b) => a + (alpha * (b - a)))];
        return new(Between(scratch.Weights, average.Weights), Between(scratch.Intercepts, average.Intercepts));
    }

    private sealed record LeftOutPart(int[] Rows, double[] Rule, ResponseAverage Average);

    private sealed record LeftOut(double[] Blend, double[] Scratch, float[] Predictions);
}
