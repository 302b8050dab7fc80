using System.CommandLine;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>What each count was counted in: the column of days, visits or inhabitants.</summary>
internal sealed class ExposureOption
{
    private readonly Option<string?> _exposure = new("--exposure")
    {
        Description = "Of counts: the column with what each was counted in (days, visits, inhabitants), above zero. A model trained "
            + "with it "
            + "predicts for an exposure of 1 by itself.",
        HelpName = "COLUMN",
    };

    public ExposureOption(Command command) => command.Add(_exposure);

    /// <summary>The column; null where none is named.</summary>
    public string? Of(ParseResult parse) => parse.GetValue(_exposure) is { } name ? Spelling.Name(name) : null;

    /// <summary>The same for a saved model, which notes the column that it was trained with.</summary>
    public string? Of(ParseResult parse, SavedModel model, TableFile file, Screen screen)
    {
        var (typed, noted) = (Of(parse), SavedLabel.ExposureOf(model));
        if (typed is not null || noted is null)
        {
            return typed;
        }

        if (file.Names.Contains(noted))
        {
            screen.Line($"Counts are of the exposures in '{noted}', as when {model.Path} was trained.");
            return noted;
        }

        screen.Warning($"{model.Path} was trained with exposures in '{noted}', which {file.Path} does not have: each row counts as an "
            + $"exposure of 1. --exposure COLUMN names another.");
        return null;
    }

    /// <exception cref="Failure">It is given, and the label is no count.</exception>
    public static void RequireCounts(string? exposure, TaskKind task, string what)
    {
        if (exposure is not null && task != TaskKind.Count)
        {
            throw Failure.Usage($"--exposure {exposure}: {what} {(task == TaskKind.Regression ? "numbers" : "classes")}, and only "
                + $"counts have "
                + $"an exposure. Leave it out.");
        }
    }
}
