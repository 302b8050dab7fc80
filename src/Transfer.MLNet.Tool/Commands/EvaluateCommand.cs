using System.CommandLine;
using Transfer.MLNet.Tool.Models;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>evaluate</c>: a model on rows that it has not seen, beside the one it is to replace.</summary>
internal sealed class EvaluateCommand
{
    private readonly Option<string> _model = new(
        "--model")
    { Description = "The model as ML.NET saved it.", HelpName = "ZIP", Required = true };
    private readonly Option<string?> _before = new("--before") { Description = "The model that it is to replace.", HelpName = "ZIP" };
    private readonly Option<string> _data = new(
        "--data")
    { Description = "Rows that neither was trained on: .csv, .tsv, .parquet.", HelpName = "FILE", Required = true };
    private readonly TableOptions _tables;
    private readonly ExposureOption _exposure;
    private readonly RunOptions _run;
    private readonly Command _command = new(
        "evaluate", "Measures a model on rows, and beside another one the difference with its uncertainty.");

    private EvaluateCommand()
    {
        _command.Add(_model);
        _command.Add(_before);
        _command.Add(_data);
        _tables = new TableOptions(_command);
        _exposure = new ExposureOption(_command);
        _run = new RunOptions(_command);
        _command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
    }

    public static Command Create() => new EvaluateCommand()._command;

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        var work = _run.Begin(parse, cancellation);
        var after = SavedModel.Load(work.Ml, parse.GetRequiredValue(_model));
        var before = parse.GetValue(_before) is { } path ? SavedModel.Load(work.Ml, path) : null;
        var source = _tables.Source(parse, parse.GetRequiredValue(_data), after);
        var compared = Compared.On(
            work, before, after, source, _tables.Label(parse), _tables.Positive(parse), [], [],
            _exposure.Of(parse, after, source.File, work.Screen));
        compared.Show(work.Screen, before is null ? after.Path : $"{before.Path} (before) and {after.Path} (after) on {source.Name}");
        work.Json(compared.ToJson);
        return (int)Exit.Success;
    }
}
