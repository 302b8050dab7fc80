namespace Transfer.MLNet.Validation.Real;

/// <summary>The study on real tables: every way in every cell.</summary>
internal static class RealStudy
{
    /// <returns>The draws, and how many cells there are; empty where no cell has such a name.</returns>
    public static List<RealOutcome> Run(string folder, IReadOnlyList<string> parts, int draws, int threads, string file, CancellationToken cancellation)
    {
        var trial = new RealTrial(RealTable.ReadAll(folder, "regression"), cancellation);
        var cells = trial.Cells.Where(c => parts.Count == 0 || parts.Any(part => c.Contains(part, StringComparison.Ordinal))).ToList();
        return Study.Run(cells, trial.Run, draws, threads, file, cancellation);
    }
}
