using Transfer.MLNet.Files;

namespace PaperExperiments;

/// <summary>
/// The outcomes of an experiment, in a file that grows while it runs: what was done before a break is not done again. The outcomes of one
/// piece are written together, its last one last; a piece of which that one is missing counts as not done.
/// </summary>
internal sealed class Results
{
    private readonly Lock _writing = new();
    private readonly string _path;
    private readonly string _head;
    private readonly List<Outcome> _all = [];

    /// <param name="path">The file.</param>
    /// <param name="protocol">In words: the outcomes of another one are not mixed with these.</param>
    /// <param name="toAdd">Whether outcomes will be added; else the file stays as it is, and another run may be adding to it.</param>
    /// <exception cref="InvalidOperationException">The file is of another protocol.</exception>
    public Results(string path, string protocol, bool toAdd = true)
    {
        _path = path;
        _head = $"# {protocol}";
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(path, $"{_head}\n{Outcome.Header}\n");
            return;
        }

        var lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != _head)
        {
            throw new InvalidOperationException(
                $"'{path}' holds the results of another protocol ({lines.FirstOrDefault()}). Choose another --output, or delete it.");
        }

        var whole = lines.Skip(2).Select(Outcome.Parse).OfType<Outcome>().ToArray();
        var done = whole.Where(o => o.Kind is Kind.Source or Kind.Scratch).Select(o => (o.Seed, o.Decay)).ToHashSet();
        _all.AddRange(whole.Where(o => done.Contains((o.Seed, o.Decay))));
        if (!toAdd)
        {
            return;
        }

        AtomicFile.WriteText(path, string.Concat(_all.Select(o => $"{o}\n").Prepend($"{_head}\n{Outcome.Header}\n")));
    }

    public IReadOnlyList<Outcome> All
    {
        get
        {
            lock (_writing)
            {
                return [.. _all];
            }
        }
    }

    public void Add(IReadOnlyList<Outcome> piece)
    {
        lock (_writing)
        {
            File.AppendAllText(_path, string.Concat(piece.Select(o => $"{o}\n")));
            _all.AddRange(piece);
        }
    }
}
