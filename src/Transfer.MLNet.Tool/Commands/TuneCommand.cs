using System.CommandLine;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>tune</c>: a saved model's last layer, linear or of trees, moved to new rows.</summary>
internal sealed class TuneCommand
{
    private readonly Option<string> _model = new(
        "--model")
    { Description = "The model as ML.NET saved it.", HelpName = "ZIP", Required = true };
    private readonly Option<string> _data = new(
        "--data")
    { Description = "New rows: .csv, .tsv, .parquet.", HelpName = "FILE", Required = true };
    private readonly Option<string> _out = new(
        "--out")
    { Description = "The model that is written: same input, same shape, new weights.", HelpName = "ZIP", Required = true };
    private readonly Option<double?> _tau = new(
        "--tau")
    {
        Description = "How strongly the weights are held to the old ones, per row; without it chosen on left-out rows.",
        HelpName = "TAU"
    };
    private readonly Option<double> _scale = new(
        "--scale")
    {
        Description = "What the old weights are multiplied by first (the advice's starting point scale).",
        HelpName = "C",
        DefaultValueFactory = _ => 1
    };
    private readonly HoldOutOption _holdOut;
    private readonly TableOptions _tables;
    private readonly ExposureOption _exposure;
    private readonly RunOptions _run;
    private readonly Command _command = new(
        "tune", "Retrains the last layer of a saved model, linear or of trees, on new rows, held to what it was.");

    private TuneCommand()
    {
        _command.Add(_model);
        _command.Add(_data);
        _tables = new TableOptions(_command);
        _command.Add(_out);
        _command.Add(_tau);
        _command.Add(_scale);
        _holdOut = new HoldOutOption(_command);
        _exposure = new ExposureOption(_command);
        _run = new RunOptions(_command);
        _command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
    }

    public static Command Create() => new TuneCommand()._command;

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        var work = _run.Begin(parse, cancellation);
        var output = work.NewFile(parse.GetRequiredValue(_out), mayReplace: parse.GetRequiredValue(_model))!;
        var tau = TauOption.Of(parse, _tau);
        var model = SavedModel.Load(work.Ml, parse.GetRequiredValue(_model));
        var layer = ModelLayer.ToTune(model);
        var (label, positive) = (_tables.Label(parse), _tables.Positive(parse));
        var source = _tables.Source(parse, parse.GetRequiredValue(_data), model);
        var exposure = _exposure.Of(parse, model, source.File, work.Screen);
        ExposureOption.RequireCounts(exposure, layer.Task, $"{model.Path} predicts");
        var data = ModelData.Of(work, model, layer.Before, source, label, _holdOut.Columns(parse), exposure);
        if (data.Rows.Manner is { } manner)
        {
            work.Screen.Line(manner);
        }

        var (kept, held) = _holdOut.Of(parse, work,
            [.. data.Rows.Columns.Where(c => c.Type is Microsoft.ML.Data.DateTimeDataViewType).Select(c => c.Name)]);
        var known = layer.Label(model, data, positive);
        var column = PlannedRows.Column(known, data.Rows.LabelName(known));
        var (tuned, report) = Screen.While("tuning", share =>
            (work.Ml.Model.FineTune(model.Model, data.View(column, work.Cancellation, kept), out var done, new FineTuneOptions
            {
                LabelColumnName = column.Name,
                Tau = tau,
                ExposureColumnName = exposure is null ? null : PlannedRows.Beside(exposure),
                StartingPointScale = parse.GetValue(_scale),
                NumberOfThreads = work.Threads,
                Progress = new Learner.Told(share),
                CancellationToken = work.Cancellation,
            }), done));
        if (report.LabelColumnName != column.Name)
        {
            work.Screen.Line($"{model.Path} predicts '{report.LabelColumnName}', which it makes of '{label}': errors are of that.");
            known = known with { Name = report.LabelColumnName, Unit = "" };
        }

        TunedOnScreen.Show(work.Screen, report, known, layer.OfTrees);
        var compared = held is null ? null
            : Compared.On(work, model, model with { Model = tuned, Path = output.Name }, source, label, positive, held,
            _holdOut.Columns(parse), exposure);
        compared?.Show(work.Screen, "On the rows that were held out");
        output.Write(stream => work.Ml.Model.Save(tuned, model.Schema, stream));
        work.Screen.Wrote(output, "model");
        work.Json(() => new
        {
            Model = output.Name,
            layer.Task,
            Label = label,
            Tau = report.Tau,
            Report = TunedOnScreen.ToJson(report),
            HeldOut = compared?.ToJson()
        });
        return (int)Exit.Success;
    }
}
