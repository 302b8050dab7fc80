using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>
/// The rule for losses that are not squared. Near its fit a loss is weighted least squares on a working response; the rule of
/// <see cref="BlendRule"/> is applied to that, the response is made anew at the fit, and so on. Several classes have a response each.
/// </summary>
internal sealed class ResponseRule
{
    private const int Rounds = 6;

    // From one round to the next scores stay so near to their level: a response far out is all noise.
    private const double Reach = 4;

    private readonly ResponseSource _source;
    private readonly int[] _sourceOf;
    private readonly LabelledRows _rows;
    private readonly Loss _loss;
    private readonly bool _intercept;
    private readonly BlendSettings _constants;
    private readonly Workers _workers;
    private readonly Matrix _features;
    private readonly double[] _levels;

    private ResponseRule(
        ResponseSource source, int[] sourceOf, LabelledRows rows, Loss loss, bool intercept, BlendSettings constants, Workers workers)
    {
        (_source, _sourceOf, _rows, _loss) = (source, sourceOf, rows, loss);
        (_intercept, _constants, _workers) = (intercept, constants, workers);
        _features = new Matrix(rows.Rows, rows.FeatureCount);
        for (var i = 0; i < rows.Rows; i++)
        {
            rows.Design.WriteRow(i, _features.Row(i));
        }

        _levels = intercept
            ? NewtonFit.Of(rows, loss, null, new NewtonSettings(double.PositiveInfinity), workers: workers).Intercepts
            : new double[loss.Outputs];
    }

    private int Outputs => _loss.Outputs;

    /// <param name="source">The source.</param>
    /// <param name="sourceOf">For each output of the target that of the source; -1: the source does not have it.</param>
    /// <param name="rows">The target's rows.</param>
    /// <param name="loss">Of their labels.</param>
    /// <param name="scratch">The target alone.</param>
    /// <param name="intercept">Whether the fits have one.</param>
    /// <param name="constants">Those of the rule.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static ResponseAverage Of(
        ResponseSource source, int[] sourceOf, LabelledRows rows, Loss loss, Start scratch, bool intercept, BlendSettings constants,
        Workers workers) => new ResponseRule(source, sourceOf, rows, loss, intercept, constants, workers).Result(scratch);

    private ResponseAverage Result(Start scratch)
    {
        var rules = Converged(out var average);
        var results = new BlendResult[Outputs];
        for (var k = 0; k < Outputs; k++)
        {
            results[k] = rules[k].Rule!.Result((Of(scratch, k), new double[_rows.Rows]));
        }

        var known = Enumerable.Range(0, Outputs).Where(k => _sourceOf[k] >= 0).ToArray();
        return new()
        {
            Fit = average,
            ProbabilityOfHelp = known.Length == 0 ? 0.5
                : Outputs == 1 ? results[0].ProbabilityOfHelp : JointProbability(rules, results, scratch),
            ZeroWeight = known.Length == 0 ? 1 : known.Average(k => results[k].ZeroWeight),
            Scale = known.Length == 0 ? 0 : known.Average(k => results[k].Scale),
            ScaleInterval = known.Length == 0
                ? (ScalePrior.Nodes[0], ScalePrior.Nodes[^1])
                : (known.Average(k => results[k].ScaleInterval.Lower), known.Average(k => results[k].ScaleInterval.Upper)),
            UnitsDiffer = 2 * known.Count(k => results[k].UnitsDiffer) > known.Length,
            MetricWeights =
            [
                .. results.SelectMany(r => r.MetricWeights).GroupBy(m => m.Metric).Select(g => (g.Key, g.Sum(m => m.Weight) / Outputs)),
            ],
        };
    }

    /// <summary>The rules at the last round, and the average.</summary>
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

            next = Held(next);
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
        return new(BlendTarget.Of(rows, _intercept, null, _workers), rows, _loss.NoiseIsKnown);
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

    /// <summary>Scores no farther from their level (with the offset) than <see cref="Reach"/>.</summary>
    private double[] Held(double[] scores)
    {
        var held = new double[scores.Length];
        for (var i = 0; i < held.Length; i++)
        {
            var level = _levels[i % Outputs] + (_rows.Offsets?[i / Outputs] ?? 0);
            held[i] = Math.Clamp(scores[i], level - Reach, level + Reach);
        }

        return held;
    }

    private double[] Of(Start fit, int k) => fit.Weights[(k * _rows.FeatureCount)..((k + 1) * _rows.FeatureCount)];
}
