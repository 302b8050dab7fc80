using PhaseTransition.Theory;
using Xunit;

namespace Transfer.MLNet.Tests.Theory;

public class DeterministicEquivalentReferenceTests
{
    [Fact]
    public void Power_law_covariances_agree_with_the_reference()
    {
        const double exact = 1e-9;
        var table = ReferenceTable.Read("anisotropic_risk.csv");
        Assert.Equal(60, table.Rows.Count);
        foreach (var row in table.Rows)
        {
            var p = (int)row["p"];
            var (s0, s1) = (row["s0"], row["s1"]);
            var w0 = Enumerable.Repeat(1 / Math.Sqrt(p), p).ToArray();
            var w1 = Enumerable.Range(0, p).Select(j => (row["rho"] + (j % 2 == 0 ? row["perp"] : -row["perp"])) / Math.Sqrt(p)).ToArray();
            var pair = new DeterministicEquivalent(
                Spectra.PowerLaw(p, row["alpha0"]), row["n0"], s0 * s0, Spectra.PowerLaw(p, row["alpha1"]), row["n1"], s1 * s1,
                    new FixedTruths(w0, w1));
            var target = pair.Target(row["tau1"]);

            Near.Relative(row["kappa0"], pair.Source(row["tau0"]).Kappa, exact, row);
            Near.Relative(row["kappa1"], target.Task.Kappa, exact, row);
            Near.Relative(row["q0"], pair.Source(row["tau0"]).Overfit, exact, row);
            Near.Relative(row["q1"], target.Task.Overfit, exact, row);
            Near.Relative(row["source_risk"], pair.SourceRisk(row["tau0"]), exact, row);
            Near.Relative(row["B_M"], target.NoiseFreeDistance(row["tau0"]), exact, row);
            Near.Relative(row["V_source"], target.NoiseDistance(row["tau0"]), exact, row);
            Near.Relative(row["V_target"], target.NoiseRisk, exact, row);
            Near.Relative(row["target_risk"], target.Risk(row["tau0"]), exact, row);
            Near.Relative(row["scratch_risk"], target.ScratchRisk, exact, row);
        }
    }
}
