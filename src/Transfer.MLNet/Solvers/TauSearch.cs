using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// The search for tau: three points a decade from 10^-6 of the mean eigenvalue to 10^3 of the largest, then twice thirteen points
/// between the neighbours of the best, which finds it to one percent. Errors are smooth on the scale of a decade, since tau enters as
/// tau / (lambda + tau); and many taus are asked for at once, because asking may cost a pass over the data.
/// </summary>
internal static class TauSearch
{
    private const int PointsPerDecade = 3;
    private const int PointsPerRefinement = 13;
    private const int Refinements = 2;

    // Below it 1 - h is too small for leave-one-out in tasks with fewer rows than features; above it w is the start.
    private const double SmallestOfMean = 1e-6;
    private const double LargestOfLargest = 1e3;

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
        return Fit(spectrum, start, rule, errors);
    }

    /// <summary>The mean squared leave-one-out errors of any taus.</summary>
    public static Func<double[], double[]> LeaveOneOutErrors(HeldRows rows, Start start, InterceptRule rule, Workers workers) =>
        LeaveOneOutOf(rows, start, rule, workers).Errors;

    private static (TaskSpectrum Spectrum, Func<double[], double[]> Errors) LeaveOneOutOf(HeldRows rows, Start start, InterceptRule rule, Workers workers)
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
        return Fit(spectrum, start, rule, new TallLeaveOneOut(pass, spectrum, moments.TotalWeight, start, rule, workers).MeanSquaredErrors);
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
            rule == InterceptRule.TowardsStart ? moments.WithConstantFeature() : moments, rule == InterceptRule.Free, new Matrix(w.Length, 1, w), workers);
        return Fit(SpectrumOf(moments, rule, workers), start, rule, taus => folds.MeanSquaredErrors(taus).Values);
    }

    /// <summary>The search itself.</summary>
    /// <param name="eigenvalues">Of the task, descending: what tau is to be compared with.</param>
    /// <param name="errors">The errors of some taus.</param>
    public static TauChoice Run(double[] eigenvalues, Func<double[], double[]> errors)
    {
        if (eigenvalues.Length == 0)
        {
            return new TauChoice(1, double.NaN, TauEdge.NoEffect, []);
        }

        var low = Math.Log10(SmallestOfMean * eigenvalues.Average());
        var high = Math.Log10(LargestOfLargest * eigenvalues[0]);
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
            Try(Enumerable.Range(1, PointsPerRefinement).Select(i => centre - step + (i * finer)).Where(e => e > low && e < high && Math.Abs(e - centre) > finer / 2));
            step = finer;
            best = Best(tried);
        }

        var edge = best == smallest ? TauEdge.Smallest : best == largest ? TauEdge.Largest : TauEdge.Inside;
        return new TauChoice(best, tried[best], edge, [.. tried.Select(t => (t.Key, t.Value))]);
    }

    /// <summary>The tau with the smallest error; of equal ones the largest, which moves least from the start.</summary>
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
            ? throw new InvalidOperationException("No tau gives a finite error: the values of the data are too large for double precision. Normalise them.")
            : best;
    }

    private static TaskSpectrum SpectrumOf(Moments moments, InterceptRule rule, Workers workers) => TaskSpectrum.Of(
        rule == InterceptRule.TowardsStart ? moments.Total.WithConstantFeature() : moments.Total, rule == InterceptRule.Free, workers);

    private static TunedFit Fit(TaskSpectrum spectrum, Start start, InterceptRule rule, Func<double[], double[]> errors)
    {
        var choice = Run(spectrum.Eigenvalues, errors);
        var w = spectrum.Towards(start.For(rule), choice.Tau);
        return new TunedFit(
            rule == InterceptRule.TowardsStart ? new LinearFit(w[..^1], w[^1]) : new LinearFit(w, spectrum.Intercept(w)), choice);
    }
}
