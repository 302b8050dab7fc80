using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// A task of few rows and many features, written in coordinates of the space that its rows span. A fit never leaves its start in any
/// other direction, so that with as many features as rows every tau gives the same scores and losses, at the cost of small matrices.
/// </summary>
/// <remarks>XX' = V diag(lambda) V': the rows become V diag(sqrt(lambda)), and the start diag(1/sqrt(lambda)) V' X w_sp.</remarks>
internal static class RowSpace
{
    // The decomposition takes n^3; of more rows it costs more than it saves.
    private const int MostRows = 1000;

    // What conjugate gradients do with vectors of all features besides the products, counted in passes.
    private const int VectorPasses = 5;

    private const double Rank = 1e-12;

    /// <summary>Whether a pass over the new rows is shorter than one over these.</summary>
    public static bool Pays(Design design) => design.Rows <= MostRows && design.Rows < design.Width
        && (double)design.Rows * design.Rows <= design.NonZeros + ((double)VectorPasses * design.Width);

    /// <summary>The same task in fewer features; the new rows are in single precision, enough to choose tau by.</summary>
    public static (TRows Rows, Start Start) Of<TRows>(TRows rows, Start start, Workers workers)
        where TRows : LabelledRows
    {
        start.RequireLength(rows.FeatureCount, rows.Outputs);
        var eigen = SymmetricEigen.Of(rows.Design.RowProducts(null, workers), workers);
        var n = rows.Rows;
        var rank = eigen.Values.Count(v => v > Rank * eigen.Values[0]);
        var values = new float[n * rank];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < rank; j++)
            {
                values[(i * rank) + j] = (float)(eigen.Vectors[i, j] * Math.Sqrt(eigen.Values[j]));
            }
        }

        var k = rows.Outputs;
        var scores = rows.Design.Scores(Layout.ByFeature(start.Weights, rows.FeatureCount, k), k, workers);
        var weights = new double[k * rank];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < rank; j++)
            {
                for (var c = 0; c < k; c++)
                {
                    weights[(c * rank) + j] += eigen.Vectors[i, j] * scores[(i * k) + c] / Math.Sqrt(eigen.Values[j]);
                }
            }
        }

        return (
            (TRows)rows.With(new DenseDesign(n, rank, values)),
            new Start(weights, start.Intercepts));
    }
}
