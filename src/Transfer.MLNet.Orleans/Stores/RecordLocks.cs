using System.Globalization;

namespace Transfer.MLNet.Cluster.Stores;

/// <summary>
/// One writer at a time for each group of names, of all threads of this process and of all processes: a file that only one can have open.
/// The system frees it when a process ends.
/// </summary>
internal sealed class RecordLocks(string path)
{
    public const string Folder = "locks";

    private const int Groups = 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim[] _threads = [.. Enumerable.Range(0, Groups).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task<IDisposable> TakeAsync(string name, CancellationToken cancellation)
    {
        var group = (int)(ulong.Parse(StoreNames.Hash(name)[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Groups);
        var file = Path.Combine(path, Folder, group.ToString("x3", CultureInfo.InvariantCulture));
        await _threads[group].WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
            while (true)
            {
                try
                {
                    return new Held(_threads[group], new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0));
                }
                catch (IOException e) when (e is not DirectoryNotFoundException && Environment.TickCount64 < until)
                {
                    // Another process writes a record of this group, which takes milliseconds.
                    await Task.Delay(1, cancellation).ConfigureAwait(false);
                }
                catch (IOException e) when (e is not DirectoryNotFoundException)
                {
                    throw new IOException(
                        $"'{file}' has been held by another process for {s_patience.TotalSeconds} s. Wait for it, or end it; the file "
                        + "itself need not be deleted.", e);
                }
            }
        }
        catch
        {
            _threads[group].Release();
            throw;
        }
    }

    private sealed class Held(SemaphoreSlim thread, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            thread.Release();
        }
    }
}
