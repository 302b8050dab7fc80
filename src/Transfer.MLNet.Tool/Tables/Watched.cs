using System.Diagnostics;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>
/// Work of a library on a file that may be damaged, which can make it go on for ever or allocate without measure: it gets a time and a
/// memory, is left alone when the one is over or the user ends the program, and ends with the program.
/// </summary>
internal static class Watched
{
    private const string HeapLimit = "GCHeapHardLimit";

    // A sound file may need as much whatever its size.
    private const long AlwaysGranted = 200L << 20;

    // In milliseconds.
    private const int Look = 20;

    // Something that waits for ever takes no processor time.
    private const int MostTimesLonger = 20;

    private static readonly Lock s_oneAtATime = new();

    /// <summary>Is cancelled when the user ends the program.</summary>
    public static CancellationToken Ending { get; set; }

    /// <param name="what">For the message: the file and what it is read as.</param>
    /// <param name="limit">Far above what a sound file of its size takes.</param>
    /// <param name="work">What cannot be interrupted.</param>
    /// <exception cref="Failure">It took longer.</exception>
    /// <exception cref="OperationCanceledException">The user ended the program.</exception>
    public static T Run<T>(string what, TimeSpan limit, Func<T> work)
    {
        var task = Task.Run(work);
        var (watch, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        // Processor time too: on a machine that is busy with other things a sound file takes long.
        while (watch.Elapsed < limit
            || (Environment.CpuUsage.TotalTime - used < limit && watch.Elapsed < MostTimesLonger * limit))
        {
            // Without what the work throws, which is thrown as it is below.
            if (Task.WaitAny([task], Look, Ending) == 0)
            {
                return task.GetAwaiter().GetResult();
            }
        }

        throw Failure.Input($"{what}: reading it has not ended after {limit.TotalSeconds:0} s, which no sound file of its size needs. "
            + $"It is damaged, or was made to do that.");
    }

    /// <summary>The same with a bound of memory: of the whole program, so that nothing else should be at work.</summary>
    /// <param name="what">For the message.</param>
    /// <param name="limit">Far above what a sound file of its size takes.</param>
    /// <param name="bytes">As many as a sound file of its size may need, besides 200 MB.</param>
    /// <param name="work">What cannot be interrupted.</param>
    /// <exception cref="Failure">It took longer, or wanted more memory.</exception>
    /// <exception cref="OperationCanceledException">The user ended the program.</exception>
    public static T Run<T>(string what, TimeSpan limit, long bytes, Func<T> work)
    {
        lock (s_oneAtATime)
        {
            var before = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            var granted = Math.Min(before, GC.GetTotalMemory(forceFullCollection: false) + AlwaysGranted + bytes);
            var isBound = TrySetHeapLimit(granted);
            try
            {
                return Run(what, limit, work);
            }
            catch (Exception e) when (isBound && Innermost(e) is OutOfMemoryException)
            {
                throw Failure.Input($"{what}: reading it takes more than {granted >> 20} MB of memory, which no sound file of its size "
                    + $"needs. It is damaged, or was made to do that.", e);
            }
            finally
            {
                TrySetHeapLimit(before);
            }
        }
    }

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e;
    }

    // False where the runtime takes no new limit, since more than that is in use.
    private static bool TrySetHeapLimit(long bytes)
    {
        AppContext.SetData(HeapLimit, (ulong)bytes);
        try
        {
            GC.RefreshMemoryLimit();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
