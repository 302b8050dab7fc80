namespace Transfer.MLNet.Benchmarks;

/// <summary>How much is measured: all of it, or little of everything to see that it works.</summary>
internal sealed record Effort(bool Quick, int Rounds, int LeastRounds, TimeSpan Time, double WarmUpSeconds)
{
    public static Effort Full { get; } = new(false, 9, 3, TimeSpan.FromSeconds(20), 1);

    public static Effort Short { get; } = new(true, 3, 2, TimeSpan.FromSeconds(2), 0.3);

    public T Choose<T>(T full, T quick) => Quick ? quick : full;
}
