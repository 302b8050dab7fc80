using System.CommandLine;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>predict</c>: a file's rows with what a model says of each.</summary>
internal sealed class PredictCommand
{
    private readonly Option<string> _model = new(
        "--model")
    { Description = "The model as ML.NET saved it.", HelpName = "ZIP", Required = true };
    private readonly Option<string> _data = new(
        "--data")
    { Description = "Rows: .csv, .tsv, .parquet. They need no label.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _out = new(
        "--out")
    {
        Description = "The rows with the predictions behind them (CSV); without it they go to standard output.",
        HelpName = "FILE"
    };
    private readonly TableOptions _tables;
    private readonly ExposureOption _exposure;
    private readonly RunOptions _run;
    private readonly Command _command = new(
        "predict", "Scores the rows of a file: all of their columns, and behind them the predictions, probabilities and classes.");

    private PredictCommand()
    {
        _command.Add(_model);
        _command.Add(_data);
        _command.Add(_out);
        _tables = new TableOptions(_command, withLabel: false);
        _exposure = new ExposureOption(_command);
        _run = new RunOptions(_command, withJson: false);
        _command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
    }

    public static Command Create() => new PredictCommand()._command;

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        var work = _run.Begin(parse, cancellation);
        var output = work.NewFile(parse.GetValue(_out));
        var model = SavedModel.Load(work.Ml, parse.GetRequiredValue(_model));
        var source = _tables.Source(parse, parse.GetRequiredValue(_data), model);
        var scored = ScoredRows.Of(work, model, source,
            _exposure.Of(parse, model, source.File, output is null ? new Screen(silent: true) : work.Screen));
        if (output is null)
        {
            scored.WriteTo(Console.Out);
            Warn(work.Screen, source, scored);
            return (int)Exit.Success;
        }

        Screen.While("scoring", _ =>
        {
            output.Write(stream =>
            {
                using var text = new StreamWriter(stream, leaveOpen: true);
                scored.WriteTo(text);
            });
            return true;
        });
        Warn(work.Screen, source, scored);
        work.Screen.Line($"{Numbers.Count(scored.Rows)} rows; added: {Names.Of(scored.Added)}");
        work.Screen.Wrote(output, "rows with predictions");
        return (int)Exit.Success;
    }

    private static void Warn(Screen screen, RowSource source, ScoredRows scored)
    {
        if (scored.Summary is { } summary)
        {
            screen.Warning($"{source.File.Path}, {summary} It was scored like the others.");
        }
    }
}
