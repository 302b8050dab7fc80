namespace Transfer.MLNet.Evidence.Blend;

/// <summary>In which metric the target's weights are held to the source's.</summary>
internal enum BlendMetric
{
    /// <summary>All weights alike: L2-SP.</summary>
    Identity,

    /// <summary>By what the source's rows do not say: pooling, with a weight for the target's rows.</summary>
    Gram,

    /// <summary>Large weights may change more than small ones.</summary>
    Relative,

    /// <summary>By how the source's own groups differ from one another.</summary>
    Group,
}
