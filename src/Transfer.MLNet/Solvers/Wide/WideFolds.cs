using Transfer.MLNet.Accumulation;
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
    private const double SmallestOfMean = 1e-6;
    private const double LargestOfLargest = 1e2;

    private readonly WideRows _rows;
    private readonly double[] _start;
    private readonly (CentredDesign Design, Iteration Iteration)[] _folds;
    private readonly int[] _foldOf;

    public WideFolds(WideRows rows, Start start, InterceptRule rule, Workers workers)
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
            return new TauChoice(1, double.NaN, TauEdge.NoEffect, []);
        }

        var (low, high) = (SmallestOfMean * mean, LargestOfLargest * all.LargestEigenvalue());
        var steps = (int)Math.Ceiling(Math.Log10(high / low) * PointsPerDecade);
        var ratio = Math.Pow(low / high, 1.0 / steps);
        var steppers = new double[FoldCount][];
        var tried = new List<(double Tau, double Error)>();
        var best = 0;
        for (var i = 0; i <= steps && i - best <= RisingPoints; i++)
        {
            tried.Add((high * Math.Pow(ratio, i), 0));
            tried[i] = (tried[i].Tau, Error(tried[i].Tau, steppers));
            best = tried[i].Error < tried[best].Error ? i : best;
        }

        var edge = best == 0 ? TauEdge.Largest : best == steps ? TauEdge.Smallest : TauEdge.Inside;
        var (tau, error) = tried[best];
        if (edge == TauEdge.Inside && best + 1 < tried.Count)
        {
            // The least of the parabola through the three, on the scale of log tau; kept where it is no worse.
            var (left, right) = (tried[best - 1].Error, tried[best + 1].Error);
            var curvature = left - (2 * error) + right;
            var between = tau * Math.Pow(ratio, curvature > 0 ? 0.5 * (left - right) / curvature : 0);
            var there = Error(between, steppers);
            tried.Add((between, there));
            (tau, error) = there <= error ? (between, there) : (tau, error);
        }

        return new TauChoice(tau, error, edge, [.. tried.OrderBy(t => t.Tau)]);
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
                    sum += _rows.Weights[i] * e * e;
                    weight += _rows.Weights[i];
                }
            }
        }

        return sum / weight;
    }
}
