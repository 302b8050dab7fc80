namespace Transfer.MLNet;

/// <summary>
/// What <c>ml.Model.FineTune</c> can make of a model and rows of another task, from the least to the most that is fitted.
/// </summary>
public enum FineTuneWay
{
    /// <summary>The model as it is.</summary>
    AsItIs,

    /// <summary>a + score, with a fitted.</summary>
    Shifted,

    /// <summary>a + c score, with a and c fitted.</summary>
    Rescaled,

    /// <summary>Weights or leaves held to the model's own by tau.</summary>
    FromModel,

    /// <summary>Weights or leaves held by tau to c times the model's own, with c fitted.</summary>
    FromScaledModel,

    /// <summary>Of trees: leaves held to zero by tau, so that only the splits are the model's.</summary>
    StructureAlone,

    /// <summary>
    /// Of trees: the ways before this one averaged, weighted by their left-out errors. The average is a model of the same trees.
    /// </summary>
    Averaged,

    /// <summary>Of trees: a linear layer of the new rows alone in their place, where the rows lie outside what the trees know.</summary>
    LinearAlone,
}
