using System.CommandLine;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>advise</c>: whether to start from a source, how it should be trained, and how strongly to hold to it.</summary>
internal sealed class AdviseCommand
{
    private readonly Option<string> _source = new("--source")
    {
        Description = "What there is much of: rows (.csv, .tsv, .parquet), moments (.moments, with --featurisation), or a model (.zip).",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _target = new("--target") { Description = "What matters: rows (.csv, .tsv, .parquet).", HelpName = "FILE", Required = true };
    private readonly Option<string?> _featurisation = new("--featurisation") { Description = "The featurisation that the moments were computed with.", HelpName = "ZIP" };
    private readonly Option<string?> _report = new("--report") { Description = "The advice as a page with figures.", HelpName = "HTML" };
    private readonly TableOptions _tables;
    private readonly ColumnOptions _columns;
    private readonly RunOptions _run;
    private readonly Command _command = new("advise", "Says whether transfer helps, how to train the source for it, and how strongly to hold the target to it.");

    private AdviseCommand()
    {
        _command.Add(_source);
        _command.Add(_target);
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
        var source = parse.GetRequiredValue(_source);
        var target = _tables.Find(parse, parse.GetRequiredValue(_target));
        var isMoments = source.EndsWith(".moments", StringComparison.OrdinalIgnoreCase);
        if (!isMoments && parse.GetValue(_featurisation) is not null)
        {
            throw Failure.Usage("--featurisation goes with a source of moments; rows get one that is fitted on both files, and a model brings its own.");
        }

        var (advice, moves) = isMoments ? FromMoments(work, parse, source, target)
            : source.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? FromModel(work, parse, source, target)
            : FromRows(work, parse, source, target, withMoves: report is not null);
        work.Screen.Line();
        work.Screen.Line(advice.ToString());
        report?.Write(path => advice.SaveReport(path, new AdviceReportOptions
        {
            Title = $"Transfer from {Path.GetFileName(source)} to {Path.GetFileName(target.Path)}",
            SourceName = Path.GetFileName(source),
            TargetName = Path.GetFileName(target.Path),
            WeightMoves = moves,
        }));
        work.JsonText(advice.ToJson);
        if (report is not null)
        {
            work.Screen.Wrote(report, "report");
        }

        return (int)Exit.Success;
    }

    private (TransferAdvice Advice, IReadOnlyList<WeightMove>? Moves) FromRows(Work work, ParseResult parse, string source, TableFile target, bool withMoves)
    {
        TableOptions.RequireTwo(source, target.Path);
        TableFile[] files = [_tables.Find(parse, source), target];
        var plan = _columns.Plan(parse, _tables, files, work);
        var featurised = FeaturisedFiles.Fit(work, plan, files, _columns.Terms(parse));
        var learner = new Learner(work, plan.Label.Task, plan.Label.Name);
        var (sourceRows, targetRows) = (featurised.Of(0, RowSample.All), featurised.Of(1, RowSample.All));
        var advice = learner.Advise(sourceRows, targetRows);
        if (!withMoves || !advice.UsesSource || plan.Label.Task == TaskKind.Multiclass)
        {
            return (advice, null);
        }

        var start = learner.Fit(sourceRows, null, advice.SourceTau, "training the source");
        var tuned = learner.Fit(targetRows, StartingPoint.From(start.Predictor), advice.TargetTau, "tuning to the target");
        return (advice, WeightMove.Between(featurised.FeatureNames, start.Weights!, tuned.Weights!));
    }

    private (TransferAdvice Advice, IReadOnlyList<WeightMove>? Moves) FromMoments(Work work, ParseResult parse, string source, TableFile target)
    {
        var moments = MomentsFiles.Load(source);
        var featuriser = SavedModel.Load(work.Ml, parse.GetValue(_featurisation)
            ?? throw Failure.Usage($"{source} holds moments, which mean nothing without the featurisation of their rows: --featurisation ZIP, as 'moments write' wrote it."));
        var rows = MomentsFiles.Rows(work, parse, _tables, featuriser, target);
        return (new Learner(work, TaskKind.Regression, rows.Label, moments.FeatureColumnName).Advise(moments, rows.View), null);
    }

    private (TransferAdvice Advice, IReadOnlyList<WeightMove>? Moves) FromModel(Work work, ParseResult parse, string source, TableFile target)
    {
        var model = SavedModel.Load(work.Ml, source);
        var layer = ModelLayer.Of(model);
        var label = FileLabel.Of(target, _tables.Label(parse), layer.Task, source, _tables.Positive(parse), work.Cancellation);
        var rows = ModelRows.Of(model, target, label.Name);
        rows.RequireFit(model, target, layer.Before);
        var name = rows.LabelName(label.Name);
        var view = rows.View(target, PlannedRows.Column(label, name), RowSample.All, work.Cancellation);
        return (new Learner(work, layer.Task, name, layer.FeatureColumn).Advise(StartingPoint.From(model.Model), layer.Features(view)), null);
    }
}
