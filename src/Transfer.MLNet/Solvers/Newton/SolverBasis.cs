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

    // As many products with X at a time as one pass over sparse rows does at the price of few.
    private const int RowsAtATime = 32;

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
        var gram = new Matrix(n, n);
        var row = new double[design.Width];
        for (var first = 0; first < n; first += RowsAtATime)
        {
            var count = Math.Min(RowsAtATime, n - first);
            var weights = new double[design.Width * count];
            for (var r = 0; r < count; r++)
            {
                design.Write(first + r, 1, row, row.Length);
                for (var j = 0; j < row.Length; j++)
                {
                    weights[(j * count) + r] = row[j];
                }
            }

            design.Sweep(
                weights,
                count,
                (_, at, values) =>
                {
                    for (var i = 0; i * count < values.Length; i++)
                    {
                        values.Slice(i * count, count).CopyTo(gram.Row(at + i)[first..]);
                    }
                },
                null,
                workers);
        }

        var eigen = SymmetricEigen.Of(gram, workers);
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
