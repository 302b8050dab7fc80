namespace Transfer.MLNet.Kernels;

/// <summary>
/// How many threads a computation may use, and how it is told to stop. Every kernel splits its work into pieces that do not
/// depend on the number of threads, so that the result is the same to the last bit on one thread or on many.
/// </summary>
internal sealed class Workers(int threads, CancellationToken cancellation = default)
{
    public static Workers All { get; } = new(Environment.ProcessorCount);

    public int Threads { get; } = threads > 0
        ? threads
        : throw new ArgumentOutOfRangeException(nameof(threads), threads, "At least one thread is needed.");

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Runs <paramref name="body"/> for 0 .. <paramref name="count"/> - 1, in any order.</summary>
    public void For(int count, Action<int> body)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (Threads == 1 || count <= 1)
        {
            for (var i = 0; i < count; i++)
            {
                Cancellation.ThrowIfCancellationRequested();
                body(i);
            }

            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = Cancellation }, body);
    }
}
