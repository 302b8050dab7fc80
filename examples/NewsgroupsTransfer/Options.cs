using System.Globalization;

namespace NewsgroupsTransfer;

/// <summary>The command line.</summary>
/// <param name="Data">The folder with the posts; null where none was named.</param>
/// <param name="Draws">Random draws of target rows.</param>
/// <param name="Fraction">The part of the target's posts that is drawn to train on.</param>
/// <param name="Output">Where the tables go.</param>
internal sealed record Options(string? Data, int Draws, double Fraction, string? Output)
{
    public const string Usage = """
        Transfer between newsgroups: does a classifier of some groups help one of others?

          dotnet run -c Release --project examples/NewsgroupsTransfer [-- DATA_FOLDER] [options]

          DATA_FOLDER    20 Newsgroups: a folder that holds 20news-bydate-train and 20news-bydate-test, or train.tsv.gz and
                         test.tsv.gz (group, number and text of a post to a line). Default: ../shared/data/20newsgroups beside
                         the checkout; where there is none, invented posts.
          --draws N      random draws of target rows, at least 2 (default 5)
          --fraction F   part of the target's posts to train on, between 0 and 1 (default 0.1)
          --output DIR   where the tables go (default artifacts/newsgroups)
          --help
        """;

    /// <summary>Null where help was asked for.</summary>
    /// <exception cref="FormatException">An option that there is none of, a value that is none, or two folders.</exception>
    public static Options? Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options(null, 5, 0.1, null);
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument is "--help" or "-h")
            {
                return null;
            }

            if (!argument.StartsWith('-'))
            {
                options = options.Data is null
                    ? options with { Data = argument }
                    : throw new FormatException($"One data folder is enough, and there are two: {options.Data} and {argument}.");
                continue;
            }

            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{argument} needs a value; see --help.");
            options = argument switch
            {
                "--draws" => options with { Draws = Whole(argument, Value()) },
                "--fraction" => options with { Fraction = Part(argument, Value()) },
                "--output" => options with { Output = Value() },
                _ => throw new FormatException($"There is no option {argument}; see --help."),
            };
        }

        return options;
    }

    private static int Whole(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 2
            ? number
            : throw new FormatException($"{option} takes a whole number of at least 2, not '{value}'.");

    private static double Part(string option, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1
            ? number
            : throw new FormatException($"{option} takes a number between 0 and 1, not '{value}'.");
}
