using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// The rows in coordinates of which there are no more than rows or features: as they are, or, where features are more, along the
/// eigenvectors of XX'. A penalised fit moves from the start within the span of the rows only, so that nothing is lost.
/// </summary>
internal sealed class SolverBasis
{
    // Eigenvalues below this share of the largest are rounding.
    private const double Negligible = 1e-12;

    private readonly Design _design;
    private readonly Matrix? _coordinates;

    private SolverBasis(Design design, Matrix? coordinates) => (_design, _coordinates) = (design, coordinates);

    /// <summary>Coordinates of a row.</summary>
    public int Size => _coordinates?.Columns ?? _design.Width;

    public static int SizeOf(Design design) => Math.Min(design.Width, design.Rows);

    public static SolverBasis Of(Design design, Workers workers) =>
        new(design, design.Width <= design.Rows ? null : Coordinates(design, workers));

    /// <summary>Writes a row's coordinates.</summary>
    public void Write(int row, Span<double> to)
    {
        if (_coordinates is null)
        {
            _design.Write(row, 1, to, Size);
        }
        else
        {
            _coordinates.Row(row).CopyTo(to);
        }
    }

    private static Matrix Coordinates(Design design, Workers workers)
    {
        var n = design.Rows;
        var eigen = SymmetricEigen.Of(design.RowProducts(null, workers), workers);
        var kept = Enumerable.Range(0, n).Where(k => eigen.Values[k] > Negligible * eigen.Values.Max()).ToArray();
        var coordinates = new Matrix(n, kept.Length);
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < kept.Length; k++)
            {
                coordinates[i, k] = eigen.Vectors[i, kept[k]] * Math.Sqrt(eigen.Values[kept[k]]);
            }
        }

        return coordinates;
    }
}
