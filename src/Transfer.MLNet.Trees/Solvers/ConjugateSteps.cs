using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>Conjugate gradients with a preconditioner.</summary>
internal static class ConjugateSteps
{
    /// <summary>
    /// x with |b - Ax| at most <paramref name="tolerance"/> |b|, or the best after <paramref name="limit"/> products, and how many it
    /// took.
    /// </summary>
    /// <param name="product">A times a vector.</param>
    /// <param name="b">The right side.</param>
    /// <param name="near">What is near the inverse of A, times a vector.</param>
    /// <param name="tolerance">Of the residual.</param>
    /// <param name="limit">Of products.</param>
    /// <param name="cancellation">Looked at before each product.</param>
    public static (double[] X, int Products) Solve(
        Func<double[], double[]> product, double[] b, Func<double[], double[]> near, double tolerance, int limit,
        CancellationToken cancellation)
    {
        var x = new double[b.Length];
        var r = (double[])b.Clone();
        var z = near(r);
        var p = (double[])z.Clone();
        var rz = Product.Dot(r, z);
        var enough = tolerance * Math.Sqrt(Product.Dot(b, b));
        var used = 0;
        while (used < limit && rz > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var ap = product(p);
            used++;
            var curvature = Product.Dot(p, ap);
            if (!(curvature > 0))
            {
                break;
            }

            var step = rz / curvature;
            Product.AddScaled(step, p, x);
            Product.AddScaled(-step, ap, r);
            if (Math.Sqrt(Product.Dot(r, r)) <= enough)
            {
                break;
            }

            z = near(r);
            var next = Product.Dot(r, z);
            for (var j = 0; j < p.Length; j++)
            {
                p[j] = z[j] + (next / rz * p[j]);
            }

            rz = next;
        }

        return (x, used);
    }
}
