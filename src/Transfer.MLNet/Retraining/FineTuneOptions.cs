namespace Transfer.MLNet;

/// <summary>
/// How <c>ml.Model.FineTune</c> retrains a model's last layer: a regression, a binary or a multiclass classifier, or counts. tau left out
/// is chosen by exact leave-one-out (regression), or as <see cref="TauSelection"/> says (classifiers and counts).
/// </summary>
public sealed class FineTuneOptions : FineTuneOptionsBase
{
    /// <summary>How tau of classifiers and counts is chosen where it is left out. Regressions always use exact leave-one-out.</summary>
    public TauSelection TauSelection { get; set; } = TauSelection.CrossValidation;

    /// <summary>
    /// Whether a linear regression may also stay as it is, or be moved by a + score or a + c score alone, or have c fitted beside its
    /// weights, where left-out rows say so (<see cref="FineTuneReport"/>). Otherwise its weights are always moved. Ways are not compared
    /// where Tau, StartingPointScale or PullIntercept is given, and with fewer than 15 rows no more than a is fitted. Of trees: whether a
    /// linear layer may take their place; their own ways are always compared.
    /// </summary>
    public bool CompareWays { get; set; } = true;

    /// <summary>
    /// Is told which share of the computing is done, from 0 to 1, on any thread, of linear classifiers and counts: what takes long of the
    /// others is reading their rows, and a search among trees says nothing of itself. null: nobody is told.
    /// </summary>
    public IProgress<double>? Progress { get; set; }

    /// <summary>Of a linear regression: the most that may be fitted; null: any way.</summary>
    internal FineTuneWay? AtMost { get; set; }

    /// <summary>
    /// Of a linear regression: whether the way of the least left-out error is taken, not one that moves less within a standard error of it:
    /// for who judges the outcome on rows of its own.
    /// </summary>
    internal bool TakesLeastError { get; set; }
}
