using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// Where the next fit of a path begins: at the one before, or as far on as the last two foretell, whichever the next objective prefers.
/// Scores are linear in the shift, so that neither takes a pass over the rows.
/// </summary>
internal sealed class PathStart
{
    private (double[] Shift, double[] Scores)? _last;
    private (double[] Shift, double[] Scores, double Length)? _step;

    /// <summary>The minimum of the next objective; those of a path go from strong to weak taus.</summary>
    public Minimum Minimise(NewtonObjective objective, double tolerance, int maximumIterations)
    {
        if (_last is not { } last || objective.HoldsWeights)
        {
            var first = NewtonSolver.Minimise(objective, new double[objective.Length], tolerance, maximumIterations);
            _last = objective.HoldsWeights ? null : (first.Shift, first.Scores);
            return first;
        }

        var (shift, scores) = Begin(objective, last);
        var minimum = NewtonSolver.Minimise(objective, shift, scores, tolerance, maximumIterations);
        var step = (Shift: Less(minimum.Shift, last.Shift), Scores: Less(minimum.Scores, last.Scores));
        var length = Math.Sqrt(Product.Dot(step.Shift, step.Shift));

        // The next step is to this one as this one is to that before; where there is none before, or steps grow, as long.
        var ratio = _step is { } before && before.Length > 0 ? Math.Min(1, length / before.Length) : 1;
        Scale(step.Shift, ratio);
        Scale(step.Scores, ratio);
        (_last, _step) = ((minimum.Shift, minimum.Scores), (step.Shift, step.Scores, length));
        return minimum;
    }

    private (double[] Shift, double[] Scores) Begin(NewtonObjective objective, (double[] Shift, double[] Scores) last)
    {
        var near = ((double[])last.Shift.Clone(), (double[])last.Scores.Clone());
        if (_step is not { } step)
        {
            return near;
        }

        var far = ((double[])last.Shift.Clone(), (double[])last.Scores.Clone());
        Product.AddScaled(1, step.Shift, far.Item1);
        Product.AddScaled(1, step.Scores, far.Item2);
        return Value(objective, far) < Value(objective, near) ? far : near;
    }

    private static double Value(NewtonObjective objective, (double[] Shift, double[] Scores) at)
    {
        var (scores, residuals, curvatures) = (new double[at.Scores.Length], new double[at.Scores.Length], new double[at.Scores.Length]);
        return objective.Loss(at.Scores, 0, at.Scores, scores, residuals, curvatures) + objective.Penalty(at.Shift);
    }

    private static double[] Less(double[] a, double[] b)
    {
        var difference = (double[])a.Clone();
        Product.AddScaled(-1, b, difference);
        return difference;
    }

    private static void Scale(double[] values, double factor)
    {
        foreach (ref var value in values.AsSpan())
        {
            value *= factor;
        }
    }
}
