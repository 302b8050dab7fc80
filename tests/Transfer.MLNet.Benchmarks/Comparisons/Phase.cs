namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>A part of an operation.</summary>
/// <param name="Operation">The row of the table, and its sizes.</param>
/// <param name="Part">What is done.</param>
/// <param name="Seconds">The median.</param>
internal sealed record Phase(string Operation, string Part, double Seconds);
