using System.Globalization;

namespace Transfer.MLNet.Rows;

/// <summary>How much memory a fit may ask for at once. Asked before the work starts: an error then costs nothing.</summary>
internal sealed class MemoryBudget(long bytes)
{
    /// <summary>The longest side of a square matrix of doubles that .NET can hold in one array.</summary>
    private const int LargestSide = 46_340;

    /// <summary>A quarter of what the process may use: at its peak a fit has some four matrices of the size that is asked for
    /// here.</summary>
    public static MemoryBudget OfProcess => new((long)(0.25 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));

    public long Bytes => bytes;

    /// <summary>Whether the Gram matrix of so many features fits.</summary>
    public bool FitsGram(int featureCount) => 8.0 * featureCount * featureCount <= bytes && featureCount <= LargestSide;

    /// <exception cref="InvalidOperationException">Sparse rows with so many values do not fit.</exception>
    public void RequireValues(long values, int bytesOfValue, long rows, int featureCount, string column)
    {
        if (values * bytesOfValue > bytes || values > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"More than {rows - 1} rows of column '{column}' ({values} values other than zero in {featureCount} features) do not fit "
                + $"in memory: {Size(bytes)} may be used, "
                + $"and a Gram matrix of {featureCount} features does not fit either. What fits: about {rows - 1} rows like these, or "
                + $"{(int)Math.Min(Math.Sqrt(bytes / 8.0), LargestSide)} features. "
                + "Take a sample of the rows (ml.Data.TakeRows), or fewer features (Transforms.FeatureSelection, or fewer bits where they "
                + "are hashed).");
        }
    }

    /// <summary>Before rows of so many classes are solved: that the solver's vectors, a score for each row and class, fit.</summary>
    /// <exception cref="InvalidOperationException">They do not.</exception>
    public void RequireScores(int rows, int classes, string column)
    {
        // Those of the step, of the rows' losses and of the path: each has been counted. The budget is a quarter of the memory.
        const int Vectors = 12;
        var needed = 8.0 * rows * classes * Vectors / 4;
        if (needed > bytes || (long)rows * classes > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"{classes} classes (column '{column}') with {rows} rows take {Vectors} vectors of {(long)rows * classes} scores "
                + $"({Size(4 * needed)}), and {Size(4.0 * bytes)} may be used. What fits: "
                + $"{(long)Math.Min(4.0 * bytes / (8.0 * Vectors * rows), Array.MaxLength / rows)} classes, or fewer rows. Leave out or "
                + "put together classes that have few rows, or predict in two steps: a group of classes, and then the class within it.");
        }
    }

    public bool FitsBytes(long needed) => needed <= bytes;

    public bool FitsRows(long rows, int featureCount) => 8.0 * rows * featureCount <= bytes && rows * featureCount <= Array.MaxLength;

    /// <exception cref="InvalidOperationException">The Gram matrices do not fit.</exception>
    public void RequireGrams(int featureCount, int count, string column)
    {
        var needed = 8.0 * featureCount * featureCount * count;
        if (needed <= bytes && featureCount <= LargestSide)
        {
            return;
        }

        var fits = (int)Math.Min(Math.Sqrt(bytes / (8.0 * count)), LargestSide);
        throw new InvalidOperationException(
            $"Column '{column}' has {featureCount} features. With at least as many rows, or as moments, they take {count} matrices of "
            + $"{featureCount} x {featureCount} ({Size(needed)}), and {Size(bytes)} may be used. What fits: {fits} features or fewer"
            + (count > 1 ? $" in {count} matrices ({(int)Math.Min(Math.Sqrt(bytes / 8.0), LargestSide)} in one: take fewer folds)"
            : string.Empty)
            + $"; or up to {RowsThatFit(featureCount)} rows, which are solved without such a matrix. "
            + "Select features (Transforms.FeatureSelection) or reduce them (Transforms.ProjectToPrincipalComponents).");
    }

    /// <exception cref="InvalidOperationException">The moments of so many groups do not fit.</exception>
    public void RequireGroups(long groups, int featureCount, string groupColumn)
    {
        var needed = 8.0 * featureCount * featureCount * groups;
        if (needed > bytes)
        {
            throw new InvalidOperationException(
                $"The moments of {groups} groups (column '{groupColumn}') of {featureCount} features take {Size(needed)}, and "
                + $"{Size(bytes)} may be used. "
                + $"What fits: {(long)(bytes / (8.0 * featureCount * featureCount))} groups, or {(int)Math.Sqrt(bytes / (8.0 * groups))} "
                + $"features. "
                + "Take a coarser group column, or those groups alone that have most rows.");
        }
    }

    /// <exception cref="InvalidOperationException">The rows do not fit.</exception>
    public void RequireRows(long rows, int featureCount, string column)
    {
        if (!FitsRows(rows, featureCount))
        {
            throw new InvalidOperationException(
                $"More than {rows - 1} rows of column '{column}' ({featureCount} features) do not fit in memory: {Size(bytes)} may be "
                + $"used. "
                + $"What fits: {RowsThatFit(featureCount)} rows. Take a sample of the rows (ml.Data.TakeRows), "
                + "or moments (ml.Regression.ComputeMoments), which do not grow with the rows.");
        }
    }

    private long RowsThatFit(int featureCount) => (long)Math.Min(bytes / (8.0 * featureCount), Array.MaxLength / featureCount);

    private static string Size(double amount) => amount >= 1 << 30
        ? (amount / (1 << 30)).ToString("0.0 'GB'", CultureInfo.InvariantCulture)
        : (amount / (1 << 20)).ToString("0.0 'MB'", CultureInfo.InvariantCulture);
}
