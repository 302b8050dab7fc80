namespace Transfer.MLNet.Choosing;

/// <summary>Where the best tau lies among those that were looked at.</summary>
internal enum TauEdge
{
    Inside,

    /// <summary>At the smallest: the data ask for no pull to the start at all.</summary>
    Smallest,

    /// <summary>At the largest: the start could not be improved on.</summary>
    Largest,

    /// <summary>No feature varies in the data: every tau gives the start itself.</summary>
    NoEffect,
}
