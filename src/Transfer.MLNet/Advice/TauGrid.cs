namespace Transfer.MLNet.Advice;

/// <summary>The taus that are looked at on either side: evenly spaced logarithms, from where nothing is shrunk to where all is.</summary>
internal static class TauGrid
{
    // Below the first nothing is shrunk that the data say anything of; above the second even the strongest direction is all but gone.
    private const double SmallestOfMean = 1e-4;
    private const double LargestOfLargest = 1e2;

    /// <summary>The taus, ascending.</summary>
    /// <param name="eigenvalues">lambda of the task, descending, all above zero.</param>
    /// <param name="count">How many.</param>
    public static double[] Of(double[] eigenvalues, int count)
    {
        var low = Math.Log(SmallestOfMean * eigenvalues.Average());
        var high = Math.Log(LargestOfLargest * eigenvalues[0]);
        return [.. Enumerable.Range(0, count).Select(i => Math.Exp(low + ((high - low) * i / (count - 1))))];
    }

    /// <summary>So large that a fit to this task is the start: it stands for infinity where a number is needed.</summary>
    public static double Endless(double[] eigenvalues) => 1e12 * eigenvalues[0];
}
