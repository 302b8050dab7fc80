namespace Transfer.MLNet.Tool.Tables;

/// <summary>How much memory the rows of all files may take together.</summary>
internal sealed class MemoryBudget(long bytes)
{
    // Beside the rows stand the features that are made of them, and other programs.
    private const double ShareOfMemory = 0.25;

    private long _left = bytes;

    /// <summary>A quarter of what the process may use.</summary>
    public static MemoryBudget OfMachine() => new((long)(ShareOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _left, bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _left, bytes);
}
