using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Wide;

/// <summary>
/// L2-SP by conjugate gradients on the normal equations (Xs'Xs/n + tau) d = Xs'y0/n without forming them (CGLS, Björck 1996), scaled by
/// the diagonal: two products with the sparse rows a step, and some vectors as long as there are features in the rows.
/// </summary>
internal sealed class Iteration
{
    /// <summary>For the fit that is handed out.</summary>
    public const double Exact = 1e-11;

    /// <summary>For errors that are compared.</summary>
    public const double Comparable = 1e-6;

    private const int MostSteps = 20_000;

    private readonly CentredDesign _design;
    private readonly double[] _labels;
    private readonly double[] _diagonal;
    private readonly double[] _right;
    private readonly Workers _workers;

    /// <param name="design">The rows.</param>
    /// <param name="start">w_sp, as long as the design is wide.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public Iteration(CentredDesign design, double[] start, Workers workers)
    {
        (_design, _workers) = (design, workers);
        _labels = (double[])design.Labels.Clone();
        Product.AddScaled(-1, design.Times(start), _labels);
        _diagonal = design.Diagonal();
        _right = design.TransposedTimes(_labels);
        foreach (ref var value in _right.AsSpan())
        {
            value /= design.Count;
        }
    }

    /// <summary>The diagonal of Xs'Xs/n.</summary>
    public double[] Diagonal => _diagonal;

    /// <summary>d, the step from the start, beginning at a guess of it.</summary>
    /// <param name="tau">The penalty per row.</param>
    /// <param name="guess">Where to begin: the solution of a tau nearby. Null, or tau = 0: at zero, from where tau = 0 leads to the
    /// shortest step.</param>
    /// <param name="share">What may be left of the gradient.</param>
    /// <exception cref="InvalidOperationException">It did not converge.</exception>
    public double[] Solve(double tau, double[]? guess, double share)
    {
        var n = (double)_design.Count;

        // Scaling would change what is shortest, which only tau = 0 asks for.
        var scale = Array.ConvertAll(_diagonal, v => tau > 0 ? 1 / (v + tau) : 1);
        var goal = share * Math.Sqrt(Power(_right, scale));
        if (goal == 0)
        {
            return new double[_right.Length];
        }

        var d = new double[_right.Length];
        var rest = (double[])_labels.Clone();
        if (tau > 0 && guess is not null)
        {
            guess.CopyTo(d, 0);
            Product.AddScaled(-1, _design.Times(d), rest);
        }

        var gradient = Gradient(rest, d, tau);
        var power = Power(gradient, scale);
        var direction = new double[d.Length];
        for (var j = 0; j < d.Length; j++)
        {
            direction[j] = scale[j] * gradient[j];
        }

        for (var step = 0; Math.Sqrt(power) > goal; step++)
        {
            _workers.Cancellation.ThrowIfCancellationRequested();
            if (step == MostSteps)
            {
                throw new InvalidOperationException(
                    $"The iteration for tau = {tau:G3} did not come to an end in {MostSteps} steps: some features are almost combinations "
                    + $"of others. "
                    + "Give a larger tau, or normalise the features (NormalizeMeanVariance with fixZero, which keeps sparse rows sparse).");
            }

            var moved = _design.Times(direction);
            var length = power / ((Product.Dot(moved, moved) / n) + (tau * Product.Dot(direction, direction)));
            Product.AddScaled(length, direction, d);
            Product.AddScaled(-length, moved, rest);
            gradient = Gradient(rest, d, tau);
            var next = Power(gradient, scale);
            for (var j = 0; j < direction.Length; j++)
            {
                direction[j] = (scale[j] * gradient[j]) + (next / power * direction[j]);
            }

            power = next;
        }

        return d;
    }

    /// <summary>The largest eigenvalue of Xs'Xs/n, nearly and from below.</summary>
    public double LargestEigenvalue()
    {
        const int Steps = 12;
        var x = (double[])_right.Clone();
        var value = 0.0;
        for (var step = 0; step < Steps; step++)
        {
            _workers.Cancellation.ThrowIfCancellationRequested();
            var size = Math.Sqrt(Product.Dot(x, x));
            if (size == 0)
            {
                return _diagonal.Max();
            }

            foreach (ref var v in x.AsSpan())
            {
                v /= size;
            }

            x = _design.TransposedTimes(_design.Times(x));
            value = Math.Sqrt(Product.Dot(x, x)) / _design.Count;
        }

        return Math.Max(value, _diagonal.Max());
    }

    private double[] Gradient(double[] rest, double[] d, double tau)
    {
        var gradient = _design.TransposedTimes(rest);
        for (var j = 0; j < gradient.Length; j++)
        {
            gradient[j] = (gradient[j] / _design.Count) - (tau * d[j]);
        }

        return gradient;
    }

    private static double Power(double[] gradient, double[] scale)
    {
        var sum = 0.0;
        for (var j = 0; j < gradient.Length; j++)
        {
            sum += scale[j] * gradient[j] * gradient[j];
        }

        return sum;
    }
}
