using System.Collections.Concurrent;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Validation.Real.Rivals;

namespace Transfer.MLNet.Validation.Real;

/// <summary>One draw: some rows of the target, every way on them, and the target's other rows to measure by.</summary>
internal sealed class RealTrial
{
    private readonly Dictionary<string, RealCell> _cells;
    private readonly ConcurrentDictionary<(string, string), Lazy<RealSource>> _sources;

    public RealTrial(IReadOnlyList<RealTable> tables, CancellationToken cancellation)
    {
        var workers = new Workers(1, cancellation);
        _sources = new(
            from table in tables
            from target in table.Targets
            select KeyValuePair.Create((table.Name, target), new Lazy<RealSource>(() => new RealSource(table, target, workers))));
        var rows = tables.ToDictionary(t => t.Name, t => t.Groups.CountBy(g => g).ToDictionary());
        _cells = (from table in tables
                  from target in table.Targets
                  from size in RealCell.Sizes
                  where rows[table.Name][target] >= size + RealSource.FewestHeldOut
                  select new RealCell(table.Name, target, size)).ToDictionary(c => c.Name);
    }

    public static IReadOnlyList<Way> Ways { get; } =
    [
        .. ProductWays.All,
        .. LinearRivals.All,
        .. MixedModel.IsThere ? [MixedModel.Way] : Array.Empty<Way>(),
        BoostedTrees.Pooled,
    ];

    public IReadOnlyList<string> Cells => [.. _cells.Keys];

    /// <param name="name">The cell's.</param>
    /// <param name="draw">From 0.</param>
    /// <param name="rivals">Whether ways that are no part of this library are tried too.</param>
    public RealOutcome Run(string name, int draw, bool rivals)
    {
        var cell = _cells[name];
        var source = _sources[(cell.Table, cell.Target)].Value;
        var (target, heldOut) = source.Draw(cell.TargetRows, draw);
        var given = new RealDraw(source, target, heldOut.Features, source.Workers);
        double Error(double[] scores) => scores.Select((s, i) => (s - heldOut.Labels[i]) * (s - heldOut.Labels[i])).Average();
        var ways = Ways.Select(way =>
        {
            if (way.IsRival && !rivals)
            {
                return WayOutcome.None;
            }

            var answer = way.Answer(given);
            return new WayOutcome(
                Error(answer.Scores), answer.Probability, answer.Verdict, answer.LeftOut, answer.Scale.Lower, answer.Scale.Upper,
                    answer.Contradicted);
        });
        return new(
            name, draw, Error(given.Scores(given.Scratch.Fit.Weights, given.Scratch.Fit.Intercept)),
            Slope(Product.Times(heldOut.Features, source.Single.Weights), heldOut.Labels), [.. ways]);
    }

    private static double Slope(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var power = x.Sum(v => (v - meanX) * (v - meanX));
        return power > 0 ? x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / power : double.NaN;
    }
}
