namespace Transfer.MLNet.Evidence;

/// <summary>The least value of a smooth function of tau on [0, infinity], ends included.</summary>
/// <param name="Tau">Where it is; 0 and infinity are answers of their own (no penalty; do not transfer).</param>
/// <param name="Value">The function there.</param>
internal readonly record struct TauMinimum(double Tau, double Value)
{
    private const int GridPoints = 241;

    /// <summary>
    /// Looks on a log grid from <paramref name="lowest"/> to <paramref name="highest"/>, at 0 and at infinity, then refines around the best
    /// grid point by golden section in log tau (relative precision about 1e-8, all that a smooth minimum can give). No uniqueness needed:
    /// arbitrary spectra can have several local minima. Ties go to the larger tau. Where the function is NaN it has no value and no
    /// minimum.
    /// </summary>
    public static TauMinimum Find(Func<double, double> value, double lowest, double highest)
    {
        if (!(lowest > 0) || !(highest > lowest) || !double.IsFinite(highest))
        {
            throw new ArgumentOutOfRangeException(
                nameof(lowest), lowest, $"The search needs 0 < lowest < highest < infinity; highest is {highest}.");
        }

        var atInfinity = value(double.PositiveInfinity);
        var best = new TauMinimum(double.PositiveInfinity, double.IsNaN(atInfinity) ? double.PositiveInfinity : atInfinity);
        var (from, step) = (Math.Log(lowest), Math.Log(highest / lowest) / (GridPoints - 1));
        var at = -1;
        for (var i = GridPoints - 1; i >= 0; i--)
        {
            var tau = Math.Exp(from + (i * step));
            var v = value(tau);
            if (v < best.Value)
            {
                best = new TauMinimum(tau, v);
                at = i;
            }
        }

        if (at >= 0)
        {
            var refined = Refined(value, from + ((at - 1) * step), from + ((at + 1) * step));
            best = refined.Value < best.Value ? refined : best;
        }

        var none = value(0);
        return none < best.Value ? new TauMinimum(0, none) : best;
    }

    // Golden section in log tau. MathNet's refuses a bracket whose first inner point lies above an end, which a bracket of grid
    // neighbours may well be.
    private static TauMinimum Refined(Func<double, double> value, double low, double high)
    {
        var golden = (Math.Sqrt(5) - 1) / 2;
        var (left, right) = (high - (golden * (high - low)), low + (golden * (high - low)));
        var (atLeft, atRight) = (value(Math.Exp(left)), value(Math.Exp(right)));
        while (high - low > 1e-9)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (golden * (high - low));
                atLeft = value(Math.Exp(left));
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (golden * (high - low));
                atRight = value(Math.Exp(right));
            }
        }

        return atLeft < atRight ? new TauMinimum(Math.Exp(left), atLeft) : new TauMinimum(Math.Exp(right), atRight);
    }
}
