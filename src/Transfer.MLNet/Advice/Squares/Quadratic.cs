namespace Transfer.MLNet.Advice;

/// <summary>a + b c + d c^2: a mean squared error as a function of the scale c of a starting point.</summary>
internal readonly record struct Quadratic(double A, double B, double D)
{
    /// <summary>From its values at 0, 1 and 2.</summary>
    public static Quadratic Through(double atZero, double atOne, double atTwo)
    {
        var d = (atTwo - (2 * atOne) + atZero) / 2;
        return new(atZero, atOne - atZero - d, d);
    }

    public double At(double c) => A + (c * (B + (c * D)));

    public static Quadratic operator +(Quadratic x, Quadratic y) => new(x.A + y.A, x.B + y.B, x.D + y.D);

    public static Quadratic operator *(double factor, Quadratic x) => new(factor * x.A, factor * x.B, factor * x.D);

    /// <summary>Where it is least for c in [0, most].</summary>
    public double Best(double most)
    {
        if (D > 0)
        {
            return Math.Clamp(-B / (2 * D), 0, most);
        }

        // Flat or falling without end by rounding alone: the start hardly matters.
        return At(most) < At(0) ? most : 0;
    }
}
