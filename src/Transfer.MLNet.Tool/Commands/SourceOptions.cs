using System.CommandLine;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>The source and the target: two files, or one with a condition that divides it.</summary>
internal sealed class SourceOptions
{
    public Option<string?> Source { get; } = new("--source") { HelpName = "FILE" };
    public Option<string?> Target { get; } = new("--target") { HelpName = "FILE" };
    public Option<string?> Data { get; } = new(
        "--data")
    {
        Description = "One file with both: --target is then a condition (city = \"Austin\"), and the source all other rows, "
        + "or those of --source.",
        HelpName = "FILE"
    };
    private readonly bool _targetRequired;

    public SourceOptions(Command command, string source, string target, bool targetRequired)
    {
        _targetRequired = targetRequired;
        Source.Description = source;
        Target.Description = target;
        command.Add(Source);
        command.Add(Target);
        command.Add(Data);
    }

    /// <summary>What --source names: a file of rows, moments or a model. Null where --data is given.</summary>
    public string? SourceFile(ParseResult parse) => parse.GetValue(Data) is null ? parse.GetValue(Source) : null;

    /// <summary>The target's rows alone, where the source is no file of rows.</summary>
    public RowSource TargetRows(ParseResult parse, TableOptions tables, SavedModel? model = null) =>
        tables.Source(parse, parse.GetValue(Target) ?? throw Failure.Usage("Option '--target' is required."), model);

    /// <summary>The source, and the target where there is one.</summary>
    public RowSource[] Of(ParseResult parse, TableOptions tables)
    {
        var (source, target) = (parse.GetValue(Source), parse.GetValue(Target));
        if (parse.GetValue(Data) is { } data)
        {
            return target is null
                ? throw Failure.Usage("--data names one file with the source and the target; --target says which rows are the target's: "
                + "--target 'city = \"Austin\"'.")
                : tables.Divided(parse, data, source, target) is var (ofSource, ofTarget) ? [ofSource, ofTarget] : [];
        }

        if (source is null || (target is null && _targetRequired))
        {
            throw Failure.Usage($"Option '{(source is null ? "--source" : "--target")}' is required, or --data with a condition as "
                + $"--target.");
        }

        if (target is null)
        {
            return [tables.Source(parse, source)];
        }

        TableOptions.RequireTwo(source, target);
        return [tables.Source(parse, source), tables.Source(parse, target)];
    }
}
