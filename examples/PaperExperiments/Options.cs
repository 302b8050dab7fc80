using System.Globalization;

namespace PaperExperiments;

/// <summary>The command line.</summary>
internal sealed record Options(string Experiment, string? Data, string Output, bool Full, IReadOnlyList<int>? Seeds, int Threads,
    bool NewHead, bool Report)
{
    public const string Usage = """
        The experiments with networks of "Source-Optimal Training Is Transfer-Suboptimal" (Hedges 2026).

          dotnet run --project examples/PaperExperiments -c Release -- EXPERIMENT [options]

          synthetic            the phase transition over gamma0 and covariances, without networks (examples/PhaseTransition)
          mnist                round digits (0 3 6 8 9) to angular digits (1 2 4 5 7), a multilayer perceptron
          fashion              the same network on Fashion-MNIST, which the paper did not have
          cifar10              animals to vehicles and horses, a convolutional network
          newsgroups           nine groups on computers and science to nine others, a multilayer perceptron on TF-IDF
          target-independence  mnist and cifar10 with 1, 5, 10, 20 and 50 % of the target
          steps                how long a step of training takes with each of the networks

          --data DIR     the folder with mnist, fashion-mnist, cifar10 and 20newsgroups; without it a small set is generated
          --full         the paper's protocol: 19 weight decays, 10 seeds; otherwise 7 decays and 2 seeds
          --seeds N      another number of seeds; --seeds A-B: those from A to B, counted from 0, for machines that share the work
          --output DIR   results and figures (default artifacts/paper); a run that was stopped goes on where it was
          --threads N    trainings side by side (default: all cores); the numbers do not depend on it
          --new-head     makes the last layer anew for the target, instead of carrying it over
          --report       trains nothing: tables and figures of the seeds that are whole so far
          --help
        """;

    /// <summary>Null where help was asked for.</summary>
    /// <exception cref="FormatException">An option that there is none of, or a value that is none.</exception>
    public static Options? Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || arguments.Contains("--help") || arguments.Contains("-h"))
        {
            return null;
        }

        var options = new Options(arguments[0], null, Path.Combine("artifacts", "paper"), false, null, Environment.ProcessorCount, false,
            false);
        for (var i = 1; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--full" => options with { Full = true },
                "--new-head" => options with { NewHead = true },
                "--report" => options with { Report = true },
                "--data" => options with { Data = Value(arguments, ref i) },
                "--output" => options with { Output = Value(arguments, ref i) },
                "--seeds" => options with { Seeds = SeedsOf(arguments, ref i) },
                "--threads" => options with { Threads = Whole(arguments, ref i) },
                var other => throw new FormatException($"There is no option {other}; see --help."),
            };
        }

        return options.Data is { } folder && !Directory.Exists(folder)
            ? throw new FormatException($"There is no folder '{folder}'. docs/paper.md says where the data are; without --data a small "
            + $"set is generated.")
            : options;
    }

    /// <summary>The same for the simulation, of which a seed is a draw for each of its points.</summary>
    /// <exception cref="FormatException">Seeds that do not begin at 0, or a single one, which has no standard error.</exception>
    public PhaseTransition.Options ForSimulation()
    {
        var seeds = Seeds ?? [.. Enumerable.Range(0, Full ? 10 : 2)];
        return seeds.Count < 2 || seeds[0] != 0
            ? throw new FormatException("synthetic takes --seeds N with at least 2, the number of draws for each point.")
            : new(new PhaseTransition.Protocol(Draws: seeds.Count), Path.Combine(Output, "synthetic"), Threads);
    }

    private static string Value(IReadOnlyList<string> arguments, ref int i) =>
        i + 1 < arguments.Count ? arguments[++i] : throw new FormatException($"{arguments[i]} needs a value; see --help.");

    private static int Whole(IReadOnlyList<string> arguments, ref int i)
    {
        var option = arguments[i];
        var value = Value(arguments, ref i);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{option} takes a whole number above zero, not '{value}'.");
    }

    private static int[] SeedsOf(IReadOnlyList<string> arguments, ref int i)
    {
        var value = Value(arguments, ref i);
        var ends = value.Split('-');
        var numbers = ends.Select(e => int.TryParse(e, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .ToArray();
        return numbers switch
        {
            [> 0 and var count] => [.. Enumerable.Range(0, count)],
            [>= 0 and var first, var last] when last >= first => [.. Enumerable.Range(first, last - first + 1)],
            _ => throw new FormatException($"--seeds takes a number of seeds above zero, or the first and the last as in 2-4, not "
                + $"'{value}'."),
        };
    }
}
