using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence;

/// <summary>What a task says of its coefficients, in its eigenbasis: z = U'y with variances s^2 (1 + lambda / tau), and the residual.</summary>
internal sealed class TaskEvidence
{
    // Of the label's power.
    private const double LeastNoise = 1e-10;

    // Its fourth power is a number yet.
    private const double SmallestPower = 1e-75;

    private TaskEvidence(TaskSpectrum spectrum, double[] z, double residual, double degrees)
    {
        Spectrum = spectrum;
        Z = z;
        Residual = residual;
        Degrees = degrees;
        TotalVariance = spectrum.Eigenvalues.Sum();
    }

    public TaskSpectrum Spectrum { get; }

    /// <summary>lambda (q).</summary>
    public double[] Eigenvalues => Spectrum.Eigenvalues;

    /// <summary>tr A, the variance of all features together.</summary>
    public double TotalVariance { get; }

    /// <summary>n.</summary>
    public double Rows => Spectrum.Rows;

    /// <summary>U'y (q).</summary>
    public double[] Z { get; }

    /// <summary>y'y - z'z: what lies outside the span of the features.</summary>
    public double Residual { get; }

    /// <summary>n, or n - 1 with an intercept: q of them in <see cref="Z"/>, the others in <see cref="Residual"/>.</summary>
    public double Degrees { get; }

    /// <param name="spectrum">The task.</param>
    /// <param name="role">What messages call it: source or target.</param>
    /// <exception cref="InvalidOperationException">There is nothing to learn from: one row, constant features or a constant label.</exception>
    public static TaskEvidence Of(TaskSpectrum spectrum, string role = "task")
    {
        var n = (double)spectrum.Rows;
        Require(n >= 2, $"The {role} has {n} row(s). Give at least two rows of each task.");
        Require(spectrum.Eigenvalues.Length > 0, $"Every feature of the {role} is constant: nothing can be learned from it. Give features that vary.");
        Require(spectrum.LabelPower > SmallestPower, $"Every label of the {role} is the same: nothing can be learned from it. Give labels that vary.");
        var z = new double[spectrum.Eigenvalues.Length];
        var explained = 0.0;
        for (var k = 0; k < z.Length; k++)
        {
            z[k] = spectrum.Coefficients[k] * Math.Sqrt(n / spectrum.Eigenvalues[k]);
            explained += z[k] * z[k];
        }

        var total = n * spectrum.LabelPower;
        var degrees = n - (spectrum.Centred ? 1 : 0);
        // With as many directions as degrees of freedom nothing is left over; the difference is rounding. Elsewhere labels without any
        // noise would have an infinite likelihood: the floor is far above rounding and far below any noise there is in practice.
        var residual = degrees > z.Length ? Math.Max(total - explained, degrees * spectrum.LabelPower * LeastNoise) : 0;
        return new(spectrum, z, residual, degrees);
    }

    /// <summary>-2 log likelihood of this task alone at tau, its noise variance profiled out, and that variance (theory 4c).</summary>
    public (double Deviance, double Noise) Profile(double tau)
    {
        var squares = Residual;
        var logs = 0.0;
        for (var k = 0; k < Z.Length; k++)
        {
            var ratio = 1 + (Eigenvalues[k] / tau);
            squares += Z[k] * Z[k] / ratio;
            logs += Math.Log(ratio);
        }

        var noise = squares / Degrees;
        return ((Degrees * Math.Log(noise)) + logs, noise);
    }

    /// <summary>-2 log likelihood of this task alone if its coefficients were zero: the end of <see cref="Profile"/> at tau = infinity.</summary>
    public double NullDeviance()
    {
        var squares = Residual + Z.Sum(v => v * v);
        return Degrees * Math.Log(squares / Degrees);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
