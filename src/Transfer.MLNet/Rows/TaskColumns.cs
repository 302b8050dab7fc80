namespace Transfer.MLNet.Rows;

/// <summary>The names of the columns that make a task of a data view.</summary>
/// <param name="Label">What is predicted, one number a row.</param>
/// <param name="Features">The vector it is predicted from.</param>
/// <param name="Weight">How much a row counts, or null where all count the same.</param>
internal sealed record TaskColumns(string Label = "Label", string Features = "Features", string? Weight = null);
