using Transfer.MLNet.Choosing;

namespace Transfer.MLNet.Solvers;

/// <summary>A fit, and what is known of the rows that it was made from.</summary>
/// <param name="Fit">The weights and the intercept.</param>
/// <param name="Choice">How tau was chosen; null where it was given.</param>
/// <param name="Rows">n, the rows that counted.</param>
/// <param name="FeatureMeans">Weighted means of the features (p).</param>
/// <param name="LabelDeviation">The label's weighted standard deviation.</param>
internal sealed record SolvedTask(LinearFit Fit, TauChoice? Choice, long Rows, double[] FeatureMeans, double LabelDeviation)
{
    /// <summary>Whether tau was chosen by cross-validation over folds of the rows, rather than by leave-one-out.</summary>
    public bool ByFolds { get; init; }
}
