using PhaseTransition.Theory;
using Xunit;

namespace Transfer.MLNet.Tests.Theory;

public class IsotropicReferenceTests
{
    private const double Exact = 1e-9;

    [Fact]
    public void Shrinkage_risk_and_norm_at_a_tau_agree_with_the_reference()
    {
        var table = ReferenceTable.Read("isotropic_forward.csv");
        Assert.Equal(32, table.Rows.Count);
        foreach (var row in table.Rows)
        {
            var (gamma, tau) = (row["gamma"], row["tau"]);
            var limit = new IsotropicLimit(gamma, row["snr"]);
            var h = MarchenkoPastur.Shrinkage(gamma, tau);

            Near.Relative(row["h"], h, Exact, row);
            Near.Relative(row["kappa"], MarchenkoPastur.Loss(gamma, tau) / h, Exact, row);
            Near.Relative(row["m"], MarchenkoPastur.Stieltjes(gamma, tau), Exact, row);
            Near.Relative(tau, MarchenkoPastur.TauOf(gamma, h), Exact, row);
            Near.Relative(row["norm2_over_r2"], limit.SquaredNorm(h), Exact, row);
            Near.Relative(row["rho_help"], limit.HelpingAlignment(tau), Exact, row);
            // r^2 = snr, s^2 = 1.
            Near.Relative(row["bias2_over_r2"] + (row["var_over_s2"] / row["snr"]), limit.SourceRisk(tau), Exact, row);
            // tau^2 m2 is the target's factor c1, its variance V1 that of the source: a target without noise, and one whose start is
            // perfect.
            Near.Relative(tau * tau * row["m2"], new IsotropicTarget(gamma, 0).Risk(tau, 1), Exact, row);
            Near.Relative(row["var_over_s2"], new IsotropicTarget(gamma, 1).Risk(tau, 0), Exact, row);
        }
    }

    [Fact]
    public void Source_and_transfer_optima_agree_with_the_reference()
    {
        var table = ReferenceTable.Read("isotropic_tau0.csv");
        Assert.Equal(378, table.Rows.Count);
        foreach (var row in table.Rows)
        {
            var rho = row["rho"];
            var limit = new IsotropicLimit(row["gamma0"], row["snr"]);
            var h = limit.TransferShrinkage(rho);

            Near.Relative(row["rho_crit"], limit.CriticalAlignment, Exact, row);
            Near.Relative(row["tauS"], limit.SourceTau, Exact, row);
            Near.Relative(row["hS"], limit.SourceShrinkage, Exact, row);
            Near.Relative(row["tau0"], limit.TransferTau(rho), Exact, row);
            Near.Relative(row["h0"], h, Exact, row);
            Near.Relative(row["delta_min"], limit.Delta(h, rho), Exact, row);
            // (1 - 2 rho) h_S crosses 0 within the table.
            Assert.Equal(row["delta_at_tauS"], limit.Delta(limit.SourceShrinkage, rho), 1e-13);
            Near.Relative(row["delta_scaled_start"], limit.ScaledStartDelta(rho), Exact, row);
            Assert.Equal(row["helps_at_tau0"] == 1, limit.Delta(h, rho) < 0);
            // At rho = 1/2 exactly Delta is 0 and its sign is rounding.
            if (rho != 0.5)
            {
                Assert.Equal(row["helps_at_tauS"] == 1, limit.Helps(limit.SourceTau, rho));
            }
        }
    }

    [Fact]
    public void Published_experiment_has_the_limit_that_the_reference_gives()
    {
        var table = ReferenceTable.Read("paper_protocol_isotropic.csv");
        Assert.Equal(84, table.Rows.Count);
        foreach (var row in table.Rows)
        {
            var limit = new IsotropicLimit(row["gamma0"], snr: 1);
            var tau = limit.TransferTau(row["rho"]);

            Near.Relative(row["tauS"], limit.SourceTau, Exact, row);
            Near.Relative(row["tau0"], tau, Exact, row);
            Near.Relative(row["ratio"], tau / limit.SourceTau, Exact, row);

            var grid = Enumerable.Range(0, 50).Select(i => Math.Pow(10, -2 + (4.0 * i / 49))).ToArray();
            Near.Relative(row["grid_tauS"], grid.MinBy(limit.SourceRisk), Exact, row);
            Near.Relative(row["grid_tau0"], grid.MinBy(t => limit.Delta(MarchenkoPastur.Shrinkage(row["gamma0"], t), row["rho"])), Exact,
                row);
        }
    }
}
