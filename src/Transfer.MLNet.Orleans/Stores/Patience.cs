using Orleans.Runtime.Messaging;

namespace Transfer.MLNet.Cluster;

/// <summary>Asks again where the way failed, not the one who was asked. Only for what may be asked twice.</summary>
internal static class Patience
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(100);

    /// <exception cref="TimeoutException">Nobody has answered for a minute.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        var until = Environment.TickCount64 + (long)s_longest.TotalMilliseconds;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await ask().WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (IsOfTheWay(e))
            {
                if (Environment.TickCount64 > until)
                {
                    throw new TimeoutException(
                        $"No silo has answered for {s_longest.TotalSeconds:F0} s; the last failure: {e.Message} Look whether the silos "
                            + $"run, and ask again: "
                        + "nothing is done twice.", e);
                }

                await Task.Delay(s_between, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Whether a call failed on its way: a silo that is gone or about to go (what it has is then disposed of, or cancelled), a message that
    /// nobody took. An OrleansException that is of no narrower type is Orleans' own: no silo is active that knows the grain.
    /// </summary>
    public static bool IsOfTheWay(Exception e) => e is TimeoutException or OrleansMessageRejectionException or SiloUnavailableException
        or ConnectionFailedException or ClientNotAvailableException or OrleansLifecycleCanceledException
            or ObjectDisposedException or OperationCanceledException
        || e.GetType() == typeof(OrleansException) || e is OrleansException { InnerException: { } inner } && IsOfTheWay(inner);
}
