namespace Transfer.MLNet;

/// <summary>What an advice rests on.</summary>
public enum AdviceRoute
{
    /// <summary>The estimated model alone: alignment, signal and noise, and the risk that they imply.</summary>
    Theory,

    /// <summary>Errors on target rows that were left out, alone: no assumption but that target rows are exchangeable.</summary>
    Empirical,

    /// <summary>Both, weighed against each other.</summary>
    Both,
}
