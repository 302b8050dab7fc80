using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// Ridge with an intercept a, and if it is free the scale c of a given score s, outside the penalty: the least
/// (1/n) sum omega_i (y_i - a - c s_i - x_i'd)^2 + tau |d|^2. In one eigenbasis, the free directions projected out, every tau and its exact
/// leave-one-out is a division.
/// </summary>
/// <remarks>
/// With Q an orthonormal basis of the free directions, P = 1 - QQ' and P X X' P / n = U diag(lambda) U': what is left of y is
/// r = Py - U (lambda / (lambda + tau)) U'y, the leverage of row i is h_i = |Q_i|^2 + sum_k U_ik^2 lambda_k / (lambda_k + tau), and the
/// error of a fit without the row, with the summed penalty n tau unchanged, is r_i / (1 - h_i) (Allen 1974). All of it about rows that are
/// multiplied by the roots of their weights.
/// </remarks>
internal sealed class FreeRidge
{
    private const double Negligible = 1e-12;

    // What a row has outside the span, if that spans all there is, is rounding.
    private const double Rounding = 1e-10;

    private readonly double[] _roots;
    private readonly double[][] _free;
    private readonly double[][] _basis;
    private readonly Matrix _features;
    private readonly Matrix _u;

    /// <param name="rows">The task.</param>
    /// <param name="score">The score whose scale is free (n); null where there is none.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public FreeRidge(HeldRows rows, double[]? score, Workers workers)
    {
        _roots = rows.RootWeights();
        _free = score is null ? [_roots] : [_roots, Scaled(score)];
        _basis = Orthonormal(_free);
        HasScale = _basis.Length == 2;
        _features = new Matrix(rows.Rows, rows.FeatureCount);
        workers.For(rows.Rows, i =>
        {
            var from = rows.Features.Row(i);
            var to = _features.Row(i);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = _roots[i] * from[j];
            }
        });
        foreach (var direction in _basis)
        {
            // Twice is enough (Parlett 1998, section 6.9).
            Remove(direction);
            Remove(direction);
        }

        var eigen = ThinEigen.Of(_features, Negligible, workers);
        (Eigenvalues, _u) = (eigen.Values, eigen.Left);
    }

    /// <summary>Whether c is fitted: false where the score does not vary over the rows.</summary>
    public bool HasScale { get; }

    /// <summary>Those above zero, from the largest.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>sqrt(s_i) e_i (n) of a response at one tau; infinity moves no weight. NaN where a row cannot be left out.</summary>
    public double[] LeftOut(double[] response, double tau)
    {
        var rest = Rest(Scaled(response));
        var inSpan = Product.TransposedTimes(_u, rest);
        var outside = Product.Times(_u, inSpan);
        Product.Subtract(rest, outside, outside);
        var errors = new double[rest.Length];
        for (var i = 0; i < errors.Length; i++)
        {
            var row = _u.Row(i);
            var (residual, share, room) = (outside[i], 0.0, 1.0);
            foreach (var direction in _basis)
            {
                room -= direction[i] * direction[i];
            }

            for (var k = 0; k < row.Length; k++)
            {
                var kept = double.IsPositiveInfinity(tau) ? 1 : tau / (Eigenvalues[k] + tau);
                room -= row[k] * row[k];
                share += row[k] * row[k] * kept;
                residual += row[k] * kept * inSpan[k];
            }

            room = (room > Rounding ? room : 0) + share;
            errors[i] = room > Rounding ? residual / room : double.NaN;
        }

        return errors;
    }

    /// <summary>d (p) of a response at one tau.</summary>
    public double[] Move(double[] response, double tau)
    {
        var inSpan = Product.TransposedTimes(_u, Rest(Scaled(response)));
        for (var k = 0; k < inSpan.Length; k++)
        {
            inSpan[k] /= _features.Rows * (Eigenvalues[k] + tau);
        }

        return Product.TransposedTimes(_features, Product.Times(_u, inSpan));
    }

    /// <summary>a and c that leave least of what <paramref name="response"/> has (n), the moves taken off already.</summary>
    public (double Intercept, double Scale) Coefficients(double[] response)
    {
        var scaled = Scaled(response);
        if (!HasScale)
        {
            return (Product.Dot(_roots, scaled) / Product.Dot(_roots, _roots), 0);
        }

        // score = (score . q1) q1 + (score . q2) q2, and q1 is the roots over their norm.
        var scale = Product.Dot(_basis[1], scaled) / Product.Dot(_basis[1], _free[1]);
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] -= scale * _free[1][i];
        }

        return (Product.Dot(_roots, scaled) / Product.Dot(_roots, _roots), scale);
    }

    private static double[][] Orthonormal(double[][] directions)
    {
        var basis = new List<double[]>();
        foreach (var direction in directions)
        {
            double[] rest = [.. direction];
            for (var round = 0; round < 2; round++)
            {
                foreach (var q in basis)
                {
                    Product.AddScaled(-Product.Dot(q, rest), q, rest);
                }
            }

            var norm = Math.Sqrt(Product.Dot(rest, rest));
            if (norm > Rounding * Math.Sqrt(Product.Dot(direction, direction)))
            {
                basis.Add(Array.ConvertAll(rest, v => v / norm));
            }
        }

        return [.. basis];
    }

    private void Remove(double[] direction)
    {
        var along = Product.TransposedTimes(_features, direction);
        for (var i = 0; i < _features.Rows; i++)
        {
            Product.AddScaled(-direction[i], along, _features.Row(i));
        }
    }

    private double[] Rest(double[] scaled)
    {
        foreach (var direction in _basis)
        {
            Product.AddScaled(-Product.Dot(direction, scaled), direction, scaled);
        }

        return scaled;
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
