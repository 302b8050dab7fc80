using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// I - H_CC of rows that are left out together, as I - U_C U_C' - [ss'/n] and, added for each tau, U_C diag(tau / (lambda + tau)) U_C'.
/// </summary>
internal sealed class ClusterRoom
{
    // Added to the diagonal: of 1, far above rounding and far below what a row that can be left out has.
    private const double Ridge = 1e-12;

    private readonly int[] _rows;
    private readonly Matrix _basis;
    private readonly Matrix _outside;

    /// <param name="target">The spectrum of the target, made from rows.</param>
    /// <param name="rows">The places of the cluster's rows.</param>
    public ClusterRoom(TaskSpectrum target, int[] rows)
    {
        _rows = rows;
        var (u, roots) = (target.RowBasis!, target.RootWeights!);
        _basis = new Matrix(rows.Length, u.Columns);
        for (var i = 0; i < rows.Length; i++)
        {
            u.Row(rows[i]).CopyTo(_basis.Row(i));
        }

        _outside = Product.TimesTransposed(_basis, _basis, Workers.All.Single);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = _outside.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = -row[j] - (target.Centred ? roots[rows[i]] * roots[rows[j]] / u.Rows : 0);
            }

            row[i] += 1 + Ridge;
        }
    }

    /// <summary>Makes residuals of the rows left-out ones: those of a fit without the cluster.</summary>
    /// <param name="shares">tau / (lambda + tau) (q x T).</param>
    /// <param name="tau">Which of the taus.</param>
    /// <param name="residuals">r (n x J); the cluster's rows are overwritten.</param>
    /// <exception cref="InvalidOperationException">Without the cluster nothing is left to fit.</exception>
    public void Leave(Matrix shares, int tau, Matrix residuals)
    {
        var shrunk = _basis.Clone();
        var own = new Matrix(_rows.Length, residuals.Columns);
        for (var i = 0; i < _rows.Length; i++)
        {
            var row = shrunk.Row(i);
            for (var k = 0; k < row.Length; k++)
            {
                row[k] *= shares[k, tau];
            }

            residuals.Row(_rows[i]).CopyTo(own.Row(i));
        }

        var room = Product.TimesTransposed(shrunk, _basis, Workers.All.Single);
        Product.AddScaled(1, _outside.Values, room.Values);
        var left = Cholesky.TryFactor(room, Workers.All.Single)?.Solve(own, Workers.All.Single) ?? throw new InvalidOperationException(
            $"Without a cluster of {_rows.Length} rows nothing is left of the target to fit. Give a finer cluster column, or none.");
        for (var i = 0; i < _rows.Length; i++)
        {
            left.Row(i).CopyTo(residuals.Row(_rows[i]));
        }
    }
}
