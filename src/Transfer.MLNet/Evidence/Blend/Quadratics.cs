namespace Transfer.MLNet.Evidence.Blend;

/// <summary>A - 2 B c + D c^2 for each of some taus, with a floor.</summary>
internal sealed class Quadratics(int count)
{
    private readonly (double A, double B, double D, double Floor)[] _terms = new (double, double, double, double)[count];

    public void Set(int tau, double a, double b, double d, double floor) => _terms[tau] = (a, b, d, floor);

    public double At(int tau, double c)
    {
        var (a, b, d, floor) = _terms[tau];
        return Math.Max(a - (2 * b * c) + (d * c * c), floor);
    }
}
