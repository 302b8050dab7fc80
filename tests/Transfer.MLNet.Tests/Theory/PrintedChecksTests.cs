using PhaseTransition.Theory;
using Xunit;

namespace Transfer.MLNet.Tests.Theory;

/// <summary>
/// The formula column of the reference's table of Monte Carlo checks (mc_checks.csv), to the eight digits printed there. Its own
/// simulations stand beside it; ours are in <see cref="MonteCarloTests"/>.
/// </summary>
public class PrintedChecksTests
{
    private const double Digits = 2e-8;

    [Fact]
    public void Checks_B1_to_B6_below_and_above_one_feature_per_row()
    {
        Check(gamma: 2.0 / 3, tau: 0.5, snr: 1, rho: 0.6, extra: 0.25, gamma1: 2, tau1: 0.3, noise1: 0.25,
            [0.55699953, 0.6221914, 0.50819233, 0.56379196, 0.41612515, 0.44058824]);
        Check(gamma: 2, tau: 1.5, snr: 1, rho: 1.4, extra: 0, gamma1: 2.0 / 3, tau1: 0.2, noise1: 0.25,
            [0.25, 0.28571429, 0.78571429, 1.5457143, 0.3163527, 0.36548901]);

        static void Check(double gamma, double tau, double snr, double rho, double extra, double gamma1, double tau1, double noise1,
            double[] printed)
        {
            var limit = new IsotropicLimit(gamma, snr);
            var h = MarchenkoPastur.Shrinkage(gamma, tau);
            var scratch = (rho * rho) + extra;
            var distance = scratch + limit.Delta(h, rho);
            var target = new IsotropicTarget(gamma1, noise1);
            double[] ours = [h, limit.SquaredNorm(h), limit.SourceRisk(tau), distance, target.Risk(tau1, distance),
                target.Risk(tau1, scratch)];
            for (var i = 0; i < ours.Length; i++)
            {
                Near.Relative(printed[i], ours[i], Digits, $"B{i + 1}");
            }
        }
    }

    [Fact]
    public void Checks_B7_to_B9_the_scaled_start_and_both_optima()
    {
        var limit = new IsotropicLimit(1.5, 1);

        Near.Relative(-0.10052668, limit.ScaledStartDelta(0.6), Digits * 5, "B7");
        Near.Relative(-0.098571156, limit.Delta(limit.TransferShrinkage(0.6), 0.6), Digits * 5, "B8");
        Near.Relative(-0.055848156, limit.Delta(limit.SourceShrinkage, 0.6), Digits * 5, "B9");
    }

    [Fact]
    public void Check_E1_an_intercept_takes_a_row()
    {
        const int rows = 40;
        Near.Relative(0.41425626, MarchenkoPastur.Shrinkage(60.0 / (rows - 1), 0.5 * rows / (rows - 1)), Digits, "E1");
    }

    [Fact]
    public void Checks_G1_and_G2_signal_on_the_top_eigenvector()
    {
        var target = CounterExamples.SignalOnTop(1.1).Target(0.1);

        Near.Relative(0.0073012809, target.Distance(0.3245), Digits, "G1");
        Near.Relative(0.0037046305, target.Distance(0.649), Digits, "G1");
        Near.Relative(0.0035966504, target.Distance(0.3245) - target.Distance(0.649), Digits, "G2");
    }

    [Fact]
    public void Checks_G1_and_G2_signal_in_the_tail()
    {
        var target = CounterExamples.SignalInTail(0.9).Target(0.1);

        // The reference's tau is that of its own optimum; it is printed to four digits only.
        Near.Relative(0.0055030204, target.Distance(0.09773), 1e-6, "G1");
        Near.Relative(0.0055910439, target.Distance(0.1344), 3e-5, "G1");
        Near.Relative(-8.8023416e-05, target.Distance(0.09773) - target.Distance(0.1344), 3e-3, "G2");
    }

    [Fact]
    public void Checks_H1_help_turns_with_the_number_of_target_rows()
    {
        Near.Relative(0.42093038, Difference(5, 0.1), Digits, "H1");
        Near.Relative(-0.40831272, Difference(20, 0.1), Digits, "H1");
        Near.Relative(1.2347503, Difference(20, 10), Digits, "H1");

        static double Difference(int rows, double tau)
        {
            var target = CounterExamples.HelpTurns(rows).Target(tau);
            return target.Distance(0.05) - target.ScratchDistance;
        }
    }
}
