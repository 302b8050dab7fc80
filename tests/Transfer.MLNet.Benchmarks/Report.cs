using System.Globalization;
using System.Text;
using Transfer.MLNet.Benchmarks.Comparisons;

namespace Transfer.MLNet.Benchmarks;

/// <summary>docs/benchmarks.md.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public Report(Effort effort, string command, IEnumerable<(string What, string Value)> machine)
    {
        Line("# Benchmarks");
        Line();
        Line(
            $"""
            Written by `{command}`{(effort.Quick ? " (**the quick run**: few rounds, smaller data)" : string.Empty)} on the machine below. Whoever has the same
            peers (Debian: `python3-numpy python3-scipy python3-sklearn python3-torch libopenblas0 python3-threadpoolctl`) gets the same table;
            the command installs nothing, and says which peer is missing.
            """);
        Line();
        Line("| | |");
        Line("|---|---|");
        foreach (var (what, value) in machine)
        {
            Line($"| {what} | {value} |");
        }
    }

    public string Text => _text.ToString();

    public void Ratios(IEnumerable<Result> results)
    {
        Line();
        Line("## Side by side");
        Line();
        Line(
            """
            Both sides read the same files before the clock starts, and then run in alternation in one sitting, each at its own clock, with all
            cores. The ratio is the peer's time over ours, above 1 ours is the faster: median of the pairs and, in brackets, their quartiles.
            "Same to" is the largest difference of the results relative to the largest of them.
            """);
        Line();
        Line("| | what | against | ours | peer | ratio | goal | |");
        Line("|---|---|---|---|---|---|---|---|");
        foreach (var result in results)
        {
            Line(result.ToMarkdown());
        }
    }

    public void Streams(IReadOnlyList<StreamedFit> fits)
    {
        Line();
        Line("## (h) Memory and speed of a fit that streams");
        Line();
        Line(
            """
            `L2SpRidge` on rows that are made while they are read, each size in a process of its own. Reading is a pass over the same view that does
            nothing with the rows: what is above it is the library's.
            """);
        Line();
        Line("| n | p | fit | reading alone | rows/s | peak resident memory |");
        Line("|---|---|---|---|---|---|");
        foreach (var fit in fits)
        {
            Line(string.Create(
                CultureInfo.InvariantCulture,
                $"| {fit.Rows:#,0} | {fit.Features} | {Result.Seconds(fit.Seconds)} | {Result.Seconds(fit.ReadingSeconds)} | "
                    + $"{fit.Rows / fit.Seconds:#,0} | {fit.PeakMegabytes:0} MB |"));
        }
    }

    public void Sources(IEnumerable<SourceShare> shares)
    {
        Line();
        Line("## The share of reading");
        Line();
        Line("`ComputeMoments` (one fold) on the same rows from different sources, beside a pass that does nothing with them.");
        Line();
        Line("| source | n | p | moments | reading alone | share of reading |");
        Line("|---|---|---|---|---|---|");
        foreach (var s in shares)
        {
            Line(string.Create(
                CultureInfo.InvariantCulture,
                $"| {s.Source} | {s.Rows:#,0} | {s.Features} | {Result.Seconds(s.Moments)} | {Result.Seconds(s.Reading)} | "
                    + $"{100 * s.Reading / s.Moments:0} % |"));
        }
    }

    public void Phases(IEnumerable<Phase> phases)
    {
        Line();
        Line("## Where the time goes");
        Line();
        Line("The parts of the operations whose goals are the farthest; [what follows from them](performance.md).");
        Line();
        Line("| operation | part | time |");
        Line("|---|---|---|");
        foreach (var phase in phases)
        {
            Line($"| {phase.Operation} | {phase.Part} | {Result.Seconds(phase.Seconds)} |");
        }
    }

    public void Growth(IEnumerable<GrowthRate> rates)
    {
        Line();
        Line("## (i) Growth");
        Line();
        Line("Time as a power of the size, fitted to medians. Below the theory's exponent: small sizes cost more than their operations "
            + "(memory, threads).");
        Line();
        Line("| what | sizes | times | exponent | theory |");
        Line("|---|---|---|---|---|");
        foreach (var r in rates)
        {
            Line(string.Create(
                CultureInfo.InvariantCulture,
                $"| {r.What} | {r.Variable} = {string.Join(", ", r.Sizes.Select(s => s.ToString("#,0", CultureInfo.InvariantCulture)))} "
                    + $"| {string.Join(", ", r.Seconds.Select(Result.Seconds))} | {r.Exponent:0.00} | {r.Theory:0} |"));
        }
    }

    public void Files(IEnumerable<ReadFile> files)
    {
        Line();
        Line("## (r) Files to moments, and to an advice");
        Line();
        Line(
            """
            Whole programs, from the start of the process to its end; medians of runs in alternation. The tool finds delimiter, types and what becomes of each column,
            standardises the columns and needs two passes for it, of which the second is over what it has parsed; the peers make one, and
            `TextLoader` is told all types. Processor time is that of all cores together.
            """);
        Line();
        Line("| file | rows | columns | program | processor time | time |");
        Line("|---|---:|---:|---|---:|---:|");
        foreach (var f in files)
        {
            Line(string.Create(
                CultureInfo.InvariantCulture,
                $"| {f.File} | {f.Rows:#,0} | {f.Columns} | {f.What} | {Result.Seconds(f.Processor)} | {Result.Seconds(f.Clock)} |"));
        }
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');
}
