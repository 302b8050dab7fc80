namespace Transfer.MLNet.Advice;

/// <summary>What the parts of an advice on a regression are expected to cost: only shares of progress are made of it.</summary>
internal static class SquaredCosts
{
    // Products of an eigenproblem by the cube of its size, with its vectors.
    private const double Eigen = 10;

    // Of the blend and of what is expected.
    private const double Metrics = 4;

    private const double Taus = 50;

    /// <summary>The source's eigenbasis; nothing of a model.</summary>
    public static double Source(int features) => Eigen * features * features * features;

    /// <summary>The target's eigenbasis.</summary>
    public static double Target(double rows, int features)
    {
        var smaller = Math.Min(rows, features);
        return (rows * features * smaller) + (Eigen * smaller * smaller * smaller);
    }

    /// <summary>Left-out errors of every pair.</summary>
    public static double LeftOut(double rows, int features) =>
        (rows * Math.Min(rows, features) * 2 * Taus) + (Taus * features * features);

    /// <summary>The blend, and what follows it.</summary>
    public static double Blend(double rows, int features) => Metrics * Target(rows, features);

    /// <summary>What is told of the rows in the end: which of them are alike.</summary>
    public static double Telling(double rows, int features) => rows * rows * features;
}
