using System.Globalization;

namespace PhaseTransition;

/// <summary>One number that the experiment is meant to reach, and whether it did.</summary>
internal sealed record Check(bool Passed, string What, string Found)
{
    public override string ToString() => $"{(Passed ? "PASS      " : "SHORT-FALL")}  {What}: {Found}";

    /// <summary>The numbers to reach. What the power-law covariances do is reported, not held to the isotropic rule.</summary>
    public static IReadOnlyList<Check> Of(Experiment experiment)
    {
        var checks = new List<Check>();
        var isotropic = experiment.Ratios.Where(p => p.Alpha == 0).ToArray();
        foreach (var points in isotropic.GroupBy(p => p.Gamma))
        {
            RatioPoint[] below = [.. points.Where(p => p.Rho <= 0.9)], above = [.. points.Where(p => p.Rho >= 1.1)];
            checks.Add(new Check(
                below.All(p => p.MeanLogRatio > 0) && above.All(p => p.MeanLogRatio < 0),
                Text($"isotropic, gamma0 = {points.Key}: mean log-ratio > 0 for rho <= 0.9, < 0 for rho >= 1.1"),
                Text($"{below.Count(p => p.MeanLogRatio > 0)} of {below.Length}, {above.Count(p => p.MeanLogRatio < 0)} of {above.Length}; least {below.Min(p => p.MeanLogRatio):F3}, largest {above.Max(p => p.MeanLogRatio):F3}")));
        }

        checks.Add(InBand("isotropic, all gamma0: limit within the simulation's 95 % band", isotropic, 0.9));
        var wrong = experiment.Decisions.Where(p => Math.Abs(p.Rho - Boundary.Theory) > 0.099)
            .Where(p => (p.MeanLogRisk < 0) != (p.Rho > Boundary.Theory)).ToArray();
        checks.Add(new Check(
            wrong.Length == 0,
            "source-optimal start helps for rho >= 0.6 and hurts for rho <= 0.4 at every n1 and target noise",
            wrong.Length == 0 ? Text($"{experiment.Boundaries.Length} of {experiment.Boundaries.Length} settings")
                : string.Join("; ", wrong.Select(p => Text($"n1 = {p.TargetRows}, s1 = {p.TargetDeviation}, rho = {p.Rho}")))));

        checks.Add(new Check(
            experiment.Boundaries.All(b => b.HoldsTheory),
            "rho = 1/2 within the 95 % band of where help begins, at every n1 and target noise",
            Text($"{experiment.Boundaries.Count(b => b.HoldsTheory)} of {experiment.Boundaries.Length}; help begins at {experiment.Boundaries.Min(b => b.At):F3} to {experiment.Boundaries.Max(b => b.At):F3}")));
        return checks;
    }

    /// <summary>What there is to know beside the goals: correlated features are not held to the isotropic rule.</summary>
    public static IEnumerable<string> Notes(Experiment experiment)
    {
        foreach (var points in experiment.Ratios.Where(p => p.Alpha > 0).GroupBy(p => p.Alpha))
        {
            var found = InBand("", [.. points], 0).Found;
            yield return Text($"NOTE        power law {points.Key}: deterministic equivalent within the 95 % band at {found}");
        }

        foreach (var cell in experiment.Ratios.GroupBy(p => (p.Alpha, p.Gamma)))
        {
            var where = Text($"NOTE        power law {cell.Key.Alpha}, gamma0 = {cell.Key.Gamma}:");
            RatioPoint[] departs = [.. cell.Where(p => p.SignDeparts)];
            if (departs.Length > 0)
            {
                yield return Text($"{where} mean and median lie on the other side of 1 than the isotropic rule has it at rho = {string.Join(", ", departs.Select(p => Text($"{p.Rho}")))}");
            }

            if (cell.First() is { SourceAtEdge: > 0 } first)
            {
                yield return Text($"{where} the source's best tau is at the grid's edge in {first.SourceAtEdge} of {first.Draws} draws");
            }
        }
    }

    private static Check InBand(string what, RatioPoint[] points, double share)
    {
        var inside = points.Count(p => p.TheoryInBand);
        var each = string.Join(", ", points.GroupBy(p => p.Gamma)
            .Select(g => Text($"gamma0 = {g.Key}: {g.Count(p => p.TheoryInBand)}/{g.Count()}")));
        return new Check(inside >= share * points.Length, Text($"{what} at >= {share:P0} of the points"),
            Text($"{inside} of {points.Length} ({each})"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
