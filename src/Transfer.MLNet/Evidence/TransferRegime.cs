namespace Transfer.MLNet;

/// <summary>What the alignment rho of source and target says (Hedges 2026), judged by its 95 % interval.</summary>
public enum TransferRegime
{
    /// <summary>The interval holds values from more than one regime: nothing is certain.</summary>
    Undetermined,

    /// <summary>rho &lt;= 0: the source points the wrong way.</summary>
    Misaligned,

    /// <summary>
    /// 0 &lt; rho &lt; 1: the target follows the source, but more weakly. Shrink the source more than is best for itself.
    /// </summary>
    Imperfect,

    /// <summary>rho is 1 as far as can be seen: train the source as is best for itself.</summary>
    Aligned,

    /// <summary>rho &gt; 1: the target follows the source, only more strongly. Shrink the source less than is best for itself.</summary>
    SuperAligned,
}
