namespace Transfer.MLNet.Production;

/// <summary>
/// One writer at a time in a store, of all processes: a file that only one can have open. The system frees it when a process ends.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    public static StoreLock Take(string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, "store.lock");
        var until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new StoreLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e is not DirectoryNotFoundException && Environment.TickCount64 < until)
            {
                // Another writer has it, for as long as a model takes to be copied.
                cancellation.WaitHandle.WaitOne(20);
            }
            catch (IOException e) when (e is not DirectoryNotFoundException)
            {
                throw new IOException(
                    $"'{path}' has been held by another process for {s_patience.TotalSeconds} s. Wait for it, or end it; the file "
                        + $"itself need not be deleted.", e);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
