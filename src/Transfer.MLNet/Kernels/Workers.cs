using System.Runtime.ExceptionServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// How many threads a computation may use, how it is told to stop, and whom it tells how far it is. Every kernel splits its work into
/// pieces that do not depend on the number of threads, so that the result is the same to the last bit on one thread or on many.
/// </summary>
internal sealed class Workers
{
    public Workers(int threads, CancellationToken cancellation = default)
        : this(threads, ShareDone.Untold, cancellation)
    {
    }

    public Workers(int threads, ShareDone progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        Cancellation = cancellation;
        Progress = progress;
        Single = threads == 1 && progress == ShareDone.Untold ? this : new Workers(1, cancellation);
    }

    public static Workers All { get; } = new(Environment.ProcessorCount);

    public int Threads { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>The part that this computation is of a longer one.</summary>
    public ShareDone Progress { get; }

    /// <summary>The calling thread alone, with the same cancellation: for work too small to share, and to tell of.</summary>
    public Workers Single { get; }

    /// <summary>The same for another part.</summary>
    public Workers With(ShareDone progress) => new(Threads, progress, Cancellation);

    /// <summary>
    /// Runs <paramref name="body"/> for 0 .. <paramref name="count"/> - 1, in any order, and returns when all have ended. An
    /// exception of a body, or cancellation, keeps those that have not begun from beginning, and is thrown from here as it was.
    /// </summary>
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

        var next = -1;
        Exception? failure = null;
        void Pump()
        {
            try
            {
                while (Volatile.Read(ref failure) is null)
                {
                    var i = Interlocked.Increment(ref next);
                    if (i >= count)
                    {
                        return;
                    }

                    Cancellation.ThrowIfCancellationRequested();
                    body(i);
                }
            }
#pragma warning disable CA1031 // Rethrown below, on the caller's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }

        // The caller works too, and a helper that the pool has not started by the end is run inline by Wait and finds nothing
        // left to do: no deadlock when loops are nested or the pool is busy.
        var helpers = new Task[Math.Min(Threads, count) - 1];
        for (var t = 0; t < helpers.Length; t++)
        {
            helpers[t] = Task.Run(Pump, CancellationToken.None);
        }

        Pump();
        Task.WaitAll(helpers, CancellationToken.None);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }
}
