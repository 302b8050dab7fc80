namespace PhaseTransition;

/// <summary>
/// The alignment at which help begins for one n1 and target noise: where the mean log risk ratio over the draws crosses 0.
/// </summary>
/// <param name="At">NaN where it crosses nowhere in [0, 1].</param>
/// <param name="Low">Where the lower edge of the 95 % band crosses 0; 0 where it is below from the start.</param>
/// <param name="High">Where the upper edge does; 1 where it never comes below.</param>
internal sealed record Boundary(int TargetRows, double TargetDeviation, double At, double Low, double High)
{
    /// <summary>Where theory has it at tau_S*, whatever gamma, the noises and n1.</summary>
    public const double Theory = 0.5;

    public bool HoldsTheory => Low <= Theory && Theory <= High;

    public static Boundary[] Of(IEnumerable<DecisionPoint> points) =>
        [.. points.GroupBy(p => (p.TargetRows, p.TargetDeviation)).Select(g => new Boundary(
            g.Key.TargetRows, g.Key.TargetDeviation,
            Crossing([.. g], p => p.MeanLogRisk, double.NaN, double.NaN), Crossing([.. g], p => p.Low, 0, 1),
                Crossing([.. g], p => p.High, 0, 1)))];

    private static double Crossing(DecisionPoint[] points, Func<DecisionPoint, double> value, double before, double never)
    {
        if (value(points[0]) < 0)
        {
            return before;
        }

        for (var i = 1; i < points.Length; i++)
        {
            var (left, right) = (value(points[i - 1]), value(points[i]));
            if (right < 0)
            {
                return points[i - 1].Rho + ((points[i].Rho - points[i - 1].Rho) * left / (left - right));
            }
        }

        return never;
    }
}
