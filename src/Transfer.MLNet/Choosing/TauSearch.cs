namespace Transfer.MLNet.Choosing;

/// <summary>
/// The search for the tau with the smallest error. It knows nothing of fits: it is given what the errors of some taus are. Errors are
/// smooth on the scale of a decade, since tau enters as tau / (lambda + tau). Of equal errors the larger tau is taken, which moves least
/// from the start.
/// </summary>
internal static class TauSearch
{
    private const int PointsPerDecade = 3;
    private const int PointsPerRefinement = 13;
    private const int Refinements = 2;

    /// <summary>
    /// Where many taus cost little more than one: three points a decade, then twice thirteen points between the neighbours of the best,
    /// which finds it to one percent. Many taus are asked for at once, because asking may cost a pass over the data.
    /// </summary>
    /// <param name="eigenvalues">Of the task, descending: what tau is to be compared with.</param>
    /// <param name="errors">The errors of some taus.</param>
    public static TauChoice Run(double[] eigenvalues, Func<double[], double[]> errors)
    {
        if (eigenvalues.Length == 0)
        {
            return TauChoice.WithoutEffect;
        }

        var ends = TauGrid.OfRidge.Of(eigenvalues);
        var (low, high) = (Math.Log10(ends.Low), Math.Log10(ends.High));
        var steps = (int)Math.Ceiling((high - low) * PointsPerDecade);
        var step = (high - low) / steps;
        var tried = new SortedDictionary<double, double>();
        void Try(IEnumerable<double> exponents)
        {
            var taus = exponents.Select(e => Math.Pow(10, e)).Where(t => !tried.ContainsKey(t)).ToArray();
            var found = errors(taus);
            for (var i = 0; i < taus.Length; i++)
            {
                tried.Add(taus[i], found[i]);
            }
        }

        Try(Enumerable.Range(0, steps + 1).Select(i => low + (i * step)));
        var (smallest, largest) = (tried.Keys.First(), tried.Keys.Last());
        var best = Best(tried);
        for (var round = 0; round < Refinements; round++)
        {
            var centre = Math.Log10(best);
            var finer = 2 * step / (PointsPerRefinement + 1);
            Try(Enumerable.Range(1, PointsPerRefinement).Select(i => centre - step + (i * finer))
                .Where(e => e > low && e < high && Math.Abs(e - centre) > finer / 2));
            step = finer;
            best = Best(tried);
        }

        var edge = best == smallest ? TauEdge.Smallest : best == largest ? TauEdge.Largest : TauEdge.Inside;
        return new TauChoice(best, tried[best], edge, [.. tried.Select(t => (t.Key, t.Value))]);
    }

    /// <summary>
    /// Where each tau costs a fit, which the one before makes cheaper: from strong to weak, until taus of less than a share of the best,
    /// and more than so many of them, have brought nothing better. There fits take longest, and lose most.
    /// </summary>
    /// <param name="taus">From strong to weak.</param>
    /// <param name="at">The error at a tau; null, where it cannot be told, ends the walk.</param>
    /// <param name="patience">How many taus after the best are looked at whatever they are.</param>
    /// <param name="hopeless">Down to which share of the best tau others are looked at beyond these; 1: none.</param>
    /// <returns>What was found, tau by tau, and which of it is the best; -1: nothing was found.</returns>
    public static (List<PathPoint> Path, int Best, TauEdge Edge) Walk(
        double[] taus, Func<double, PathPoint?> at, int patience, double hopeless)
    {
        var (path, best) = (new List<PathPoint>(), -1);
        for (var t = 0; t < taus.Length && (best < 0 || taus[t] > taus[best] * hopeless || t - best <= patience); t++)
        {
            if (at(taus[t]) is not { } found)
            {
                break;
            }

            path.Add(found);
            best = best < 0 || found.Loss < path[best].Loss ? t : best;
        }

        return (path, best, best == path.Count - 1 ? TauEdge.Smallest : best == 0 ? TauEdge.Largest : TauEdge.Inside);
    }

    /// <summary>
    /// The same where each tau costs much: every so many taus until one has brought nothing better, and then those between that lie beside
    /// the best, on the better side as far as errors fall.
    /// </summary>
    /// <param name="taus">From strong to weak.</param>
    /// <param name="at">The error at a tau; null, where it cannot be told, ends the walk.</param>
    /// <param name="stride">How many at a time.</param>
    public static (List<PathPoint> Path, int Best, TauEdge Edge) WalkCoarsely(double[] taus, Func<double, PathPoint?> at, int stride)
    {
        var found = new SortedDictionary<int, PathPoint>();
        bool Try(int t)
        {
            if (t < 0 || t >= taus.Length || found.ContainsKey(t) || at(taus[t]) is not { } point)
            {
                return false;
            }

            found.Add(t, point);
            return point.Loss <= found.Values.Min(f => f.Loss);
        }

        // Two strides down fits still cost little, and those above are looked at where that is the best.
        var t = taus.Length > 5 * stride ? 2 * stride : 0;
        while (t < taus.Length && (Try(t) || found.Count < 3))
        {
            t += stride;
        }

        if (found.Count == 0)
        {
            return ([], -1, TauEdge.Smallest);
        }

        var coarse = found.MinBy(f => f.Value.Loss).Key;
        var step = Try(coarse + 1) ? 1 : -1;
        t = step == 1 ? coarse + 1 : coarse;
        while (Try(t + step))
        {
            t += step;
        }

        var best = found.MinBy(f => f.Value.Loss).Key;
        var edge = best == found.Keys.Last() ? TauEdge.Smallest : best == 0 ? TauEdge.Largest : TauEdge.Inside;
        return ([.. found.Values], found.Keys.ToList().IndexOf(best), edge);
    }

    /// <summary>
    /// The place of the least of the parabola through three points that are evenly spaced, in steps from the middle one; 0 where it has
    /// none.
    /// </summary>
    public static double Vertex(double before, double at, double after)
    {
        var curvature = before - (2 * at) + after;
        return curvature > 0 ? 0.5 * (before - after) / curvature : 0;
    }

    private static double Best(SortedDictionary<double, double> tried)
    {
        var (best, least) = (double.NaN, double.PositiveInfinity);
        foreach (var (tau, error) in tried)
        {
            if (error <= least)
            {
                (best, least) = (tau, error);
            }
        }

        return double.IsNaN(best)
            ? throw new InvalidOperationException("No tau gives a finite error: the values of the data are too large for double precision. "
            + "Normalise them.")
            : best;
    }
}
