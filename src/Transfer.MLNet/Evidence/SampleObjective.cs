namespace Transfer.MLNet.Evidence;

/// <summary>
/// What a source trained at tau_0 is worth to a target, from the eigenvalues lambda_j of the source's own A0 = Xc'Xc / n0 and no model of
/// the covariance: sum_j m_j [(c lambda_j / (lambda_j + tau) - rho)^2 + c^2 tau_S lambda_j / (lambda_j + tau)^2]. Up to a constant it is
/// (p / r^2) E|c what0 - w1|^2_M, exact at finite n given the rows under random effects (w0 with iid coefficients, E[w1 | w0] = rho w0),
/// for any M with m_j = v_j' M v_j, v_j the eigenvectors of A0; with isotropic features m_j = 1 and it holds for a fixed w0 too.
/// </summary>
/// <remarks>
/// From it follows the sign rule: tau_0* &gt; tau_S for 0 &lt; rho &lt; 1, &lt; tau_S for rho &gt; 1, = tau_S at rho = 1. The noise
/// enters by tau_S = p s0^2 / (n0 |w0|^2) alone, per row as every tau here; the centring of an intercept is in A0 already.
/// </remarks>
internal sealed class SampleObjective
{
    private readonly double[] _eigenvalues;
    private readonly double[]? _weights;

    /// <param name="eigenvalues">lambda_j &gt;= 0 of A0. Eigenvalues of zero may be left out: they add the constant m_j rho^2.</param>
    /// <param name="sourceTau">tau_S, the source-optimal tau.</param>
    /// <param name="weights">m_j &gt;= 0, one for each eigenvalue; null for 1 everywhere.</param>
    public SampleObjective(double[] eigenvalues, double sourceTau, double[]? weights = null)
    {
        if (!(sourceTau >= 0) || !double.IsFinite(sourceTau))
        {
            throw new ArgumentOutOfRangeException(nameof(sourceTau), sourceTau, "The source-optimal tau must be finite and not negative.");
        }

        if (weights is not null && weights.Length != eigenvalues.Length)
        {
            throw new ArgumentException($"{eigenvalues.Length} eigenvalues need as many weights, not {weights.Length}.", nameof(weights));
        }

        var bad = Array.FindIndex(eigenvalues, v => !(v >= 0) || !double.IsFinite(v));
        if (bad >= 0)
        {
            throw new ArgumentException(
                $"The eigenvalues of a Gram matrix are finite and not negative; number {bad} is {eigenvalues[bad]}. Drop those that are "
                    + $"rounding.",
                nameof(eigenvalues));
        }

        _eigenvalues = eigenvalues;
        _weights = weights;
        SourceTau = sourceTau;
    }

    /// <summary>tau_S.</summary>
    public double SourceTau { get; }

    /// <summary>
    /// The objective at <paramref name="tau"/> in [0, infinity] and scale c of the start. Smaller is better; no transfer has the value of
    /// tau = infinity.
    /// </summary>
    public double Value(double tau, double rho, double scale = 1)
    {
        var sum = 0.0;
        for (var j = 0; j < _eigenvalues.Length; j++)
        {
            var lambda = _eigenvalues[j];
            // At lambda = 0 the fit leaves the coefficient at 0 for every tau, tau = 0 included (the minimum-norm fit).
            var resolvent = lambda == 0 ? 0 : 1 / (lambda + tau);
            var kept = scale * lambda * resolvent;
            var term = ((kept - rho) * (kept - rho)) + (scale * kept * SourceTau * resolvent);
            sum += _weights is null ? term : _weights[j] * term;
        }

        return sum;
    }

    /// <summary>
    /// The value less that of not transferring: negative where the source helps. (p / r^2)(E|c what0 - w1|^2_M - E|w1|^2_M).
    /// </summary>
    public double Gain(double tau, double rho, double scale = 1)
    {
        var sum = 0.0;
        for (var j = 0; j < _eigenvalues.Length; j++)
        {
            var lambda = _eigenvalues[j];
            var resolvent = lambda == 0 ? 0 : 1 / (lambda + tau);
            var kept = scale * lambda * resolvent;
            var term = (kept * (kept - (2 * rho))) + (scale * kept * SourceTau * resolvent);
            sum += _weights is null ? term : _weights[j] * term;
        }

        return sum;
    }

    /// <summary>The objective over a grid of tau, for plots.</summary>
    public double[] Curve(ReadOnlySpan<double> taus, double rho, double scale = 1)
    {
        var values = new double[taus.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Value(taus[i], rho, scale);
        }

        return values;
    }

    /// <summary>
    /// tau_0* in [0, infinity], where <see cref="Value"/> is least, and the <see cref="Gain"/> there. Infinity for rho &lt;= 0: then no
    /// shrunken source is better than none.
    /// </summary>
    public TauMinimum Best(double rho)
    {
        if (!double.IsFinite(rho))
        {
            throw new ArgumentOutOfRangeException(nameof(rho), rho, "The alignment must be finite.");
        }

        var largest = _eigenvalues.DefaultIfEmpty(0).Max();
        // rho <= 0: every term of the gain is >= 0 and vanishes at infinity. No eigenvalue above 0: the source says nothing.
        if (rho <= 0 || largest == 0)
        {
            return new TauMinimum(double.PositiveInfinity, 0);
        }

        // The integrand lambda (rho tau - tau_S - (1 - rho) lambda) / (lambda + tau)^3 of the derivative keeps its sign beyond the
        // largest (tau_S + (1 - rho) lambda) / rho; below the least of them it keeps the other sign.
        var smallest = _eigenvalues.Where(v => v > 0).Min();
        var (first, second) = ((SourceTau + ((1 - rho) * smallest)) / rho, (SourceTau + ((1 - rho) * largest)) / rho);
        var highest = Math.Max(first, second);
        if (highest <= 0)
        {
            return new TauMinimum(0, Gain(0, rho));
        }

        if (first == second)
        {
            return new TauMinimum(first, Gain(first, rho));
        }

        var floor = Math.Min(highest, smallest) * 1e-8;
        var lowest = Math.Max(floor, Math.Min(first, second));
        return TauMinimum.Find(tau => Gain(tau, rho), lowest * (1 - 1e-6), highest * (1 + 1e-6));
    }
}
