using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>
/// Ridge on leaf indicators with an intercept, and if it is free the source's scale, outside the penalty: the least
/// (1/n) sum omega_i (y_i - a - c s_i - z_i'd)^2 + tau |d|^2. By the products of rows (n x n), in whose eigenbasis, the free directions
/// projected out, every tau and its exact leave-one-out is a division.
/// </summary>
/// <remarks>
/// With P = 1 - QQ' and P Omega^1/2 ZZ' Omega^1/2 P / n = U diag(lambda) U': residuals r = Py - U (lambda / (lambda + tau)) U'y, leverages
/// h_i = |Q_i|^2 + sum_k U_ik^2 lambda_k / (lambda_k + tau), left-out errors r_i / (1 - h_i): those of fitting again without row i with the
/// summed penalty n tau unchanged.
/// </remarks>
internal sealed class LeafRidge
{
    private const double Negligible = 1e-12;
    private const double NoRoom = 1e-10;

    private readonly LeafRows _rows;
    private readonly Matrix _products;
    private readonly Directions _free;
    private readonly double[] _roots;
    private readonly double[] _lambda;
    private readonly Matrix _u;

    /// <param name="rows">Rows with one output.</param>
    /// <param name="products">ZZ' (n x n), as <see cref="LeafRows.Shared"/> gives it, or other products of rows.</param>
    /// <param name="freeScale">Whether the source's score is multiplied by a c that is fitted.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public LeafRidge(LeafRows rows, Matrix products, bool freeScale, Workers workers)
    {
        (_rows, _products) = (rows, products);
        _roots = Array.ConvertAll(rows.Weights, Math.Sqrt);
        var ones = new double[rows.Rows];
        Array.Fill(ones, 1);
        _free = new Directions(freeScale ? [ones, rows.ScoresOf(0)] : [ones], _roots);
        var scaled = products.Clone();
        for (var i = 0; i < scaled.Rows; i++)
        {
            var row = scaled.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] *= _roots[i] * _roots[j] / rows.Rows;
            }
        }

        var eigen = SymmetricEigen.Of(_free.Without(scaled), workers);
        var floor = eigen.Values.Length == 0 ? 0 : Math.Max(0, eigen.Values[0] * Negligible);
        _lambda = [.. eigen.Values.TakeWhile(v => v > floor)];
        _u = new Matrix(rows.Rows, _lambda.Length);
        for (var i = 0; i < rows.Rows; i++)
        {
            eigen.Vectors.Row(i)[.._lambda.Length].CopyTo(_u.Row(i));
        }
    }

    /// <summary>The eigenvalues above zero, from the largest.</summary>
    public IReadOnlyList<double> Eigenvalues => _lambda;

    /// <summary>
    /// The left-out errors e_i of a response at one tau; infinity leaves the leaves alone. NaN where a row cannot be left out.
    /// </summary>
    public double[] LeftOutErrors(double[] response, double tau)
    {
        var scaled = Scaled(response);
        var rest = _free.Without(scaled);
        var inBasis = Product.TransposedTimes(_u, scaled);
        var shares = Array.ConvertAll(_lambda, l => double.IsPositiveInfinity(tau) ? 0 : l / (l + tau));
        var errors = new double[rest.Length];
        for (var i = 0; i < errors.Length; i++)
        {
            var row = _u.Row(i);
            var (residual, room) = (rest[i], 1 - _free.Leverage(i));
            for (var k = 0; k < row.Length; k++)
            {
                residual -= row[k] * shares[k] * inBasis[k];
                room -= row[k] * row[k] * shares[k];
            }

            errors[i] = room > NoRoom ? residual / (room * _roots[i]) : double.NaN;
        }

        return errors;
    }

    /// <summary>The fit of a response at one tau: the coefficients of the free directions, and the leaves' moves (L).</summary>
    public (double[] Free, double[] Moves) Fit(double[] response, double tau)
    {
        var (free, dual) = FitOfRows(response, tau);
        return (free, _rows.SumsByLeaf(0, dual));
    }

    /// <summary>The same with the fit as a sum over rows (n): of row i counts dual_i times its products with a row.</summary>
    public (double[] Free, double[] Dual) FitOfRows(double[] response, double tau)
    {
        var scaled = Scaled(response);
        if (double.IsPositiveInfinity(tau))
        {
            return (_free.Coefficients(scaled), new double[_rows.Rows]);
        }

        var inBasis = Product.TransposedTimes(_u, scaled);
        for (var k = 0; k < inBasis.Length; k++)
        {
            inBasis[k] /= _rows.Rows * (_lambda[k] + tau);
        }

        var dual = Product.Times(_u, inBasis);
        for (var i = 0; i < dual.Length; i++)
        {
            dual[i] *= _roots[i];
        }

        var moved = Product.Times(_products, dual);
        for (var i = 0; i < moved.Length; i++)
        {
            scaled[i] -= _roots[i] * moved[i];
        }

        return (_free.Coefficients(scaled), dual);
    }

    private double[] Scaled(double[] response)
    {
        var scaled = new double[response.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = _roots[i] * response[i];
        }

        return scaled;
    }
}
