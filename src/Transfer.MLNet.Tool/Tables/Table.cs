namespace Transfer.MLNet.Tool.Tables;

/// <summary>
/// A file's rows for as many passes as are needed: parsed once and kept while the memory budget bears it, else parsed again in each pass.
/// </summary>
internal sealed class Table(TableFile file, IReadOnlyList<ColumnMode> modes, MemoryBudget budget, CancellationToken cancellation)
{
    private List<Chunk>? _kept;
    private bool _tooLarge;

    public TableFile File { get; } = file;

    public IReadOnlyList<ColumnMode> Modes { get; } = modes;

    /// <summary>Rows so far read in the longest pass: all of them after the first.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether all rows are in memory, parsed.</summary>
    public bool IsKept => _kept is not null;

    /// <summary>How many chunks are kept.</summary>
    public int KeptCount => _kept?.Count ?? 0;

    /// <summary>All rows, some at a time. While some are looked at, the next are parsed.</summary>
    /// <param name="share">Is told which share of the file is done.</param>
    public IEnumerable<Chunk> Chunks(Action<double>? share = null) => _kept ?? Parsed(share);

    private IEnumerable<Chunk> Parsed(Action<double>? share)
    {
        using var reader = File.Open();
        if (!reader.Names.SequenceEqual(File.Names))
        {
            throw Failure.Input($"{File.Path} has other columns than a moment ago: something is writing to it. Copy it first.");
        }

        var kept = new List<Chunk>();
        long held = 0, rows = 0;
        Task<Chunk?> Next() => Task.Run(() => reader.Next(Modes), CancellationToken.None);
        var next = Next();
        try
        {
            while (next.GetAwaiter().GetResult() is { } chunk)
            {
                cancellation.ThrowIfCancellationRequested();
                share?.Invoke(reader.Share);
                next = Next();
                rows += chunk.Count;
                if (!_tooLarge && budget.TryTake(chunk.Bytes))
                {
                    held += chunk.Bytes;
                    kept.Add(chunk);
                }
                else if (!_tooLarge)
                {
                    _tooLarge = true;
                    budget.GiveBack(held);
                    held = 0;
                    kept.Clear();
                }

                yield return chunk;
            }

            Rows = Math.Max(Rows, rows);
            if (!_tooLarge && _kept is null)
            {
                _kept = kept;
                held = 0;
            }
        }
        finally
        {
            // A pass that is left early: its parsing ends before the file is closed.
            next.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                .Wait(CancellationToken.None);
            budget.GiveBack(held);
        }
    }
}
