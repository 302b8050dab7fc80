namespace Transfer.MLNet;

/// <summary>What can be done with a model in production at the end of each period, from the least to the most that is fitted.</summary>
public enum RetrainingPlanKind
{
    /// <summary>Nothing: the model as it is.</summary>
    LeaveIt,

    /// <summary>a + c score, a and c fitted to the latest periods, or the model as it is where left-out rows do not tell them apart. Of
    /// linear regressions only.</summary>
    Rescale,

    /// <summary><c>FineTune</c> from the model that was given, each time, on the latest periods.</summary>
    FromModel,

    /// <summary><c>FineTune</c> on the last period from the model that came out the time before.</summary>
    FromLast,

    /// <summary>The layer trained on the recent rows alone, towards zero. Of linear models only.</summary>
    Alone,
}
