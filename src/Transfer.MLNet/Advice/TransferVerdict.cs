namespace Transfer.MLNet;

/// <summary>Whether starting from the source gives a smaller risk on the target than the target's rows alone.</summary>
public enum TransferVerdict
{
    /// <summary>The data does not say.</summary>
    CannotTell,

    /// <summary>It does not help.</summary>
    No,

    /// <summary>It helps.</summary>
    Yes,
}
