namespace Transfer.MLNet;

/// <summary>What becomes of classes of the starting point that are not among the key values of the target's label column.</summary>
public enum MissingClasses
{
    /// <summary>They are left out: the model knows the target's classes only.</summary>
    Drop,

    /// <summary>They stay as they are in the starting point, after the target's classes: the key values of the predicted label are
    /// then those of the label column, followed by theirs. The rows say nothing of them, and they take no part in the fit.</summary>
    Keep,
}
