namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>What a program took for a file, from its start to its end: seconds of the processors together, and by the clock.</summary>
internal sealed record ReadFile(string File, long Rows, int Columns, string What, double Processor, double Clock);
