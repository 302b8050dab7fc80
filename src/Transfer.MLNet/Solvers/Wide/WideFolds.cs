using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Wide;

/// <summary>
/// The choice of tau where only iterations are possible: cross-validation over five folds, from the largest tau, where the start is the
/// solution, to smaller ones, each fit beginning at that of the tau before. Small taus take the most steps, and are left out once the
/// error has been rising for two decades.
/// </summary>
internal sealed class WideFolds
{
    private const int FoldCount = 5;
    private const int PointsPerDecade = 2;
    private const int RisingPoints = 4;

    private readonly LabelledRows _rows;
    private readonly double[] _start;
    private readonly (CentredDesign Design, Iteration Iteration)[] _folds;
    private readonly int[] _foldOf;

    public WideFolds(LabelledRows rows, Start start, InterceptRule rule, Workers workers)
    {
        _rows = rows;
        var dealt = new Folds(FoldCount, seed: 0);
        _foldOf = [.. Enumerable.Range(0, rows.Rows).Select(i => dealt.Of(i))];
        _folds = [.. Enumerable.Range(0, FoldCount).Select(k =>
        {
            var design = new CentredDesign(rows, i => _foldOf[i] != k, rule, workers);
            return (design, new Iteration(design, design.Of(start), workers));
        })];

        // The features that are seen are those of all rows, in every fold.
        _start = _folds[0].Design.Of(start);
    }

    public TauChoice Choose(Iteration all, int rank)
    {
        var mean = all.Diagonal.Sum() / Math.Max(1, rank);
        if (mean == 0)
        {
            return TauChoice.WithoutEffect;
        }

        var ends = TauGrid.OfIterations.Of(mean, all.LargestEigenvalue());
        var taus = TauGrid.Down(ends, PointsPerDecade);
        var steppers = new double[FoldCount][];
        PathPoint At(double tau) => new(tau, Error(tau, steppers), double.NaN);
        var (path, best, edge) = TauSearch.Walk(taus, At, RisingPoints, hopeless: 1);
        var chosen = path[best];
        if (edge == TauEdge.Inside)
        {
            // The least of the parabola through the three, on the scale of log tau; kept where it is no worse.
            var shift = TauSearch.Vertex(path[best - 1].Loss, chosen.Loss, path[best + 1].Loss);
            var between = At(chosen.Tau * Math.Pow(taus[1] / taus[0], shift));
            path.Add(between);
            chosen = between.Loss <= chosen.Loss ? between : chosen;
        }

        return new TauChoice(chosen.Tau, chosen.Loss, edge, [.. path.OrderBy(p => p.Tau).Select(p => (p.Tau, p.Loss))]);
    }

    private double Error(double tau, double[][] steps)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var k = 0; k < FoldCount; k++)
        {
            var (design, iteration) = _folds[k];
            steps[k] = iteration.Solve(tau, steps[k], Iteration.Comparable);
            var w = (double[])_start.Clone();
            Product.AddScaled(1, steps[k], w);
            var predicted = design.Predict(w);
            for (var i = 0; i < predicted.Length; i++)
            {
                if (_foldOf[i] == k)
                {
                    var e = _rows.Labels[i] - design.LabelShift - predicted[i];
                    sum += (_rows.Weights?[i] ?? 1) * e * e;
                    weight += _rows.Weights?[i] ?? 1;
                }
            }
        }

        return sum / weight;
    }
}
