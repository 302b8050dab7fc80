using System.CommandLine;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>advise</c>: whether to start from a source, how it should be trained, and how strongly to hold to it.</summary>
internal sealed class AdviseCommand
{
    private readonly SourceOptions _sources;
    private readonly Option<string?> _featurisation = new("--featurisation") { Description = "The featurisation that the moments were computed with.", HelpName = "ZIP" };
    private readonly Option<string?> _report = new("--report") { Description = "The advice as a page with figures.", HelpName = "HTML" };
    private readonly TableOptions _tables;
    private readonly ColumnOptions _columns;
    private readonly RunOptions _run;
    private readonly Command _command = new("advise", "Says whether transfer helps, how to train the source for it, and how strongly to hold the target to it.");

    private AdviseCommand()
    {
        _sources = new SourceOptions(
            _command,
            "What there is much of: rows (.csv, .tsv, .parquet), moments (.moments, with --featurisation), or a model (.zip).",
            "What matters: rows (.csv, .tsv, .parquet); with --data a condition.",
            targetRequired: true);
        _tables = new TableOptions(_command);
        _command.Add(_featurisation);
        _command.Add(_report);
        _columns = new ColumnOptions(_command);
        _run = new RunOptions(_command);
        _command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
    }

    public static Command Create() => new AdviseCommand()._command;

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        var work = _run.Begin(parse, cancellation);
        var report = work.NewFile(parse.GetValue(_report));
        var file = _sources.SourceFile(parse);
        var isMoments = file?.EndsWith(".moments", StringComparison.OrdinalIgnoreCase) == true;
        if (!isMoments && parse.GetValue(_featurisation) is not null)
        {
            throw Failure.Usage("--featurisation goes with a source of moments; rows get one that is fitted on both files, and a model brings its own.");
        }

        var (advice, moves, names) = isMoments ? FromMoments(work, parse, file!)
            : file?.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) == true ? FromModel(work, parse, file)
            : FromRows(work, parse, withMoves: report is not null);
        work.Screen.Line();
        work.Screen.Line(advice.ToString());
        report?.Write(path => advice.SaveReport(path, new AdviceReportOptions
        {
            Title = $"Transfer from {names.Source} to {names.Target}",
            SourceName = names.Source,
            TargetName = names.Target,
            WeightMoves = moves,
        }));
        work.JsonText(advice.ToJson);
        if (report is not null)
        {
            work.Screen.Wrote(report, "report");
        }

        return (int)Exit.Success;
    }

    private Advised FromRows(Work work, ParseResult parse, bool withMoves)
    {
        var sources = _sources.Of(parse, _tables);
        var plan = _columns.Plan(parse, _tables, sources, [], work);
        var featurised = FeaturisedFiles.Fit(work, plan, _columns.Terms(parse));
        var learner = new Learner(work, plan.Label.Task, plan.Label.Name);
        var (sourceRows, targetRows) = (featurised.Of(0), featurised.Of(1));
        var advice = learner.Advise(sourceRows, targetRows);
        var names = (ShortName(sources[0]), ShortName(sources[1]));
        if (!withMoves || !advice.Advised.UsesSource || plan.Label.Task == TaskKind.Multiclass)
        {
            return new Advised(advice, null, names);
        }

        var start = learner.Fit(sourceRows, null, advice.SourceTraining!.SourceOptimalTau, "training the source");
        var tuned = Learner.Fit(advice, targetRows);
        return new Advised(advice, WeightMove.Between(featurised.FeatureNames, start.Weights!, tuned.Weights!), names);
    }

    private Advised FromMoments(Work work, ParseResult parse, string source)
    {
        var moments = MomentsFiles.Load(source);
        var featuriser = SavedModel.Load(work.Ml, parse.GetValue(_featurisation)
            ?? throw Failure.Usage($"{source} holds moments, which mean nothing without the featurisation of their rows: --featurisation ZIP, as 'moments write' wrote it."));
        var target = _sources.Target(parse, _tables);
        var rows = MomentsFiles.Rows(work, _tables.Label(parse), featuriser, target);
        return new Advised(new Learner(work, TaskKind.Regression, rows.Label, moments.FeatureColumnName).Advise(moments, rows.View), null, (Path.GetFileName(source), ShortName(target)));
    }

    private Advised FromModel(Work work, ParseResult parse, string source)
    {
        var model = SavedModel.Load(work.Ml, source);
        var layer = ModelLayer.Of(model);
        var target = _sources.Target(parse, _tables);
        var data = ModelData.Of(work, model, layer.Before, target, _tables.Label(parse), []);
        var name = data.Rows.LabelName(_tables.Label(parse));
        var view = data.View(PlannedRows.Column(layer.Label(model, data, _tables.Positive(parse)), name), work.Cancellation);
        return new Advised(new Learner(work, layer.Task, name, layer.FeatureColumn).Advise(StartingPoint.From(model.Model), layer.Features(view)), null, (Path.GetFileName(source), ShortName(target)));
    }

    private static string ShortName(RowSource source) => source.Name == source.File.Path ? Path.GetFileName(source.Name) : source.Name;

    private sealed record Advised(TransferAdvice Advice, IReadOnlyList<WeightMove>? Moves, (string Source, string Target) Names);
}
