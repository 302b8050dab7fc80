using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>A ridge fit at the tau that left-out rows chose, from one factorisation.</summary>
internal sealed record TunedFit(LinearFit Fit, TauChoice Choice)
{
    /// <summary>By the exact leave-one-out errors of rows in memory.</summary>
    /// <param name="rows">The task.</param>
    /// <param name="start">What the fit is pulled to.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="InvalidOperationException">There are fewer than two rows.</exception>
    public static TunedFit ByLeaveOneOut(HeldRows rows, Start start, InterceptRule rule, Workers workers)
    {
        start.RequireLength(rows.FeatureCount);
        if (rows.Rows > rows.FeatureCount + 1)
        {
            // The rows in the eigenbasis, and their squares, would take three times the memory of the rows.
            return ByLeaveOneOut(MomentsReader.Of(rows, folds: 1, seed: 0, workers), rows.HandTo, start, rule, workers);
        }

        var (spectrum, errors) = LeaveOneOutOf(rows, start, rule, workers);
        return At(spectrum, start, rule, errors);
    }

    /// <summary>The mean squared leave-one-out errors of any taus.</summary>
    public static Func<double[], double[]> LeaveOneOutErrors(HeldRows rows, Start start, InterceptRule rule, Workers workers) =>
        LeaveOneOutOf(rows, start, rule, workers).Errors;

    private static (TaskSpectrum Spectrum, Func<double[], double[]> Errors) LeaveOneOutOf(
        HeldRows rows, Start start, InterceptRule rule, Workers workers)
    {
        var pulled = rule == InterceptRule.TowardsStart;
        var spectrum = TaskSpectrum.Of(pulled ? rows.WithConstantFeature() : rows, rule == InterceptRule.Free, workers);
        var w = start.For(rule);
        var leaveOneOut = new LeaveOneOut(spectrum, spectrum.CentredPredictions(new Matrix(w.Length, 1, w), workers), workers);
        return (spectrum, taus => leaveOneOut.MeanSquaredErrors(taus).Values);
    }

    /// <summary>The same with more rows than features, kept or not: each step of the search is one more pass over them.</summary>
    /// <param name="moments">The moments of the rows.</param>
    /// <param name="pass">Hands the same rows to the target that it is given, each time it is called.</param>
    /// <param name="start">What the fit is pulled to.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static TunedFit ByLeaveOneOut(Moments moments, Action<RowTarget> pass, Start start, InterceptRule rule, Workers workers)
    {
        start.RequireLength(moments.FeatureCount);
        var spectrum = SpectrumOf(moments, rule, workers);
        return At(spectrum, start, rule, new TallLeaveOneOut(pass, spectrum, moments.TotalWeight, start, rule, workers).MeanSquaredErrors);
    }

    /// <summary>By cross-validation over the folds of moments.</summary>
    /// <param name="moments">Moments in at least two folds.</param>
    /// <param name="start">What the fit is pulled to.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="InvalidOperationException">The moments have fewer than two folds with rows.</exception>
    public static TunedFit ByKFold(Moments moments, Start start, InterceptRule rule, Workers workers)
    {
        start.RequireLength(moments.FeatureCount);
        var w = start.For(rule);
        var folds = new KFold(
            rule == InterceptRule.TowardsStart ? moments.WithConstantFeature() : moments, rule == InterceptRule.Free,
            new Matrix(w.Length, 1, w), workers);
        return At(SpectrumOf(moments, rule, workers), start, rule, taus => folds.MeanSquaredErrors(taus).Values);
    }

    private static TaskSpectrum SpectrumOf(Moments moments, InterceptRule rule, Workers workers) => TaskSpectrum.Of(
        rule == InterceptRule.TowardsStart ? moments.Total.WithConstantFeature() : moments.Total, rule == InterceptRule.Free, workers);

    private static TunedFit At(TaskSpectrum spectrum, Start start, InterceptRule rule, Func<double[], double[]> errors)
    {
        var choice = TauSearch.Run(spectrum.Eigenvalues, errors);
        var w = spectrum.Towards(start.For(rule), choice.Tau);
        var fit = rule == InterceptRule.TowardsStart ? new LinearFit(w[..^1], w[^1]) : new LinearFit(w, spectrum.Intercept(w));
        var route = spectrum.RowBasis is null ? Route.FeatureSpectrum : Route.Spectrum(spectrum.Rows, spectrum.FeatureCount);
        return new TunedFit(fit with { Route = route }, choice);
    }
}
