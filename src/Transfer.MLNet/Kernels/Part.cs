namespace Transfer.MLNet.Kernels;

/// <summary>Which elements of a product are wanted.</summary>
internal enum Part
{
    Full,

    /// <summary>Those on and below the diagonal.</summary>
    Lower,
}
