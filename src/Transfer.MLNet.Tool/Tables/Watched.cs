namespace Transfer.MLNet.Tool.Tables;

/// <summary>
/// Work of a library on a file that may be damaged, which can make it go on for ever: it is left alone after a time, and ends with the
/// program.
/// </summary>
internal static class Watched
{
    /// <param name="what">For the message: the file and what it is read as.</param>
    /// <param name="limit">Far above what a sound file of its size takes.</param>
    /// <param name="work">What cannot be interrupted.</param>
    /// <exception cref="Failure">It took longer.</exception>
    public static T Run<T>(string what, TimeSpan limit, Func<T> work)
    {
        var task = Task.Run(work);
        if (((IAsyncResult)task).AsyncWaitHandle.WaitOne(limit))
        {
            return task.GetAwaiter().GetResult();
        }

        throw Failure.Input($"{what}: reading it has not ended after {limit.TotalSeconds:0} s, which no sound file of its size needs. "
            + $"It is damaged, or was made to do that.");
    }
}
