using System.Collections.Concurrent;
using System.Diagnostics;

namespace Transfer.MLNet.Validation;

/// <summary>All draws of some cells, on all cores, each on one thread. What is in the file already is not done again.</summary>
internal static class Study
{
    /// <param name="cells">Their names.</param>
    /// <param name="trial">One draw of a cell.</param>
    /// <param name="draws">Draws a cell; 0 for those that the file has, and no others.</param>
    /// <param name="threads">Draws at a time.</param>
    /// <param name="file">Every draw goes there.</param>
    /// <param name="cancellation">Ends the study; what was done is kept.</param>
    /// <param name="order">Which draws come first; null from the first to the last.</param>
    public static List<T> Run<T>(
        IReadOnlyList<string> cells, Func<string, int, T> trial, int draws, int threads, string file, CancellationToken cancellation,
        IReadOnlyList<int>? order = null)
        where T : IOutcome<T>
    {
        var done = Read<T>(file);
        if (draws == 0)
        {
            return [.. done.Where(o => cells.Contains(o.Cell))];
        }

        var known = done.Select(o => (o.Cell, o.Draw)).ToHashSet();
        // The k-th draw of every cell before the (k+1)-th of any: a study that is stopped early has something of everything.
        var todo = (from draw in order ?? [.. Enumerable.Range(0, draws)]
                    from cell in cells
                    where !known.Contains((cell, draw))
                    select (cell, draw)).ToArray();
        Console.WriteLine($"{cells.Count} cells x {draws} draws: {todo.Length} to do, {cells.Count * draws - todo.Length} done before");
        if (todo.Length > 0)
        {
            Fill(todo, trial, threads, file, done, cancellation);
        }

        return [.. done.Where(o => o.Draw < draws && cells.Contains(o.Cell))];
    }

    private static void Fill<T>((string Cell, int Draw)[] todo, Func<string, int, T> trial, int threads, string file, List<T> done,
        CancellationToken cancellation)
        where T : IOutcome<T>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var fresh = !File.Exists(file);
        using var writer = new StreamWriter(file, append: true) { AutoFlush = true };
        if (fresh)
        {
            writer.WriteLine(T.Header);
        }

        var watch = Stopwatch.StartNew();
        var (finished, shown) = (0, 0);
        // One at a time to each thread: in ranges the threads would begin at different draws.
        Parallel.ForEach(
            Partitioner.Create(todo, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            item =>
            {
                var outcome = trial(item.Cell, item.Draw);
                lock (done)
                {
                    writer.WriteLine(outcome.ToCsv());
                    done.Add(outcome);
                    finished++;
                    if (finished * 100L / todo.Length > shown || finished == todo.Length)
                    {
                        shown = (int)(finished * 100L / todo.Length);
                        var left = watch.Elapsed * ((double)(todo.Length - finished) / finished);
                        Console.WriteLine($"{shown,3} %  {finished}/{todo.Length}  {watch.Elapsed:hh\\:mm\\:ss} gone, about "
                            + $"{left:hh\\:mm\\:ss} to go");
                    }
                }
            });
    }

    private static List<T> Read<T>(string file)
        where T : IOutcome<T>
    {
        if (!File.Exists(file))
        {
            return [];
        }

        var lines = File.ReadAllLines(file);
        if (lines.Length == 0 || lines[0] != T.Header)
        {
            throw new InvalidDataException($"{file} is not of this version of the study. Move it away, or give another file with --csv.");
        }

        // A run that was killed may have left half a line: that draw is done again.
        var columns = T.Header.Count(c => c == ',');
        return [.. lines.Skip(1).Where(l => l.Count(c => c == ',') == columns && !l.EndsWith(',')).Select(T.OfCsv)];
    }
}
