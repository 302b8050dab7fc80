using PhaseTransition.Theory;

namespace Transfer.MLNet.Tests.Theory;

/// <summary>
/// Pairs of tasks with correlated features and a fixed w0 for which the isotropic rules do not hold. p = 40 features throughout.
/// </summary>
internal static class CounterExamples
{
    private const int P = 40;

    /// <summary>sigma_j ~ j^-2, all signal on the first: n0 = 80, n1 = 10, s0^2 = 1/4.</summary>
    public static DeterministicEquivalent SignalOnTop(double rho)
    {
        var w0 = new double[P];
        w0[0] = 1;
        return Pair(Spectra.PowerLaw(P, 2), w0, [.. w0.Select(v => rho * v)], 80, 10);
    }

    /// <summary>sigma_j ~ 1 / j, the signal spread over the weaker half: n0 = 80, n1 = 400, s0^2 = 1/4.</summary>
    public static DeterministicEquivalent SignalInTail(double rho)
    {
        var w0 = Enumerable.Range(0, P).Select(j => j < P / 2 ? 0 : Math.Sqrt(2.0 / P)).ToArray();
        return Pair(Spectra.PowerLaw(P, 1), w0, [.. w0.Select(v => rho * v)], 80, 400);
    }

    /// <summary>
    /// sigma_j ~ 1 / j, source and target agree in the weak directions and differ in the strongest: n0 = 200, s0^2 = 1/4.
    /// </summary>
    public static DeterministicEquivalent HelpTurns(int targetRows)
    {
        var w0 = Enumerable.Range(0, P).Select(j => j == 0 ? 1 : j < P / 2 ? 0 : 0.3).ToArray();
        var w1 = (double[])w0.Clone();
        w1[0] = 0.2;
        return Pair(Spectra.PowerLaw(P, 1), w0, w1, 200, targetRows);
    }

    private static DeterministicEquivalent Pair(double[] spectrum, double[] w0, double[] w1, int sourceRows, int targetRows) =>
        new(spectrum, sourceRows, 0.25, spectrum, targetRows, 1, new FixedTruths(w0, w1));
}
