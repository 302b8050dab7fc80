namespace Transfer.MLNet.Choosing;

/// <summary>Taus with evenly spaced logarithms, and how far out they go: all grids of the library.</summary>
internal static class TauGrid
{
    // Of steps: eight decades are not to be eight and a bit.
    private const double Rounding = 1e-6;

    /// <summary>For a ridge fit that is handed out: below the smallest 1 - h is too small for leave-one-out in tasks with fewer rows than
    /// features; above the largest w is the start.</summary>
    public static readonly TauEnds OfRidge = new(1e-6, 1e3);

    /// <summary>The same by iterations, of which small taus take the most; beyond the largest the start is the solution to a
    /// percent.</summary>
    public static readonly TauEnds OfIterations = new(1e-6, 1e2);

    /// <summary>For the taus that an advice compares: below the smallest nothing is shrunk that the data say anything of; above the largest
    /// even the strongest direction is all but gone.</summary>
    public static readonly TauEnds OfAdvice = new(1e-4, 1e2);

    /// <summary>For losses with a curvature of their own, against the mean square of a row (the trace of the Gram matrix) at both ends:
    /// the Hessian is at most a quarter of it.</summary>
    public static readonly TauEnds OfCurvedLosses = new(1e-7, 10);

    /// <summary>For leaves of trees by ridge: from ten times the largest eigenvalue, where nearly nothing moves.</summary>
    public static readonly TauEnds OfLeaves = new(1e-4, 10);

    /// <summary>For leaves of trees with a curved loss, against the trace of ZZ'/n (as many as there are trees) times the loss's
    /// curvature, which take the place of the eigenvalues.</summary>
    public static readonly TauEnds OfCurvedLeaves = new(1e-4, 3);

    /// <summary>So large that a fit to a task is the start: it stands for infinity where a number is needed.</summary>
    public static double Endless(double[] eigenvalues) => 1e12 * eigenvalues[0];

    /// <summary>The taus of an advice, ascending.</summary>
    /// <param name="eigenvalues">lambda of the task, descending, all above zero.</param>
    /// <param name="count">How many.</param>
    public static double[] Of(double[] eigenvalues, int count) => Between(OfAdvice.Of(eigenvalues), count);

    /// <summary>So many taus, ends included, ascending.</summary>
    public static double[] Between((double Low, double High) ends, int count)
    {
        var (low, high) = (Math.Log(ends.Low), Math.Log(ends.High));
        return [.. Enumerable.Range(0, count).Select(i => Math.Exp(low + ((high - low) * i / (count - 1))))];
    }

    /// <summary>At least so many taus a decade, ends included, descending.</summary>
    public static double[] Down((double Low, double High) ends, int perDecade) =>
        [.. Between(ends, Count(ends, perDecade)).Reverse()];

    /// <summary>How many taus it takes to have at least so many a decade.</summary>
    public static int Count((double Low, double High) ends, int perDecade) =>
        1 + (int)Math.Ceiling((Math.Log10(ends.High / ends.Low) * perDecade) - Rounding);
}

/// <summary>The ends of a grid against the eigenvalues of a task: tau enters a fit as tau / (lambda + tau).</summary>
/// <param name="SmallestOfMean">The smallest tau, as a share of the mean eigenvalue.</param>
/// <param name="LargestOfLargest">The largest, as a multiple of the largest eigenvalue.</param>
internal readonly record struct TauEnds(double SmallestOfMean, double LargestOfLargest)
{
    public (double Low, double High) Of(double mean, double largest) => (SmallestOfMean * mean, LargestOfLargest * largest);

    /// <param name="eigenvalues">Descending, all above zero.</param>
    public (double Low, double High) Of(double[] eigenvalues) => Of(eigenvalues.Average(), eigenvalues[0]);
}
