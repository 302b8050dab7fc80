using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Advice;

/// <summary>
/// The starting points that are compared: the source trained with every tau_0 of a grid, none, and the source as is best for itself (or a
/// given model) times a few scales.
/// </summary>
internal sealed class CurvedStarts
{
    /// <summary>1 among them: the source as it is.</summary>
    public static readonly double[] Scales = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];

    private CurvedStarts(double[] taus, double? sourceOptimalTau, Start?[] all)
    {
        (Taus, SourceOptimalTau, All) = (taus, sourceOptimalTau, all);
    }

    /// <summary>tau_0 of the grid, ascending; empty where a model was given.</summary>
    public double[] Taus { get; }

    /// <summary>tau_S*, by cross-validation in the source; null where a model was given.</summary>
    public double? SourceOptimalTau { get; }

    /// <summary>First those of the grid, then none (null), then the scaled ones.</summary>
    public IReadOnlyList<Start?> All { get; }

    public int None => Taus.Length;

    public int FirstScaled => Taus.Length + 1;

    /// <summary>The source as it is: scale 1.</summary>
    public int AsIs => FirstScaled + Array.IndexOf(Scales, 1.0);

    public double ScaleOf(int start) => Scales[start - FirstScaled];

    /// <summary>How many starts there are with so many tau_0.</summary>
    public static int Count(int taus) => taus + 1 + Scales.Length;

    public static CurvedStarts OfSource(CurvedPair pair, CurvedSettings wanted, Workers workers)
    {
        var settings = wanted.Fits;
        var grid = NewtonPath.Grid(pair.Source, workers, wanted.SourceTaus);
        // The folds side by side are as much work as so many fits.
        var parts = workers.Progress.Split(wanted.Folds, 1);
        var task = new NewtonTask(pair.Source, pair.SourceLoss, null, settings.Intercept, workers.With(parts[0]));
        var best = NewtonPath.ByCrossValidation(task, grid, settings, wanted.Folds, wanted.Seed);
        var shares = pair.Source.Shares();
        var (shift, fits) = (new double[task.Length], new Start[grid.Length]);
        for (var t = 0; t < grid.Length; t++)
        {
            // Strong to weak: each begins where the one before has ended.
            var fit = NewtonFit.Of(task, shares, settings with { Tau = grid[t] }, shift);
            shift = task.ShiftTo(new(fit.Weights, fit.Intercepts));
            fits[t] = pair.ToTarget(fit.Weights, fit.Intercepts);
            parts[1].Report((t + 1.0) / grid.Length);
        }

        Array.Reverse(fits);
        Array.Reverse(grid);
        return new(grid, best.Tau, [.. fits, null, .. Scaled(pair.ToTarget(best.Fit.Weights, best.Fit.Intercepts))]);
    }

    public static CurvedStarts OfModel(Start model) => new([], null, [null, .. Scaled(model)]);

    private static IEnumerable<Start> Scaled(Start model) =>
        Scales.Select(c => new Start(Array.ConvertAll(model.Weights, w => c * w), model.Intercepts));
}
