using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>Conjugate gradients with a diagonal preconditioner.</summary>
internal static class ConjugateSteps
{
    /// <summary>x with |b - Ax| at most <paramref name="tolerance"/> |b|, or the best after <paramref name="limit"/> products.</summary>
    public static double[] Solve(Func<double[], double[]> product, double[] b, double[] diagonal, double tolerance, int limit, CancellationToken cancellation)
    {
        var x = new double[b.Length];
        var r = (double[])b.Clone();
        var z = Divided(r, diagonal);
        var p = (double[])z.Clone();
        var rz = Product.Dot(r, z);
        var enough = tolerance * Math.Sqrt(Product.Dot(b, b));
        for (var i = 0; i < limit && rz > 0; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var ap = product(p);
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

            z = Divided(r, diagonal);
            var next = Product.Dot(r, z);
            for (var j = 0; j < p.Length; j++)
            {
                p[j] = z[j] + (next / rz * p[j]);
            }

            rz = next;
        }

        return x;
    }

    private static double[] Divided(double[] values, double[] by)
    {
        var divided = new double[values.Length];
        for (var j = 0; j < divided.Length; j++)
        {
            divided[j] = values[j] / by[j];
        }

        return divided;
    }
}
