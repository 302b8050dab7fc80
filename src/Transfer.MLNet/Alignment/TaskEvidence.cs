using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Alignment;

/// <summary>What a task says of its coefficients, in its eigenbasis: z = U'y with variances s^2 (1 + lambda / tau), and the residual.</summary>
internal sealed class TaskEvidence
{
    private TaskEvidence(TaskSpectrum spectrum, double[] z, double residual, double degrees)
    {
        Spectrum = spectrum;
        Z = z;
        Residual = residual;
        Degrees = degrees;
    }

    public TaskSpectrum Spectrum { get; }

    /// <summary>lambda (q).</summary>
    public double[] Eigenvalues => Spectrum.Eigenvalues;

    /// <summary>n.</summary>
    public double Rows => Spectrum.Rows;

    /// <summary>U'y (q).</summary>
    public double[] Z { get; }

    /// <summary>y'y - z'z: what lies outside the span of the features.</summary>
    public double Residual { get; }

    /// <summary>n, or n - 1 with an intercept: q of them in <see cref="Z"/>, the others in <see cref="Residual"/>.</summary>
    public double Degrees { get; }

    public static TaskEvidence Of(TaskSpectrum spectrum)
    {
        var n = (double)spectrum.Rows;
        var z = new double[spectrum.Eigenvalues.Length];
        var explained = 0.0;
        for (var k = 0; k < z.Length; k++)
        {
            z[k] = spectrum.Coefficients[k] * Math.Sqrt(n / spectrum.Eigenvalues[k]);
            explained += z[k] * z[k];
        }

        var total = n * spectrum.LabelPower;
        var degrees = n - (spectrum.Centred ? 1 : 0);
        // With as many directions as degrees of freedom nothing is left over; the difference is rounding.
        var residual = degrees > z.Length ? Math.Max(total - explained, 0) : 0;
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
}
