using Microsoft.ML;
using NewsgroupsTransfer;
using Spectre.Console;
using Spectre.Console.Rendering;
using Xunit;

namespace Transfer.MLNet.Tests.Examples;

/// <summary>The experiments of examples/NewsgroupsTransfer on its invented posts, and their tables.</summary>
public sealed class NewsgroupsExperimentTests
{
    private static readonly Lazy<IReadOnlyList<Post>> s_posts = new(InventedPosts.All);

    [Fact]
    public void No_group_is_in_the_source_and_in_the_target_of_a_pairing_or_in_two_of_its_classes()
    {
        Assert.Equal(9, Pairing.TechnicalToOthers.Classes.Count);
        Assert.All(Pairing.All, p =>
        {
            string[] groups = [.. p.Source.Concat(p.Target).SelectMany(g => g)];
            Assert.Equal(groups.Length, groups.Distinct().Count());
            Assert.Subset(s_posts.Value.Select(g => g.Group).ToHashSet(), groups.ToHashSet());
        });
    }

    [Fact]
    public void A_pairing_with_a_group_that_has_no_posts_is_refused()
    {
        Post[] lacking = [.. s_posts.Value.Where(p => p.Group != "comp.windows.x")];
        Assert.Contains(
            "comp.windows.x", Assert.Throws<ArgumentException>(() => Featurisation.Of(Pairing.HardwareOrSoftware, lacking)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_draw_takes_the_same_part_of_every_class_leaves_the_others_and_can_be_repeated()
    {
        Featurisation posts = Featurisation.Of(Pairing.TechnicalToOthers, s_posts.Value);
        Sample sample = Sample.Draw(posts.Target, 0.1, seed: 3);
        Assert.All(Enumerable.Range(0, 9), k => Assert.Equal(6, sample.Training.Count(p => p.Position == k)));
        Assert.Equal(posts.Target.Count, sample.Training.Concat(sample.HeldOut).Distinct().Count());
        Assert.Equal(sample.Training, Sample.Draw(posts.Target, 0.1, seed: 3).Training);
        Assert.NotEqual(sample.Training, Sample.Draw(posts.Target, 0.1, seed: 4).Training);
    }

    [Fact]
    public void Classes_of_the_target_start_from_those_of_the_source_that_they_are_paired_with()
    {
        Featurisation posts = Featurisation.Of(Pairing.TechnicalToOthers, s_posts.Value);
        Learner learner = Learner.For(Pairing.TechnicalToOthers);
        Trained source = learner.Train(posts.Source, tau: 1e-3);

        // So strong a pull leaves the weights where they start, class by class.
        Trained held = learner.Train(posts.Target, source.Weights, tau: 1e6);
        Assert.Equal(source.Weights.Weights, held.Weights.Weights, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(Pairing.TechnicalToOthers.Target.Select(g => g[0]), held.Weights.ClassNames);
    }

    [Fact]
    public void Models_are_judged_as_by_ML_NET_with_the_log_loss_in_nats()
    {
        var ml = new MLContext(seed: 1);
        Featurisation posts = Featurisation.Of(Pairing.HardwareOrSoftware, s_posts.Value);
        Learner learner = Learner.For(Pairing.HardwareOrSoftware);
        Trained trained = learner.Train(posts.Source, tau: 1e-3);
        Quality quality = learner.Judge(trained.Model, posts.Target);
        var metrics = ml.BinaryClassification.Evaluate(trained.Model.Transform(FeaturisedPost.View(ml, posts.Target)));
        Assert.Equal(metrics.Accuracy, quality.Accuracy, 12);
        Assert.Equal(metrics.LogLoss * Math.Log(2), quality.LogLoss, 1e-5);
    }

    [Fact]
    public void Where_source_and_target_ask_the_same_the_source_helps_and_a_second_run_gives_the_same()
    {
        Experiment experiment = Experiment.Prepare(Pairing.HardwareOrSoftware, s_posts.Value, 0.1);
        var runs = Enumerable.Range(0, 3).Select(experiment.Run).ToArray();
        double Mean(string method) => runs.Average(r => r.Outcomes.Single(o => o.Method == method).Quality.LogLoss);
        Assert.All(runs, r => Assert.Equal(Experiment.Methods, r.Outcomes.Select(o => o.Method)));
        Assert.True(Mean(Experiment.SourceOptimal) < 0.8 * Mean(Experiment.Scratch));
        Assert.True(Mean(Experiment.Retrained) < 0.8 * Mean(Experiment.Scratch));
        Assert.True(Mean(Experiment.Scaled) < 0.8 * Mean(Experiment.Scratch));
        Assert.All(runs, r => Assert.Equal(r.Trials.Min(t => t.Quality.LogLoss), r.Outcomes.Single(o => o.Method == Experiment.Best)
            .Quality.LogLoss));

        Experiment again = Experiment.Prepare(Pairing.HardwareOrSoftware, s_posts.Value, 0.1);
        Assert.Equal(runs[1].Outcomes, again.Run(1).Outcomes);
    }

    [Fact]
    public void Classes_paired_by_position_only_gain_nothing_from_the_source()
    {
        Experiment experiment = Experiment.Prepare(Pairing.TechnicalToOthers, s_posts.Value, 0.1);
        var outcomes = experiment.Run(0).Outcomes.ToDictionary(o => o.Method, o => o.Quality);
        Assert.True(outcomes[Experiment.AsIs].Accuracy < 0.3);
        Assert.True(outcomes[Experiment.SourceOptimal].LogLoss > outcomes[Experiment.Scratch].LogLoss);

        // The advice is not to use it: a factor of zero.
        Assert.Equal(outcomes[Experiment.Scratch].LogLoss, outcomes[Experiment.Scaled].LogLoss, 0.1);
        Assert.DoesNotContain(Experiment.Retrained, outcomes.Keys);
    }

    [Fact]
    public void A_mean_has_the_standard_error_of_its_draws()
    {
        // Variance 1 over 3 draws: 1 / sqrt(3).
        Statistic statistic = Statistic.Of([1, 2, 3]);
        Assert.Equal(2, statistic.Mean, 12);
        Assert.Equal(0.577350269, statistic.StandardError, 9);
        Assert.Equal("+2.00 ± 0.58", statistic.ToString("+0.00;-0.00;0.00"));
    }

    [Fact]
    public void Differences_in_the_table_are_paired_draw_by_draw()
    {
        // 50 % and 60 % from scratch; every other way 10 points better in both draws, so that the difference has no error.
        Outcome[] outcomes =
        [
            .. from draw in new[] { 1, 0 }
               from method in Experiment.Methods
               select new Outcome("any", draw, method, 1e-3, 1e-2,
                   new Quality(0.5 + 0.1 * draw + (method == Experiment.Scratch ? 0 : 0.1), 0.7 - 0.2 * draw)),
        ];
        string table = Text(Summary.Table(outcomes));
        Assert.Contains("55.0 ± 5.0", table, StringComparison.Ordinal);
        Assert.Contains("65.0 ± 5.0", table, StringComparison.Ordinal);
        Assert.Contains("+10.0 ± 0.0", table, StringComparison.Ordinal);
        Assert.Contains("0.600 ± 0.100", table, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sweep_shows_each_source_penalty_with_the_target_penalty_best_over_all_draws()
    {
        Outcome[] scratch = [.. Enumerable.Range(0, 2)
            .Select(d => new Outcome("any", d, Experiment.Scratch, double.NaN, 1, new Quality(0.5, 0.5)))];
        Trial[] trials =
        [
            // 0.1 is the best of the first draw; over both draws 0.01 is.
            new("any", 0, 1e-4, 0.1, new Quality(0.5, 0.1)), new("any", 1, 1e-4, 0.1, new Quality(0.5, 0.9)),
            new("any", 0, 1e-4, 0.01, new Quality(0.6, 0.3)), new("any", 1, 1e-4, 0.01, new Quality(0.8, 0.3)),
        ];
        string line = Text(Summary.Sweep(scratch, trials)).Split('\n').Single(l => l.Contains("0.0001", StringComparison.Ordinal));
        Assert.Matches(@"0\.0001 .* 0\.01 .* 70\.0 ± 10\.0 .* 0\.300 ± 0\.000 .* -0\.200 ± 0\.000", line);
    }

    [Fact]
    public void The_file_has_a_line_an_outcome_with_every_digit()
    {
        string csv = Summary.Csv([new Outcome("hardware or software", 4, Experiment.Scratch, double.NaN, 0.1, new Quality(1.0 / 3, 0.2))]);
        Assert.Equal(
            "pairing,draw,method,source_tau,target_tau,accuracy,log_loss_nats\nhardware or software,4,\"scratch (target posts "
                + "alone)\",NaN,0.1,0.3333333333333333,0.2\n",
            csv);
    }

    private static string Text(IRenderable table)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors
            });
        console.Profile.Width = 140;
        console.Write(table);
        return writer.ToString();
    }
}
