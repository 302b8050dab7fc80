using System.CommandLine;
using System.CommandLine.Parsing;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>advise</c>: whether to start from a source, how it should be trained, and how strongly to hold to it.</summary>
internal sealed class AdviseCommand
{
    private static readonly string[] s_ofAdviceAlone = ["--report", "--json", "--force", "--cluster"];

    private readonly SourceOptions _sources;
    private readonly Option<string?> _featurisation = new(
        "--featurisation")
    { Description = "The featurisation that the moments were computed with.", HelpName = "ZIP" };
    private readonly Option<string?> _report = new("--report") { Description = "The advice as a page with figures.", HelpName = "HTML" };
    private readonly Option<bool> _trees;
    private readonly ExposureOption _exposure;
    private readonly TaskGroups _groups;
    private readonly TableOptions _tables;
    private readonly ColumnOptions _columns;
    private readonly RunOptions _run;
    private readonly Command _command = new(
        "advise", "Says whether transfer helps, how to train the source for it, and how strongly to hold the target to it.");

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
        _trees = TreesOption.Create(_command);
        _groups = new TaskGroups(_command);
        _exposure = new ExposureOption(_command);
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
            throw Failure.Usage("--featurisation goes with a source of moments; rows get one that is fitted on both files, and a model "
                + "brings its own.");
        }

        var isModel = file?.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) == true;
        if ((isMoments || isModel) && parse.GetValue(_trees))
        {
            throw Failure.Usage("--compare-trees trains on the rows of both, and the source is no file of rows.");
        }

        var (advice, moves, names, label) = isMoments ? FromMoments(work, parse, file!)
            : isModel ? FromModel(work, parse, file!)
            : FromRows(work, parse, withMoves: report is not null);
        var page = new AdviceReportOptions
        {
            Title = $"Transfer from {names.Source} to {names.Target}",
            SourceName = names.Source,
            TargetName = names.Target,
            WeightMoves = moves,
            Label = label,
            NextStep = NextStep(parse, advice, file),
            Command = CommandLine.Typed,
        };
        AdviceOnScreen.Show(work.Screen, advice, page);
        report?.WriteText(advice.ToHtml(page.Dated()));
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
        var plan = _columns.Plan(parse, _tables, sources, _groups.Columns(parse), work, _groups.Columns(parse), _exposure.Of(parse));
        if (plan.Label.Task != TaskKind.Regression)
        {
            _groups.RequireNone(parse, $"'{plan.Label.Name}' holds "
                + $"{(plan.Label.Task == TaskKind.Count ? "counts" : "classes")}, and groups are for regressions so far.");
        }

        var (group, cluster) = (_groups.Group(parse), _groups.Cluster(parse));
        var featurised = FeaturisedFiles.Fit(work, plan, _columns.Terms(parse));
        var learner = new Learner(
            work, plan.Label.Task, plan.Label.Name, group: group is null ? null : PlannedRows.Beside(group), cluster: cluster is null ? null
                : PlannedRows.Beside(cluster), trees: parse.GetValue(_trees), exposure: plan.Exposure,
            divides: plan.Divides(sources));
        var (sourceRows, targetRows) = (featurised.With(0, group), featurised.With(1, cluster));
        var advice = learner.Advise(sourceRows, targetRows);
        var names = NamesOf(parse, sources);
        var label = ReportLabel.Of(targetRows, plan.Label.Name, measure: advice.Measure) with { Unit = plan.Label.Unit };
        label = label.At(plan.Exposure);
        if (!withMoves || !advice.Advised.UsesSource || plan.Label.Task == TaskKind.Multiclass
            || advice.Advised.Kind == TransferWayKind.PooledTrees)
        {
            return new Advised(advice, null, names, label);
        }

        var start = learner.Fit(sourceRows, null, advice.SourceTraining!.SourceOptimalTau, "training the source");
        var tuned = learner.Fit(advice, targetRows);
        return new Advised(advice, WeightMove.Between(featurised.FeatureNames, start.Weights!, tuned.Weights!), names, label);
    }

    private Advised FromMoments(Work work, ParseResult parse, string source)
    {
        _groups.RequireNone(parse, $"{source} holds moments of one source; groups are columns of rows.");
        if (_columns.Task(parse) == TaskKind.Count)
        {
            throw Failure.Usage($"{source} holds moments, which are of squared errors and say nothing of counts: give the source's "
                + $"rows, or "
                + "a model of them.");
        }

        ExposureOption.RequireCounts(_exposure.Of(parse), TaskKind.Regression, $"{source} is of");
        var moments = MomentsFiles.Load(source);
        var featuriser = SavedModel.Load(work.Ml, parse.GetValue(_featurisation)
            ?? throw Failure.Usage($"{source} holds moments, which mean nothing without the featurisation of their rows: "
            + $"--featurisation ZIP, as 'moments write' wrote it."));
        var target = _sources.TargetRows(parse, _tables);
        var rows = MomentsFiles.Rows(work, _tables.Label(parse), featuriser, target);
        var advice = new Learner(work, TaskKind.Regression, rows.Label, moments.FeatureColumnName).Advise(moments, rows.View);
        return new Advised(advice, null, (Path.GetFileName(source), ShortName(target)),
            ReportLabel.Of(rows.View, rows.Label, _tables.Label(parse)));
    }

    private Advised FromModel(Work work, ParseResult parse, string source)
    {
        _groups.RequireNone(parse, $"{source} is a model; groups are columns of rows.");
        var model = SavedModel.Load(work.Ml, source);
        var ofTrees = ModelAdvice.Find(model.Model) is not null;
        var layer = ofTrees ? ModelLayer.ToTune(model) : ModelLayer.Of(model);
        var target = _sources.TargetRows(parse, _tables, model);
        var exposure = _exposure.Of(parse, model, target.File, work.Screen);
        ExposureOption.RequireCounts(exposure, layer.Task, $"{source} predicts");
        var data = ModelData.Of(work, model, layer.Before, target, _tables.Label(parse), [], exposure);
        var known = layer.Label(model, data, _tables.Positive(parse));
        var name = data.Rows.LabelName(known);
        var view = layer.Features(data.View(PlannedRows.Column(known, name), work.Cancellation));
        var learner = new Learner(work, layer.Task, name, layer.FeatureColumn, exposure: exposure);
        var advice = ofTrees ? learner.Advise(model.Model, view) : learner.Advise(StartingPoint.From(model.Model), view);
        return new Advised(advice, null, (Path.GetFileName(source), ShortName(target)),
            (ReportLabel.Of(view, name, _tables.Label(parse), advice.Measure) with { Unit = known.Unit }).At(exposure));
    }

    // The command that makes the advised model, as it can be typed; null where no command of this tool does.
    private string? NextStep(ParseResult parse, TransferAdvice advice, string? file)
    {
        if (file?.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) == true)
        {
            string[] tune = ["tune", "--model", file, "--data", parse.GetValue(_sources.Target)!, "--label", _tables.Label(parse),
                .. _exposure.Of(parse) is { } among ? ["--exposure", among] : Array.Empty<string>()];
            if (advice.Sources.Count == 0)
            {
                // A model of trees: tune compares the same ways again, and takes the best.
                return advice.Advised.Kind == TransferWayKind.TargetAlone ? null
                    : "Move the model: " + CommandLine.Of([.. tune, "--out", "tuned.zip"]);
            }

            return advice.Advised is
            {
                Kind: TransferWayKind.ScaledStart or TransferWayKind.FromSourceOptimal, Scale: { } scale,
                TargetTau: { } tau
            }
                ? "Move the model as advised: " + CommandLine.Of(
                [.. tune, "--scale", Invariant(scale), "--tau", Invariant(tau), "--out", "tuned.zip"])
                : null;
        }

        if (file?.EndsWith(".moments", StringComparison.OrdinalIgnoreCase) == true)
        {
            return null;
        }

        return $"{(advice.Advised.UsesSource ? "Train as advised" : "Train on the target's rows alone")}: "
            + CommandLine.Of(["train", .. Given(parse), "--out", "model.zip"]) + ".";
    }

    // All that was typed and is an option of training too.
    private static IEnumerable<string> Given(ParseResult parse)
    {
        var isGiven = true;
        foreach (var token in parse.Tokens.Skip(1))
        {
            isGiven = token.Type == TokenType.Option ? !s_ofAdviceAlone.Contains(token.Value) : isGiven;
            if (isGiven)
            {
                yield return token.Value;
            }
        }
    }

    private static string Invariant(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static string ShortName(RowSource source) => source.Name == source.File.Path ? Path.GetFileName(source.Name) : source.Name;

    // Of one file that a condition divides.
    private (string Source, string Target) NamesOf(ParseResult parse, RowSource[] sources) => parse.GetValue(_sources.Data) is null
        ? (ShortName(sources[0]), ShortName(sources[1]))
        : (parse.GetValue(_sources.Source) is { } condition ? $"rows where {condition}" : "the other rows",
        $"rows where {parse.GetValue(_sources.Target)}");

    private sealed record Advised(TransferAdvice Advice, IReadOnlyList<WeightMove>? Moves, (string Source, string Target) Names,
        ReportLabel Label);
}
