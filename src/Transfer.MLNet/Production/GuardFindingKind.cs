namespace Transfer.MLNet;

/// <summary>What can speak against a batch of rows, or against the model trained on it.</summary>
public enum GuardFindingKind
{
    /// <summary>Rows say what an earlier row of the batch says already; they were counted once. This alone stops nothing.</summary>
    Copies,

    /// <summary>The batch is, row by row, one that a version was made of already.</summary>
    SameBatch,

    /// <summary>Too few rows to hold some out.</summary>
    FewRows,

    /// <summary>The labels have another unit, or another zero, than the model's scores.</summary>
    LabelUnit,

    /// <summary>The labels do not follow the model's scores, which they used to do.</summary>
    LabelsUnrelated,

    /// <summary>The model's loss on the batch is several times what it was.</summary>
    LossJumped,

    /// <summary>Features, or the scores made of them, are where none were before.</summary>
    FeaturesShifted,

    /// <summary>
    /// A class that used to be there is not; of a regression: no label is below, or none above, the mean of those before.
    /// </summary>
    ClassMissing,

    /// <summary>The candidate is worse on the rows that earlier versions held out, by more than it gains on the new ones.</summary>
    WorseOnEarlierRows,

    /// <summary>
    /// The candidate is not better than the champion, by <see cref="RetrainGuardedOptions.LeastGain"/>, on rows of the batch that it has
    /// not seen; or it is the champion itself.
    /// </summary>
    NotBetter,

    /// <summary>
    /// Even the candidate leaves more of the batch unexplained than the champion did of the rows of its time: labels of other rows, or
    /// noise that has grown.
    /// </summary>
    Unexplained,

    /// <summary>
    /// The rows that the champion, or a version that it was trained from, had held out are gone or damaged, so that nothing is compared on
    /// them. This alone stops nothing.
    /// </summary>
    EarlierRowsDamaged,
}
