namespace Transfer.MLNet.Trees.Solvers;

/// <summary>
/// What is fitted of a model's leaves and how it is held: (1/n) sum omega_i loss_i + tau / 2 |d|^2 + (1/n) (c - c0)^2 / (2 sigma^2) / 2
/// with
/// score = offset + a + c s + z'd. The scale's own penalty weighs as one row: without it c would run off where s separates the classes.
/// </summary>
/// <param name="FreeScale">Whether c is fitted; else the offset says what the source counts.</param>
/// <param name="OffsetScale">What the source's score is multiplied by where c is not fitted: 1, or 0 for the structure alone.</param>
/// <param name="CentreOfScale">c0.</param>
/// <param name="PrecisionOfScale">1 / sigma^2.</param>
internal sealed record LeafPenalty(bool FreeScale, double OffsetScale, double CentreOfScale, double PrecisionOfScale)
{
    // A margin has no unit: c times its spread is expected to be of the size of log odds.
    private const double SpreadOfLogOdds = 3;

    /// <summary>a + s + z'd.</summary>
    public static LeafPenalty Held { get; } = new(false, 1, 1, 0);

    /// <summary>a + z'd.</summary>
    public static LeafPenalty Structure { get; } = new(false, 0, 0, 0);

    /// <summary>a + c s + z'd; c is drawn to 1, of a margin to 0.</summary>
    public static LeafPenalty Free(bool calibrated, double[] scores)
    {
        if (calibrated)
        {
            return new(true, 0, 1, 1);
        }

        var mean = scores.Average();
        var variance = scores.Sum(s => (s - mean) * (s - mean)) / scores.Length;
        return new(true, 0, 0, variance / (SpreadOfLogOdds * SpreadOfLogOdds));
    }
}
