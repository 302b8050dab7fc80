using Microsoft.ML;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// How a fit is computed. The choice is made here and nowhere else, and every report names what was taken:
/// one tau is one Cholesky factor, a search for tau is one set of eigenvectors, both of whichever is smaller, the products of the features
/// (p x p) or of the rows (n x n); what fits neither is iterated. Losses that are not squares are Newton's.
/// </summary>
internal sealed record Route
{
    /// <summary>(X'X/n + tau)^-1 by one Cholesky factor.</summary>
    public static readonly Route FeatureCholesky = new("Cholesky factor of p x p");

    /// <summary>X'(XX'/n + tau)^-1 by one Cholesky factor.</summary>
    public static readonly Route RowCholesky = new("Cholesky factor of n x n");

    /// <summary>Eigenvectors of X'X: every tau is a division.</summary>
    public static readonly Route FeatureSpectrum = new("eigenvectors of p x p");

    /// <summary>Eigenvectors of XX'.</summary>
    public static readonly Route RowSpectrum = new("eigenvectors of n x n");

    /// <summary>Conjugate gradients on sparse rows.</summary>
    public static readonly Route Iteration = new("conjugate gradients");

    /// <summary>Newton's method with conjugate gradients.</summary>
    public static readonly Route Newton = new("Newton's method with conjugate gradients");

    /// <summary>The same where tau was chosen in coordinates of the space that the rows span.</summary>
    public static readonly Route NewtonInRowSpace = new("Newton's method with conjugate gradients, tau chosen in the space of the rows");

    // Where no p x p matrix fits: rows with fewer values than this share stay sparse, as the first of them tell.
    private const double DenseFrom = 0.25;
    private const int RowsForDensity = 64;

    // Below it an n x n matrix is factorised in less time than an iteration takes over many taus.
    private const int MostDualRows = 5_000;

    // The matrix, its eigenvectors, and what the decomposition works in.
    private const int DualMatrices = 5;

    private Route(string name) => Name = name;

    /// <summary>For a report.</summary>
    public string Name { get; }

    /// <summary>Whether the products of the rows are the smaller matrix.</summary>
    public static bool IsThroughRows(long rows, int featureCount) => featureCount > rows;

    /// <summary>One tau, rows that are dense.</summary>
    public static Route Cholesky(long rows, int featureCount) => IsThroughRows(rows, featureCount) ? RowCholesky : FeatureCholesky;

    /// <summary>Many taus, rows that are dense; or one so small that no Cholesky factor can be trusted.</summary>
    public static Route Spectrum(long rows, int featureCount) => IsThroughRows(rows, featureCount) ? RowSpectrum : FeatureSpectrum;

    /// <summary>Whether rows are too wide for any p x p matrix, and sparse enough to stay as they are.</summary>
    public static bool StaysSparse(IDataView data, string featureColumn, int featureCount, MemoryBudget budget) =>
        !budget.FitsGram(featureCount) && SparseRowsReader.Density(data, featureColumn, RowsForDensity) < DenseFrom;

    /// <summary>Whether sparse rows go through their products, or are iterated.</summary>
    public static bool IsDual(int rows, MemoryBudget budget, int? mostRows) =>
        rows <= (mostRows ?? MostDualRows) && budget.FitsBytes(8L * DualMatrices * rows * rows);
}
