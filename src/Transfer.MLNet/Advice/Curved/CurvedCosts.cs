using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>
/// What the parts of an advice on classes or counts are expected to cost, in multiplications: only shares of progress are made of it.
/// </summary>
internal static class CurvedCosts
{
    // Products with the rows in a fit that begins at the one for the next tau.
    private const double Products = 20;

    // Products of an eigenproblem by the cube of its size.
    private const double Eigen = 10;

    // Rounds of the blend, each with two metrics.
    private const double Spectra = 12;

    /// <summary>The source trained with every tau_0.</summary>
    public static double Starts(LabelledRows source, CurvedSettings settings) =>
        Products * Size(source) * settings.SourceTaus * (settings.Folds + 1);

    /// <summary>Every start with every tau_1, for each fold.</summary>
    public static double LeftOut(LabelledRows target, int starts, CurvedSettings settings) =>
        Products * Size(target) * starts * settings.TargetTaus * settings.Folds;

    /// <summary>The Hessians of the source's outputs.</summary>
    public static double Source(LabelledRows source)
    {
        var (n, p) = ((double)source.Rows, (double)source.FeatureCount);
        return source.Outputs * ((n * p * p / 2) + (Eigen * p * p * p));
    }

    /// <summary>The blend, of all rows and without each fold.</summary>
    public static double Blend(LabelledRows target, CurvedSettings settings)
    {
        var (n, p) = ((double)target.Rows, (double)target.FeatureCount);
        var m = Math.Min(n, p);
        return Spectra * target.Outputs * ((n * p * m) + (Eigen * m * m * m)) * (settings.Folds + 1);
    }

    private static double Size(LabelledRows rows) => (double)rows.Rows * rows.FeatureCount * rows.Outputs;
}
