using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>The levels of the outputs, drawn to those that the source foretells at the target's means.</summary>
internal static class ResponseLevels
{
    /// <param name="outputs">Of the target.</param>
    /// <param name="source">The source.</param>
    /// <param name="sourceOf">For each output that of the source; -1: the source does not have it, and the level stays that of the
    /// rows.</param>
    /// <param name="loss">Scores of classes have no common level: the source's is brought to the rows' first.</param>
    public static void Set(ResponseOutput[] outputs, ResponseSource source, int[] sourceOf, Loss loss)
    {
        var known = Enumerable.Range(0, outputs.Length).Where(k => sourceOf[k] >= 0 && outputs[k].Target.HasIntercept).ToArray();
        var foretold = Array.ConvertAll(known, k =>
            source.Fit.Intercepts[sourceOf[k]] + Product.Dot(source.Weights(sourceOf[k]), outputs[k].Target.Centred.FeatureMeans));
        var (shift, total) = (0.0, 0.0);
        for (var j = 0; j < known.Length && loss.LeavesLevelOpen; j++)
        {
            var output = outputs[known[j]];
            shift += output.Weight * (output.Target.Centred.LabelMean - foretold[j]);
            total += output.Weight;
        }

        for (var j = 0; j < known.Length; j++)
        {
            outputs[known[j]].DrawLevel(foretold[j] + (total > 0 ? shift / total : 0));
        }
    }
}
