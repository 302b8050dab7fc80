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

    /// <summary>The minimum of the next objective; those of a path go from strong to weak taus. Its scores are good until the one
    /// after.</summary>
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
        var scratch = objective.Task.Scratch;
        Subtract(minimum.Shift, last.Shift);
        Subtract(minimum.Scores, last.Scores);
        var step = (last.Shift, last.Scores);
        var length = Math.Sqrt(Product.Dot(step.Shift, step.Shift));
        if (_step is { } old)
        {
            scratch.Return(old.Scores);
        }

        // The next step is to this one as this one is to that before; where there is none before, or steps grow, as long.
        var ratio = _step is { } before && before.Length > 0 ? Math.Min(1, length / before.Length) : 1;
        Scale(step.Shift, ratio);
        Scale(step.Scores, ratio);
        (_last, _step) = ((minimum.Shift, minimum.Scores), (step.Shift, step.Scores, length));
        return minimum;
    }

    private (double[] Shift, double[] Scores) Begin(NewtonObjective objective, (double[] Shift, double[] Scores) last)
    {
        var scratch = objective.Task.Scratch;
        var near = ((double[])last.Shift.Clone(), scratch.Copy(last.Scores));
        if (_step is not { } step)
        {
            return near;
        }

        var far = ((double[])last.Shift.Clone(), scratch.Copy(last.Scores));
        Product.AddScaled(1, step.Shift, far.Item1);
        Product.AddScaled(1, step.Scores, far.Item2);
        var (better, other) = Value(objective, far) < Value(objective, near) ? (far, near) : (near, far);
        scratch.Return(other.Item2);
        return better;
    }

    private static double Value(NewtonObjective objective, (double[] Shift, double[] Scores) at)
    {
        var scratch = objective.Task.Scratch;
        var length = at.Scores.Length;
        var (scores, residuals, curvatures) = (scratch.Take(length), scratch.Take(length), scratch.Take(length));
        var loss = objective.Loss(at.Scores, 0, at.Scores, scores, residuals, curvatures);
        scratch.Return(scores, residuals, curvatures);
        return loss + objective.Penalty(at.Shift);
    }

    /// <summary>b becomes a - b.</summary>
    private static void Subtract(double[] a, double[] b)
    {
        for (var i = 0; i < b.Length; i++)
        {
            b[i] = a[i] - b[i];
        }
    }

    private static void Scale(double[] values, double factor)
    {
        foreach (ref var value in values.AsSpan())
        {
            value *= factor;
        }
    }
}
