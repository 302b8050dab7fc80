using System.Globalization;

namespace Transfer.MLNet.Validation;

/// <summary>
/// What one draw came to. Risks are excess risks (w - w1)'S(w - w1), without the noise variance, which is beside them.
/// </summary>
internal sealed record Outcome(
    string Cell, int Draw, double Noise, double Rho, double Lower, double Upper, string Method, double Probability, TransferVerdict Verdict,
        bool UsesSource,
    bool Shift, double Oracle, double Scratch, double SourceOptimal, double LeftOutAlone, double ModelAlone, double Advised, double Scaled,
        double Retrained,
    double OracleScaled, double Milliseconds, double Blend = double.NaN,
    double BlendProbability = double.NaN, TransferVerdict BlendVerdict = TransferVerdict.CannotTell) : IOutcome<Outcome>
{
    /// <summary>Whether the best of all pairs, before the rule to decline, has a start: the probability is then that pair's.</summary>
    public bool BestUsesSource => UsesSource || Retrained != Scratch;

    public static string Header =>
        "cell,draw,noise,rho,lower,upper,method,probability,verdict,uses_source,shift,oracle,scratch,source_optimal,left_out_alone,model_alone,advised,scaled,retrained,oracle_scaled,ms,blend,blend_probability,blend_verdict";

    public string ToCsv() => string.Join(
        ',',
        [
            FormattableString.Invariant($"{Cell},{Draw},{Noise:R},{Rho:G7},{Lower:G7},{Upper:G7},{Method},{Probability:G5},{Verdict},{(UsesSource ? 1 : 0)},{(Shift ? 1 : 0)}"),
            FormattableString.Invariant($"{Oracle:G7},{Scratch:G7},{SourceOptimal:G7},{LeftOutAlone:G7},{ModelAlone:G7},{Advised:G7},{Scaled:G7},{Retrained:G7}"),
            FormattableString.Invariant($"{OracleScaled:G7},{Milliseconds:G4},{Blend:G7},{BlendProbability:G5},{BlendVerdict}"),
        ]);

    public static Outcome OfCsv(string line)
    {
        var f = line.Split(',');
        double D(int i) => double.Parse(f[i], CultureInfo.InvariantCulture);
        return new(
            f[0], int.Parse(f[1], CultureInfo.InvariantCulture), D(2), D(3), D(4), D(5), f[6], D(7), Enum.Parse<TransferVerdict>(f[8]),
                f[9] == "1", f[10] == "1",
            D(11), D(12), D(13), D(14), D(15), D(16), D(17), D(18), D(19), D(20), D(21), D(22),
            Enum.Parse<TransferVerdict>(f[23]));
    }
}
