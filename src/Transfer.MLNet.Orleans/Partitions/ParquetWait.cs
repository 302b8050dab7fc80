using System.Globalization;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>
/// Waits for what cannot be interrupted, up to a time that no sound file needs: a library that reads a damaged file, or storage that does
/// not answer. The silo goes on; the thread that reads is left alone.
/// </summary>
internal static class ParquetWait
{
    // Long: a machine may be busy with fifty other things.
    private const double SecondsAtLeast = 120;
    private const double CellsPerSecond = 20_000;
    private const double MostSeconds = 24 * 3600;

    public static TimeSpan LimitOf(long cells) =>
        TimeSpan.FromSeconds(Math.Min(SecondsAtLeast + (cells / CellsPerSecond), MostSeconds));

    /// <exception cref="InvalidDataException">It took longer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static T For<T>(string what, TimeSpan limit, Func<T> read, CancellationToken cancellation)
    {
        var task = Task.Run(read, cancellation);
        try
        {
            return task.WaitAsync(limit, cancellation).GetAwaiter().GetResult();
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} has not been read after {limit.TotalSeconds:F0} s: it is damaged, or its storage does not answer"), e);
        }
    }

    /// <summary>The same; whatever the library says of a damaged file is one complaint.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or took longer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static T Whole<T>(string what, TimeSpan limit, Func<T> read, CancellationToken cancellation)
    {
        try
        {
            return For(what, limit, read, cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or InvalidDataException))
        {
            throw new InvalidDataException($"{what} is damaged, or made in a way that is not known: {e.Message}", e);
        }
    }
}
