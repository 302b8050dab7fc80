namespace Transfer.MLNet.Validation.Real;

/// <summary>The study on real tables: every way in every cell.</summary>
internal static class RealStudy
{
    /// <returns>The draws, and how many cells there are; empty where no cell has such a name.</returns>
    public static List<RealOutcome> Run(
        string folder, IReadOnlyList<string> parts, int draws, int rivalDraws, int threads, string file, CancellationToken cancellation)
    {
        var trial = new RealTrial(RealTable.ReadAll(folder, "regression"), cancellation);
        var cells = trial.Cells.Where(c => parts.Count == 0 || parts.Any(part => c.Contains(part, StringComparison.Ordinal))).ToList();

        // Rivals are the cost: the draws with them come last, so that a study that is stopped has much of the rest.
        int[] order = [.. Enumerable.Range(0, draws).OrderBy(d => d < rivalDraws)];
        return Study.Run(cells, (cell, draw) => trial.Run(cell, draw, draw < rivalDraws), draws, threads, file, cancellation, order);
    }
}
