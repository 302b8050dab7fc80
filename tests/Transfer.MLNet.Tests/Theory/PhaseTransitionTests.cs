using MathNet.Numerics.LinearAlgebra;
using PhaseTransition;
using PhaseTransition.Theory;
using SkiaSharp;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Theory;

/// <summary>examples/PhaseTransition at sizes that take a second, and against the published protocol's own realisation.</summary>
public class PhaseTransitionTests
{
    private static readonly Protocol s_small = new(Features: 60, Draws: 3) { Gammas = [2], Alphas = [0, 1] };

    [Fact]
    public void Isotropic_ratios_cross_one_at_full_alignment_and_follow_the_limit()
    {
        var protocol = new Protocol(Features: 300, Draws: 10);
        RatioPoint[] points = [.. protocol.Gammas.SelectMany(gamma => RatioPoint.Of(protocol, 0, gamma, Draws(protocol, 0, gamma)))];

        Assert.Equal(84, points.Length);
        Assert.All(points.Where(p => p.Rho <= 0.9), p => Assert.True(p.MeanLogRatio > 0, $"{p}"));
        Assert.All(points.Where(p => p.Rho >= 1.1), p => Assert.True(p.MeanLogRatio < 0, $"{p}"));
        Assert.True(points.Count(p => p.TheoryInBand) >= 0.9 * points.Length, $"{points.Count(p => p.TheoryInBand)} of {points.Length}");
    }

    [Fact]
    public void Isotropic_simulation_agrees_with_the_published_protocols_realisation()
    {
        var protocol = new Protocol();
        var reference = ReferenceTable.Read("paper_protocol_simulated.csv").Rows.Where(r => r["alpha"] == 0).ToArray();
        foreach (var gamma in new[] { 1.5, 5 })
        {
            var points = RatioPoint.Of(protocol, 0, gamma, Draws(protocol, 0, gamma));
            var rows = reference.Where(r => r["gamma0"] == gamma).ToArray();
            Assert.Equal(21, rows.Length);
            foreach (var (point, row) in points.Zip(rows))
            {
                Near.Relative(row["rho"], point.Rho, 1e-12, row);
                Near.Relative(row["theory_ratio_isotropic"], Math.Exp(point.IsotropicLogRatio), 5e-4, row);
                // Ten draws here, ten there: three of their combined standard errors.
                var error = Math.Sqrt((point.MeanRatioError * point.MeanRatioError) + (row["se"] * row["se"]));
                Assert.True(Math.Abs(point.MeanRatio - row["mean_grid_ratio"]) < 3 * error, $"{point.MeanRatio} +- {error} against {row}");
            }
        }
    }

    [Fact]
    public void Equivalents_predict_the_mean_ratio_with_correlated_features()
    {
        var protocol = new Protocol(Features: 240, Draws: 10);
        var points = RatioPoint.Of(protocol, 1, 2, Draws(protocol, 1, 2));

        Assert.True(points.Count(p => p.TheoryInBand) >= 0.9 * points.Length, $"{points.Count(p => p.TheoryInBand)} of {points.Length}");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    public void Help_begins_at_an_alignment_of_one_half(int targetRows)
    {
        var protocol = new Protocol(Features: 160, Draws: 10);
        var draws = new double[protocol.Draws][,];
        Workers.All.For(draws.Length, d => draws[d] = DecisionPoint.Draw(protocol, targetRows, d, new Workers(1)));

        var boundaries = Boundary.Of(DecisionPoint.Of(targetRows, draws));

        Assert.Equal(DecisionPoint.AllTargetDeviations, boundaries.Select(b => b.TargetDeviation));
        Assert.All(boundaries, b => Assert.True(b.HoldsTheory && b.High - b.Low < 0.5, $"{b}"));
    }

    [Fact]
    public void What_is_at_stake_is_what_the_limit_says_at_every_noise()
    {
        const int rows = 320;
        var protocol = new Protocol(Features: 160, Draws: 12);
        var draws = new double[protocol.Draws][,];
        Workers.All.For(draws.Length, d => draws[d] = DecisionPoint.Draw(protocol, rows, d, new Workers(1)));
        var source = new IsotropicLimit(DecisionPoint.Gamma, snr: 1);

        foreach (var point in DecisionPoint.Of(rows, draws))
        {
            var target = new IsotropicTarget(160.0 / rows, point.TargetDeviation * point.TargetDeviation);
            var limit = Math.Log(target.LeastRisk(1 + source.Delta(source.SourceShrinkage, point.Rho)) / target.LeastRisk(1));
            // Within 3.5 standard errors and 10 %, what a limit may be off at p = 160.
            Assert.True(Math.Abs(point.MeanLogRisk - limit) <= (3.5 * point.StandardError) + (0.1 * Math.Abs(limit)),
                $"limit {limit}, {point}");
        }
    }

    [Fact]
    public void Ridges_of_a_source_are_those_of_a_direct_solve()
    {
        const int p = 12, n = 7;
        double[] deviations = [.. Enumerable.Range(0, p).Select(j => 1.0 / (1 + j))];
        var truth = new NormalDraws(5).Direction(p);
        double[] taus = [0.01, 0.5, 30];

        var ridges = SourceTask.Draw(new NormalDraws(6), truth, n, deviations, new Workers(1)).Ridges(taus, new Workers(1));

        var again = new NormalDraws(6);
        var rows = Matrix<double>.Build.DenseOfRowMajor(n, p, again.Rows(n, deviations).Values);
        var labels = (rows * Vector<double>.Build.DenseOfArray(truth)) + Vector<double>.Build.DenseOfArray(again.Vector(n));
        for (var t = 0; t < taus.Length; t++)
        {
            var direct = ((rows.TransposeThisAndMultiply(rows) / n) + (taus[t] * Matrix<double>.Build.DenseIdentity(p)))
                .Solve(rows.TransposeThisAndMultiply(labels) / n);
            for (var j = 0; j < p; j++)
            {
                Assert.Equal(direct[j], ridges[t, j], 1e-11);
            }
        }
    }

    [Fact]
    public void Numbers_depend_on_the_seed_and_not_on_the_number_of_threads()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var pieces = 0;
        var one = Experiment.Run(s_small, () => pieces++, 1, cancellation);
        var four = Experiment.Run(s_small, () => { }, 4, cancellation);
        var other = Experiment.Run(s_small with { Seed = 2 }, () => { }, 4, cancellation);

        Assert.Equal(Experiment.Pieces(s_small), pieces);
        Assert.Equal(Artifacts.Ratios(one), Artifacts.Ratios(four));
        Assert.Equal(Artifacts.Decisions(one), Artifacts.Decisions(four));
        Assert.NotEqual(Artifacts.Ratios(one), Artifacts.Ratios(other));
    }

    [Fact]
    public void Cancelled_it_stops_and_writes_nothing()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Experiment.Run(s_small, stop.Cancel, 1, stop.Token));

        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var experiment = Experiment.Run(s_small, () => { }, 1, TestContext.Current.CancellationToken);
            Assert.Throws<OperationCanceledException>(() => Artifacts.Write(folder.FullName, experiment, [], stop.Token));
            Assert.Empty(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void It_leaves_tables_and_figures_whole_and_nothing_beside_them()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var protocol = s_small with { Gammas = [2, 3] };
            var experiment = Experiment.Run(protocol, () => { }, 2, TestContext.Current.CancellationToken);
            File.WriteAllText(Path.Combine(folder.FullName, "ratios.csv"), "an older run");
            Artifacts.Write(folder.FullName, experiment, Check.Of(experiment), TestContext.Current.CancellationToken);

            Assert.Equal(
                ["boundaries.csv", "checks.txt", "decisions.csv", "phase-transition.png", "phase-transition.svg", "power-law.png",
                    "power-law.svg", "ratios.csv", "target-independence.png", "target-independence.svg"],
                folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
            var table = File.ReadAllLines(Path.Combine(folder.FullName, "ratios.csv"));
            Assert.Equal(1 + (2 * 2 * 21), table.Length);
            Assert.All(table, line => Assert.Equal(table[0].Split(',').Length, line.Split(',').Length));
            Assert.Contains("<svg", File.ReadAllText(Path.Combine(folder.FullName, "phase-transition.svg")), StringComparison.Ordinal);

            // Every quarter of the four panels has something drawn in it.
            using var image = SKBitmap.Decode(Path.Combine(folder.FullName, "target-independence.png"));
            for (var quarter = 0; quarter < 4; quarter++)
            {
                var (left, top) = (quarter % 2 * image.Width / 2, quarter / 2 * image.Height / 2);
                var drawn = 0;
                for (var x = left + 8; x < left + (image.Width / 2) - 8; x += 3)
                {
                    for (var y = top + 100; y < top + (image.Height / 2) - 8; y += 3)
                    {
                        // A panel that another has wiped is transparent, not white.
                        drawn += image.GetPixel(x, y) is { Alpha: 255 } pixel && pixel != SKColors.White ? 1 : 0;
                    }
                }

                Assert.True(drawn > 500, $"quarter {quarter}: {drawn}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--seed", "x", "--seed takes a whole number")]
    [InlineData("--draws", "1", "of at least 2")]
    [InlineData("--threads", "0", "of at least 1")]
    [InlineData("--sed", "1", "There is no option --sed")]
    public void A_wrong_command_line_is_answered_with_what_is_wrong(string option, string value, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => Options.Parse([option, value])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_command_line_is_read()
    {
        var options = Options.Parse(["--seed", "7", "--draws", "3", "--output", "there", "--threads", "1"])!;

        Assert.Equal((7, 3, "there", 1), (options.Protocol.Seed, options.Protocol.Draws, options.Output, options.Threads));
        Assert.Null(Options.Parse(["--help"]));
        Assert.Contains("--seed needs a value", Assert.Throws<FormatException>(() => Options.Parse(["--seed"])).Message,
            StringComparison.Ordinal);
    }

    private static RatioDraw[] Draws(Protocol protocol, double alpha, double gamma)
    {
        var draws = new RatioDraw[protocol.Draws];
        Workers.All.For(draws.Length, d => draws[d] = RatioDraw.Run(protocol, alpha, gamma, d, new Workers(1)));
        return draws;
    }
}
