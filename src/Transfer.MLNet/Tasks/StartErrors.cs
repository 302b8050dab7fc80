using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Tasks;

/// <summary>
/// What a fit and the starting point that it was held to lose on the same rows: the fit on those that were left out of it, the start, which
/// has seen none of them, as it is.
/// </summary>
/// <param name="Before">The start's mean loss.</param>
/// <param name="After">The fit's.</param>
/// <param name="StandardError">Of the mean difference, row by row.</param>
/// <param name="RightBefore">The share of the rows whose class the start has right; null of labels that are no classes.</param>
/// <param name="RightAfter">The same of the fit.</param>
internal sealed record StartErrors(double Before, double After, double StandardError, double? RightBefore, double? RightAfter)
{
    /// <param name="rows">The rows.</param>
    /// <param name="loss">Of their labels.</param>
    /// <param name="start">The starting point as it is, without a scale.</param>
    /// <param name="leftOut">How the rows fared that were left out.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static StartErrors Of(LabelledRows rows, Loss loss, Start start, LeftOutRows leftOut, Workers workers)
    {
        var scores = new NewtonTask(rows, loss, start, InterceptRule.TowardsStart, workers).Offsets;
        var (losses, predictions) = (loss.Of(rows, scores), loss.Predicted(scores));
        double[] weights = [.. leftOut.Rows.Select(i => rows.Weights?[i] ?? 1)];
        MeanDifference Mean(Func<int, double> of) => MeanDifference.Of([.. leftOut.Rows.Select(of)], weights);
        double? Right(float[] predicted) => loss.IsRight(0, 0) is null ? null
            : Mean(i => loss.IsRight(predicted[i], rows.Labels[i])!.Value ? 1 : 0).Mean;
        return new(
            Mean(i => losses[i]).Mean,
            Mean(i => leftOut.Losses[i]).Mean,
            Mean(i => losses[i] - leftOut.Losses[i]).StandardError,
            Right(predictions),
            Right(leftOut.Predictions));
    }
}
