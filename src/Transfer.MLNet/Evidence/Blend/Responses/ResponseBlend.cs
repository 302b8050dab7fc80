using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>
/// The blend for losses that are not squared. Near its fit a loss is weighted least squares on a working response; the rule of
/// <see cref="BlendRule"/> is applied to that, the response is made anew at the fit, and so on. Several classes have a response each.
/// </summary>
internal sealed class ResponseBlend
{
    private const int Rounds = 6;

    // From one round to the next scores stay so near to their level: a response far out is all noise.
    private const double Reach = 4;

    // A left-out score beyond it says no more than "sure".
    private const double LeftOutReach = 20;

    private readonly ResponseSource _source;
    private readonly int[] _sourceOf;
    private readonly LabelledRows _rows;
    private readonly Loss _loss;
    private readonly ResponseSettings _settings;
    private readonly BlendSettings _constants;
    private readonly Workers _workers;
    private readonly ShareDone _progress;
    private readonly Matrix _features;
    private readonly double[] _levels;

    private ResponseBlend(
        ResponseSource source, int[] sourceOf, LabelledRows rows, Loss loss, ResponseSettings settings, BlendSettings constants,
            Workers workers)
    {
        (_source, _sourceOf, _rows, _loss, _settings, _constants, _workers) = (
            source, sourceOf, rows, loss, settings, constants, workers.With(ShareDone.Untold));
        _progress = workers.Progress;
        _features = new Matrix(rows.Rows, rows.FeatureCount);
        for (var i = 0; i < rows.Rows; i++)
        {
            rows.Design.WriteRow(i, _features.Row(i));
        }

        _levels = settings.Intercept
            ? NewtonFit.Of(rows, loss, null, new NewtonSettings(double.PositiveInfinity, Rule), workers: workers).Intercepts
            : new double[loss.Outputs];
    }

    private InterceptRule Rule => _settings.Intercept ? InterceptRule.Free : InterceptRule.None;

    private int Outputs => _loss.Outputs;

    /// <summary>Whether the target's rows as dense numbers may be held: without that there is no blend.</summary>
    public static bool Holds(LabelledRows rows, ResponseSettings settings) => settings.Holds(5.0 * rows.Rows * rows.FeatureCount);

    /// <param name="source">The source.</param>
    /// <param name="sourceOf">For each output of the target that of the source; -1: the source does not have it.</param>
    /// <param name="rows">The target's rows.</param>
    /// <param name="loss">Of their labels.</param>
    /// <param name="settings">How the fit of the target alone is chosen.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="constants">Those of the rule; null for the plain ones.</param>
    /// <exception cref="ArgumentException">Source and target have not as many features.</exception>
    /// <exception cref="InvalidOperationException">The labels are all the same, or the rows would not fit in memory as dense
    /// numbers.</exception>
    public static ResponseBlendResult Of(
        ResponseSource source, int[] sourceOf, LabelledRows rows, Loss loss, ResponseSettings settings, Workers workers,
        BlendSettings? constants = null)
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

        return new ResponseBlend(source, sourceOf, rows, loss, settings, constants ?? BlendSettings.Plain, workers).Result();
    }

    private ResponseBlendResult Result()
    {
        var (scratch, tau, alone) = ScratchFit();
        var rules = Converged(out var average);
        var results = new BlendResult[Outputs];
        for (var k = 0; k < Outputs; k++)
        {
            results[k] = rules[k].Rule!.Result((Of(scratch, k), new double[_rows.Rows]));
        }

        _progress.Done();
        var known = Enumerable.Range(0, Outputs).Where(k => _sourceOf[k] >= 0).ToArray();
        var probability = known.Length == 0 ? 0.5 : Outputs == 1 ? results[0].ProbabilityOfHelp : JointProbability(rules, results, scratch);
        var zero = known.Length == 0 ? 1 : known.Average(k => results[k].ZeroWeight);
        var alpha = _constants.Alpha(probability, zero);
        var leftOut = new double[alone.Length];
        for (var k = 0; k < Outputs; k++)
        {
            Write(rules[k].LeftOutScores(results[k].AveragedResiduals), k, leftOut);
        }

        for (var i = 0; i < leftOut.Length; i++)
        {
            leftOut[i] = alone[i] + (alpha * (leftOut[i] - alone[i]));
        }

        return new()
        {
            Fit = Mixed(scratch, average, alpha),
            Average = average,
            Scratch = scratch,
            ScratchTau = tau,
            LeftOutLosses = Losses(leftOut),
            LeftOutPredictions = _loss.Predicted(Held(leftOut, LeftOutReach)),
            ScratchLosses = Losses(alone),
            ProbabilityOfHelp = probability,
            ZeroWeight = zero,
            Alpha = alpha,
            Scale = known.Length == 0 ? 0 : known.Average(k => results[k].Scale),
            ScaleInterval = known.Length == 0
                ? (ScalePrior.Nodes[0], ScalePrior.Nodes[^1])
                : (known.Average(k => results[k].ScaleInterval.Lower), known.Average(k => results[k].ScaleInterval.Upper)),
            UnitsDiffer = 2 * known.Count(k => results[k].UnitsDiffer) > known.Length,
            Helps = alpha == 0 ? false : probability >= _constants.Sure ? true : null,
            EffectiveRows = _rows.Rows,
            MetricWeights =
            [
                .. results.SelectMany(r => r.MetricWeights).GroupBy(m => m.Metric).Select(g => (g.Key, g.Sum(m => m.Weight) / Outputs)),
            ],
            Told = _source.Told,
        };
    }

    /// <summary>The target alone by its loss: ridge with the tau that cross-validation chooses, and its left-out scores (n x
    /// outputs).</summary>
    private (Start Fit, double Tau, double[] LeftOut) ScratchFit()
    {
        // Where each class has one row there is nothing to choose by: the strongest.
        var tau = _settings.TargetTau is { } given ? given
            : Enumerable.Range(0, _rows.Rows).All(_rows.IsLonely) ? NewtonPath.Grid(_rows, _workers)[0]
            : NewtonPath.Tuned(_rows, _loss, null, new NewtonSettings(0, Rule), _settings.Folds, _settings.Seed, _workers).Choice.Tau;
        var fit = NewtonFit.Of(_rows, _loss, null, new NewtonSettings(tau, Rule), workers: _workers);
        var scratch = new Start(fit.Weights, fit.Intercepts);
        var scores = RowLosses.Scores(_rows, scratch, _workers);
        var response = WorkingResponse.Of(_loss, _rows, scores);
        var leftOut = new double[scores.Length];
        for (var k = 0; k < Outputs; k++)
        {
            // At its own fit the response's ridge is the loss's, so that deleting a row from it is one Newton step from the fit with it.
            var output = OutputOf(response, k);
            var identity = DiagonalMetric.Identity(new double[_rows.FeatureCount], 1);
            var spectrum = MetricSpectrum.Of(identity.InMetric(output.Target.Centred.Features, _workers), _workers);
            Write(output.LeftOutScores(Blend.ScratchFit.Of(output.Target, spectrum, identity, tau / output.Weight).Residuals), k, leftOut);
        }

        return (scratch, tau, leftOut);
    }

    /// <summary>The rules at the last round, its scores, and the average.</summary>
    private ResponseOutput[] Converged(out Start average)
    {
        var (n, p) = (_rows.Rows, _rows.FeatureCount);
        var scores = new double[n * Outputs];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = _levels[i % Outputs] + (_rows.Offsets?[i / Outputs] ?? 0);
        }

        average = Start.Zero(p, Outputs);
        var rules = new ResponseOutput[Outputs];
        for (var round = 0; round < Rounds; round++)
        {
            _progress.Report((double)round / Rounds);
            _workers.Cancellation.ThrowIfCancellationRequested();
            var response = WorkingResponse.Of(_loss, _rows, scores);
            var next = new double[scores.Length];
            average = Start.Zero(p, Outputs);
            for (var k = 0; k < Outputs; k++)
            {
                rules[k] = OutputOf(response, k);
            }

            ResponseLevels.Set(rules, _source, _sourceOf, _loss);
            for (var k = 0; k < Outputs; k++)
            {
                var weights = Average(rules[k], k);
                weights.CopyTo(average.Weights, k * p);
                average.Intercepts[k] = rules[k].Level - Product.Dot(rules[k].Target.Centred.FeatureMeans, weights);
                var own = Product.Times(_features, weights);
                for (var i = 0; i < n; i++)
                {
                    next[(i * Outputs) + k] = own[i] + average.Intercepts[k] + (_rows.Offsets?[i] ?? 0);
                }
            }

            next = Held(next, Reach);
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] = round == 0 ? next[i] : 0.5 * (scores[i] + next[i]);
            }
        }

        return rules;
    }

    private double[] Average(ResponseOutput output, int k)
    {
        var source = _sourceOf[k] >= 0 ? _source[_sourceOf[k]] : BlendSource.OfModel(new double[_rows.FeatureCount]);
        var evidence = output.NoiseIsKnown ? NodeEvidence.KnownNoise(1 / output.Weight) : NodeEvidence.UnknownNoise(output.Target);
        output.Rule = new BlendRule(source, output.Target, evidence, _constants, _workers);
        return output.Rule.Average().Weights;
    }

    private ResponseOutput OutputOf(WorkingResponse response, int k)
    {
        var rows = new HeldRows(_features, response.Responses(k), response.Weights(k), _rows.FeatureNames);
        return new(BlendTarget.Of(rows, _settings.Intercept, null, _workers), rows, _loss.NoiseIsKnown);
    }

    /// <summary>Scores of one output, with the offsets, among those of all (n x outputs).</summary>
    private void Write(double[] own, int k, double[] scores)
    {
        for (var i = 0; i < own.Length; i++)
        {
            scores[(i * Outputs) + k] = own[i] + (_rows.Offsets?[i] ?? 0);
        }
    }

    private double[] Losses(double[] scores)
    {
        var held = Held(scores, LeftOutReach);
        var losses = _loss.Of(_rows, held);
        for (var i = 0; i < losses.Length && _rows.Weights is not null; i++)
        {
            losses[i] *= _rows.Weights[i] * _rows.Rows / _rows.TotalWeight;
        }

        return losses;
    }

    /// <summary>The difference of the risks added up over the classes, as Gaussian.</summary>
    private double JointProbability(ResponseOutput[] rules, BlendResult[] results, Start scratch)
    {
        var (mean, variance) = (0.0, 0.0);
        for (var k = 0; k < Outputs; k++)
        {
            var (own, spread) = rules[k].Rule!.RiskDifference(results[k].AveragedWeights, Of(scratch, k));
            mean += own * rules[k].Weight;
            variance += spread * rules[k].Weight * rules[k].Weight;
        }

        return variance > 0 ? Normal.CDF(0, 1, -mean / Math.Sqrt(variance)) : 0.5;
    }

    /// <summary>Scores no farther from their level (with the offset) than a reach.</summary>
    private double[] Held(double[] scores, double reach)
    {
        var held = new double[scores.Length];
        for (var i = 0; i < held.Length; i++)
        {
            var level = _levels[i % Outputs] + (_rows.Offsets?[i / Outputs] ?? 0);
            held[i] = Math.Clamp(scores[i], level - reach, level + reach);
        }

        return held;
    }

    private double[] Of(Start fit, int k) => fit.Weights[(k * _rows.FeatureCount)..((k + 1) * _rows.FeatureCount)];

    private static Start Mixed(Start scratch, Start average, double alpha)
    {
        double[] Between(double[] from, double[] to) => [.. from.Zip(to, (a, b) => a + (alpha * (b - a)))];
        return new(Between(scratch.Weights, average.Weights), Between(scratch.Intercepts, average.Intercepts));
    }
}
