using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Trees.Ensembles;

/// <summary>
/// How one-versus-all makes its scores of those of its models. ML.NET does not say, so it is asked: the scores of rows are compared with
/// the three
/// ways that there are.
/// </summary>
internal static class Combination
{
    // Between ways the scores differ in the first digits; within one by the rounding of single precision.
    private const double Rounding = 1e-4;
    private const int Rows = 8;

    public enum Kind
    {
        /// <summary>The scores as they are.</summary>
        Raw,

        /// <summary>The probabilities of the models, divided by their sum.</summary>
        Probabilities,

        /// <summary>exp(score), divided by their sum.</summary>
        Softmax,
    }

    public static Kind Of(ISingleFeaturePredictionTransformer<object> transformer, ImmutableArray<object> models, LeafScore[] outputs)
    {
        var rows = Enumerable.Range(0, Rows).Select(r => Row(outputs[0].FeatureCount, r)).ToArray();
        var ml = new MLContext(seed: 0);
        var schema = SchemaDefinition.Create(typeof(Probe));
        schema[nameof(Probe.Features)].ColumnType = transformer.FeatureColumnType;
        schema[nameof(Probe.Features)].ColumnName = transformer.FeatureColumnName;
        var view = ml.Data.LoadFromEnumerable(rows.Select(r => new Probe { Features = new(r.Length, r) }), schema);
        var scores = ((ITransformer)transformer).Transform(view).GetColumn<float[]>("Score").ToArray();
        var raw = rows.Select(r => Array.ConvertAll(outputs, o => ScoreOf(o, r))).ToArray();
        bool Fits(Func<double[], double[]> way) => Enumerable.Range(0, Rows).All(r => Near(scores[r], way(raw[r])));
        return Fits(s => s) ? Kind.Raw
            : Fits(s => Shares(Array.ConvertAll(s, v => Math.Exp(v - s.Max())))) ? Kind.Softmax
            : Fits(s => Shares([.. s.Select((v, k) => Probability(models[k], v))])) ? Kind.Probabilities
            : throw new NotSupportedException(
                "How this model makes the scores of its classes is not known here: they are neither the scores of its models, nor their "
                    + "probabilities, nor their softmax. "
                + "Train it with LightGbm, or with OneVersusAll over FastTree or Gam. See docs/trees.md.");
    }

    private static float[] Row(int features, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, features).Select(_ => (float)(Math.Pow(10, random.Next(0, 4)) * (random.NextDouble() - 0.3)))];
    }

    private static double ScoreOf(LeafScore output, float[] row)
    {
        var leaves = new int[output.Trees];
        output.LeavesOf(new(row.Length, row), leaves);
        var values = output.Values();
        return output.Offset + (output.Unit * leaves.Sum(l => values[l]));
    }

    private static double Probability(object model, double score) => model is CalibratedModelParametersBase { Calibrator: { } calibrator }
        ? calibrator is PlattCalibrator platt ? 1 / (1 + Math.Exp((platt.Slope * score) + platt.Offset)) : double.NaN
        : double.NaN;

    private static double[] Shares(double[] values) => Array.ConvertAll(values, v => v / values.Sum());

    private static bool Near(float[] scores, double[] expected)
        => !expected.Where((e, k) => !(Math.Abs(scores[k] - e) <= Rounding * Math.Max(1, Math.Abs(e)))).Any();

    private sealed class Probe
    {
        public VBuffer<float> Features { get; set; }
    }
}
