using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>The rows of two tasks with a loss that is no square, and which output of the source each output of the target is.</summary>
/// <param name="Source">The source's rows.</param>
/// <param name="SourceLoss">Of their labels.</param>
/// <param name="Target">The target's rows.</param>
/// <param name="Loss">Of their labels.</param>
/// <param name="SourceOf">For each output of the target that of the source; -1: the source does not have it.</param>
internal sealed record CurvedPair(LabelledRows Source, Loss SourceLoss, LabelledRows Target, Loss Loss, int[] SourceOf)
{
    /// <summary>Two tasks with one output each.</summary>
    public static CurvedPair Of(LabelledRows source, LabelledRows target, Loss loss) => new(source, loss, target, loss, [0]);

    /// <summary>Whether the source says anything of the target's outputs.</summary>
    public bool Overlaps => SourceOf.Any(k => k >= 0);

    /// <summary>A fit of the source as a start of the target: outputs that it does not have start from nothing.</summary>
    public Start ToTarget(double[] weights, double[] intercepts) => ClassPair.Move(weights, intercepts, SourceOf, Target.FeatureCount);
}
