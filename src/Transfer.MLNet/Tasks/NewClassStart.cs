namespace Transfer.MLNet;

/// <summary>What the weights of a class that the starting point does not have are pulled to.</summary>
public enum NewClassStart
{
    /// <summary>Zero.</summary>
    Zero,

    /// <summary>The mean of the starting point's classes: no class in particular, whatever the zero of its scores.</summary>
    MeanOfClasses,
}
