using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>The blend of classifiers, by classes.</summary>
internal static class ClassBlend
{
    /// <summary>From the rows of both; null where the target's rows as dense numbers may not be held.</summary>
    /// <param name="source">The source's rows.</param>
    /// <param name="target">The target's rows.</param>
    /// <param name="sourceOf">For each class of the target that of the source; -1: the source does not have it.</param>
    /// <param name="sourceTau">tau_S; null to have it chosen by left-out rows.</param>
    /// <param name="settings">How the fits are chosen.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static ResponseBlendResult? Of(
        ClassRows source, ClassRows target, int[] sourceOf, double? sourceTau, ResponseSettings settings, Workers workers) =>
        ResponseBlend.Holds(target, settings)
            ? Of(ResponseSource.Of(source, Loss.Of(source), sourceTau, settings, workers), sourceOf, target, settings, workers)
            : null;

    /// <summary>From a source that was fitted before.</summary>
    public static ResponseBlendResult Of(
        ResponseSource source, int[] sourceOf, ClassRows target, ResponseSettings settings, Workers workers) =>
        ResponseBlend.Of(source, target.Outputs == 1 ? [0] : sourceOf, target, Loss.Of(target), settings, workers);

    /// <summary>From a model alone, in the target's classes: those with weights of zero are unknown to it. null as in
    /// <see cref="Of(ClassRows, ClassRows, int[], double?, ResponseSettings, Workers)"/>.</summary>
    public static ResponseBlendResult? OfModel(Start model, ClassRows target, ResponseSettings settings, Workers workers)
    {
        if (!ResponseBlend.Holds(target, settings))
        {
            return null;
        }

        model.RequireLength(target.FeatureCount, target.Outputs);
        var p = target.FeatureCount;
        int[] known = [.. Enumerable.Range(0, target.Outputs).Select(k => model.Weights.AsSpan(k * p, p).ContainsAnyExcept(0.0) ? k : -1)];
        return ResponseBlend.Of(ResponseSource.OfModel(model), known, target, Loss.Of(target), settings, workers);
    }
}
