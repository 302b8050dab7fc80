namespace Transfer.MLNet.Pull;

/// <summary>What becomes of the intercept b.</summary>
internal enum InterceptRule
{
    /// <summary>b = 0.</summary>
    None,

    /// <summary>b is fitted and not penalised: the data are centred at their own means.</summary>
    Free,

    /// <summary>b is pulled to the starting point's by tau (b - b_sp)^2, as if it were the weight of a feature that is always 1.</summary>
    TowardsStart,
}
