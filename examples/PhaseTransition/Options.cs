using System.Globalization;

namespace PhaseTransition;

/// <summary>The command line.</summary>
internal sealed record Options(Protocol Protocol, string Output, int Threads)
{
    public const string Usage = """
        The phase transition of L2-SP transfer: simulation and theory.

          dotnet run --project examples/PhaseTransition -c Release [-- options]

          --seed N      everything follows from it (default 1)
          --draws N     draws for each point, at least 2 (default 10)
          --output DIR  where the tables and figures go (default artifacts/phase-transition)
          --threads N   default: all cores; the numbers do not depend on it
          --help
        """;

    /// <summary>Null where help was asked for.</summary>
    /// <exception cref="FormatException">An option that there is none of, or a value that is none.</exception>
    public static Options? Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options(new Protocol(), Path.Combine("artifacts", "phase-transition"), Environment.ProcessorCount);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (arguments[i] is "--help" or "-h")
            {
                return null;
            }

            var value = i + 1 < arguments.Count ? arguments[i + 1]
                : throw new FormatException($"{arguments[i]} needs a value; see --help.");
            options = arguments[i] switch
            {
                "--seed" => options with { Protocol = options.Protocol with { Seed = Whole(arguments[i], value, int.MinValue) } },
                "--draws" => options with { Protocol = options.Protocol with { Draws = Whole(arguments[i], value, 2) } },
                "--output" => options with { Output = value },
                "--threads" => options with { Threads = Whole(arguments[i], value, 1) },
                _ => throw new FormatException($"There is no option {arguments[i]}; see --help."),
            };
        }

        return options;
    }

    private static int Whole(string option, string value, int least) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"{option} takes a whole number{(least > int.MinValue ? $" of at least {least}" : "")}, not "
            + $"'{value}'.");
}
