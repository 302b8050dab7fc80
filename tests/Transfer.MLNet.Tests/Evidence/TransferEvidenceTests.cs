using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

public class TransferEvidenceTests
{
    [Fact]
    public void The_interval_of_rho_holds_the_truth_as_often_as_it_says()
    {
        // More features than rows on one side or both, and enough rows for least squares.
        (int P, int N0, int N1)[] shapes = [(30, 60, 20), (40, 30, 25), (30, 25, 60), (12, 60, 50)];
        double[] rhos = [-0.5, 0, 0.5, 1, 1.5];
        var (inside, bounded, insideBounded, draws) = (0, 0, 0, 0);
        foreach (var (p, n0, n1) in shapes)
        {
            for (var draw = 0; draw < 100; draw++)
            {
                var rho = rhos[draw % rhos.Length];
                var evidence = Evidence(new Random(1000 + draw), p, n0, n1, rho, noise: draw % 2 == 0 ? 0.45 : 0.8);
                var holds = evidence.Alignment.Contains(rho);
                draws++;
                inside += holds ? 1 : 0;
                bounded += evidence.Alignment.IsIdentified ? 1 : 0;
                insideBounded += holds && evidence.Alignment.IsIdentified ? 1 : 0;
            }
        }

        // The goal is 92 to 98 %; binomial noise of 400 draws is 1.1 %. Of the bounded ones alone nothing is given away.
        Assert.InRange(inside / (double)draws, 0.92, 0.985);
        Assert.InRange(insideBounded / (double)bounded, 0.905, 0.98);
        Assert.InRange(bounded, draws / 2, draws - 1);
    }

    [Fact]
    public void Signal_and_noise_are_right_on_average_with_more_features_than_rows()
    {
        const int draws = 60;
        double signal = 0, noise = 0, targetNoise = 0, logTau = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            var evidence = Evidence(new Random(300 + draw), 60, 50, 45, 0.5, noise: 0.7);
            signal += evidence.SourceSignal / draws;
            noise += evidence.SourceNoise / draws;
            targetNoise += evidence.TargetNoise / draws;
            logTau += Math.Log(evidence.SourceTau) / draws;
        }

        // Single draws have standard errors of about 0.3 for the signal, 0.2 for the noise and 0.6 for log tau_S; the prior pulls a little.
        Assert.Equal(1, signal, 0.15);
        Assert.Equal(0.49, noise, 0.12);
        Assert.Equal(0.49, targetNoise, 0.12);
        Assert.Equal(Math.Log(60 * 0.49 / 50), logTau, 0.3);
    }

    [Fact]
    public void Least_squares_answers_where_rows_allow_and_random_effects_elsewhere()
    {
        Assert.Equal("least squares", Evidence(new Random(1), 10, 60, 50, 0.5, 0.5).Alignment.Method);
        Assert.Equal("random effects", Evidence(new Random(1), 10, 60, 15, 0.5, 0.5).Alignment.Method);
        // Enough rows, but so noisy that least squares could say nothing of rho.
        Assert.Equal("random effects", Evidence(new Random(1), 20, 45, 45, 0.5, 4).Alignment.Method);
    }

    [Fact]
    public void Labels_of_pure_noise_identify_no_rho()
    {
        var unbounded = 0;
        for (var draw = 0; draw < 20; draw++)
        {
            var random = new Random(40 + draw);
            var source = SimulatedTask.Rows(random, 50, new double[20], 1);
            var target = SimulatedTask.Rows(random, 30, SimulatedTask.Truths(random, 20, 0, 1).Source, 0.5);
            unbounded += Of(source, target).Alignment.IsIdentified ? 0 : 1;
        }

        // A detection at 2.5 % one-sided.
        Assert.InRange(unbounded, 17, 20);
    }

    [Fact]
    public void Identical_tasks_have_rho_about_one()
    {
        var random = new Random(8);
        var (w, _) = SimulatedTask.Truths(random, 30, 1, 0.1);
        var evidence = Of(SimulatedTask.Rows(random, 200, w, 0.3), SimulatedTask.Rows(random, 45, w, 0.3));

        Assert.True(evidence.Alignment.Contains(1));
        Assert.Equal(1, evidence.Alignment.Estimate!.Value, 0.15);
        Assert.True(evidence.ProbabilityAligned > 0.999);
    }

    [Theory]
    [InlineData(1.8)]
    [InlineData(-1.2)]
    public void Rho_above_one_and_below_zero_is_told_as_it_is(double rho)
    {
        var evidence = Evidence(new Random(9), 25, 200, 40, rho, 0.3);

        Assert.Equal(rho, evidence.Alignment.Estimate!.Value, 4 * evidence.Alignment.StandardError!.Value);
        Assert.Equal(rho > 0 ? 1 : 0, evidence.ProbabilityAligned, 0.001);
        Assert.True(rho > 0 ? evidence.Alignment.Lower > 1 : evidence.Alignment.Upper < 0);
    }

    [Theory]
    [InlineData(5, 30, 2)]
    [InlineData(5, 2, 2)]
    [InlineData(1, 20, 10)]
    [InlineData(1, 2, 2)]
    [InlineData(400, 20, 12)]
    [InlineData(40, 40, 41)]
    public void Few_rows_one_feature_and_many_features_give_finite_answers(int p, int n0, int n1)
    {
        var evidence = Evidence(new Random(10), p, n0, n1, 0.5, 0.5);

        Assert.False(evidence.Alignment.Lower > evidence.Alignment.Upper);
        Assert.True(evidence.SourceNoise > 0 && evidence.TargetNoise > 0 && evidence.SourceTau > 0);
        Assert.All(evidence.Posterior.TargetMean, w => Assert.True(double.IsFinite(w)));
        Assert.InRange(evidence.ProbabilityAligned, 0, 1);
        Assert.True(double.IsFinite(evidence.SourceSignalStandardError));
    }

    [Fact]
    public void Duplicate_columns_give_finite_answers()
    {
        var random = new Random(11);
        var (w0, w1) = SimulatedTask.Truths(random, 6, 0.8, 0.3);
        var (source, target) = (SimulatedTask.Rows(random, 60, w0, 0.5), SimulatedTask.Rows(random, 40, w1, 0.5));
        foreach (var rows in new[] { source, target })
        {
            for (var i = 0; i < rows.Rows; i++)
            {
                rows.Features[i, 4] = rows.Features[i, 2];
            }
        }

        var evidence = Of(source, target);

        Assert.Equal("random effects", evidence.Alignment.Method);
        Assert.True(evidence.Alignment.IsIdentified);
        // The posterior cannot tell equal columns apart, so it gives them equal weights.
        Close.To(evidence.Posterior.TargetMean[2], evidence.Posterior.TargetMean[4], 1e-9);
    }

    [Fact]
    public void Labels_without_noise_are_fitted_and_rho_is_nearly_exact()
    {
        var random = new Random(12);
        var (w0, w1) = SimulatedTask.Truths(random, 10, 0.6, 0.2);
        var evidence = Of(SimulatedTask.Rows(random, 60, w0, 0), SimulatedTask.Rows(random, 40, w1, 0));

        Assert.Equal(0.6, evidence.Alignment.Estimate!.Value, 1e-6);
        // The noise has a floor: without one the likelihood has no mode.
        Assert.InRange(evidence.Posterior.TargetNoise, 1e-12, 1e-9);
        Close.To(w1, evidence.Posterior.TargetMean, 1e-5);
    }

    [Theory]
    [InlineData(12, 40, 30, 1e-9)]
    [InlineData(30, 50, 20, 2e-2)]
    public void Rho_follows_the_scale_of_the_target_and_not_that_of_both(int p, int n0, int n1, double tolerance)
    {
        var random = new Random(13);
        var (w0, w1) = SimulatedTask.Truths(random, p, 0.7, 0.5);
        var (source, target) = (SimulatedTask.Rows(random, n0, w0, 0.4), SimulatedTask.Rows(random, n1, w1, 0.4));
        var plain = Of(source, target).Alignment;
        // The search for the mode ends within a small part of a standard error; least squares has no search.
        var within = tolerance * plain.StandardError!.Value;

        Assert.Equal(-3 * plain.Estimate!.Value, Of(source, Scaled(target, -3)).Alignment.Estimate!.Value, 3 * within);
        Assert.Equal(-3 * plain.Upper!.Value, Of(source, Scaled(target, -3)).Alignment.Lower!.Value, 10 * within);
        Assert.Equal(plain.Estimate!.Value, Of(Scaled(source, 1e4), Scaled(target, 1e4)).Alignment.Estimate!.Value, within);
        Assert.Equal(plain.Estimate!.Value, Of(Scaled(source, 1e-5), Scaled(target, 1e-5)).Alignment.Estimate!.Value, within);
    }

    [Fact]
    public void Tasks_with_nothing_to_learn_are_refused_with_the_reason()
    {
        var random = new Random(14);
        var good = SimulatedTask.Rows(random, 20, [1, 2], 1);
        var flat = new HeldRows(good.Features.Clone(), Enumerable.Repeat(3.0, 20).ToArray());
        var constant = new HeldRows(new Matrix(20, 2), good.Labels);
        var single = SimulatedTask.Rows(random, 1, [1, 2], 1);

        Refused(flat, good, "Every label of the source is the same");
        Refused(good, flat, "Every label of the target is the same");
        Refused(good, constant, "Every feature of the target is constant");
        Refused(single, good, "The source has 1 row");

        static void Refused(HeldRows source, HeldRows target, string reason) =>
            Assert.Contains(reason, Assert.Throws<InvalidOperationException>(() => Of(source, target)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_ends_the_search()
    {
        using var cancelled = new CancellationTokenSource();
        var random = new Random(15);
        var (w0, w1) = SimulatedTask.Truths(random, 10, 0.7, 0.5);
        var source = TaskSpectrum.Of(SimulatedTask.Rows(random, 30, w0, 0.4), intercept: true, Workers.All);
        var target = TaskSpectrum.Of(SimulatedTask.Rows(random, 20, w1, 0.4), intercept: true, Workers.All);
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => TransferEvidence.Of(source, target, new Workers(1, cancelled.Token)));
    }

    private static HeldRows Scaled(HeldRows rows, double factor) => new(rows.Features, [.. rows.Labels.Select(y => y * factor)]);

    private static TransferEvidence Evidence(Random random, int p, int n0, int n1, double rho, double noise)
    {
        var (w0, w1) = p == 1 ? (new double[] { 1 }, [rho]) : SimulatedTask.Truths(random, p, rho, 0.5);
        return Of(SimulatedTask.Rows(random, n0, w0, noise), SimulatedTask.Rows(random, n1, w1, noise));
    }

    private static TransferEvidence Of(HeldRows source, HeldRows target) => TransferEvidence.Of(
        TaskSpectrum.Of(source, intercept: true, Workers.All), TaskSpectrum.Of(target, intercept: true, Workers.All), Workers.All);
}
