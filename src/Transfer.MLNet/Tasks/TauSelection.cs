namespace Transfer.MLNet;

/// <summary>How a classifier's tau is chosen where it is left out: by the mean log-loss of rows that were left out.</summary>
public enum TauSelection
{
    /// <summary>By cross-validation along a path of taus from strong to weak.</summary>
    CrossValidation,

    /// <summary>
    /// By leave-one-out, each fit without a row approximated by one Newton step from the fit with it: one fit for each tau.
    /// </summary>
    ApproximateLeaveOneOut,
}
