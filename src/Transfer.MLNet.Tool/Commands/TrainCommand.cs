using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>train</c>: a model from rows alone, or from a source and then a target, as advised.</summary>
internal sealed class TrainCommand
{
    private readonly Option<string> _out = new(
        "--out")
    { Description = "The model that is written: stock ML.NET, featurisation and all.", HelpName = "ZIP", Required = true };
    private readonly Option<double?> _tau = new(
        "--tau")
    {
        Description = "How strongly the last training is shrunk or held, per row; without it as advised, or chosen on "
        + "left-out rows.",
        HelpName = "TAU"
    };
    private readonly Option<double?> _sourceTau = new(
        "--source-tau")
    { Description = "The source's tau where there is a target as well; goes with --tau.", HelpName = "TAU" };
    private readonly Option<bool> _trees;
    private readonly SourceOptions _sources;
    private readonly HoldOutOption _holdOut;
    private readonly ExposureOption _exposure;
    private readonly TableOptions _tables;
    private readonly ColumnOptions _columns;
    private readonly RunOptions _run;
    private readonly Command _command = new(
        "train", "Trains a model on rows; with a target, on the source first and then on the target, as advised.");

    private TrainCommand()
    {
        _sources = new SourceOptions(_command, "Rows to train on: .csv, .tsv, .parquet.", "Rows to move the model to, as advised.",
            targetRequired: false);
        _tables = new TableOptions(_command);
        _command.Add(_out);
        _command.Add(_tau);
        _command.Add(_sourceTau);
        _trees = TreesOption.Create(_command);
        _exposure = new ExposureOption(_command);
        _holdOut = new HoldOutOption(_command);
        _columns = new ColumnOptions(_command);
        _run = new RunOptions(_command);
        _command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
    }

    public static Command Create() => new TrainCommand()._command;

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        var work = _run.Begin(parse, cancellation);
        var output = work.NewFile(parse.GetRequiredValue(_out))!;
        var (tau, sourceTau) = (TauOption.Of(parse, _tau), TauOption.Of(parse, _sourceTau));
        var sources = _sources.Of(parse, _tables);
        if (sourceTau is not null && (tau is null || sources.Length == 1))
        {
            throw Failure.Usage("--source-tau goes with --target and --tau: the advice gives both taus, or you do.");
        }

        if (parse.GetValue(_trees) && (sources.Length == 1 || tau is not null))
        {
            throw Failure.Usage("--compare-trees is part of the advice: it goes with --target, and without --tau.");
        }

        var plan = _columns.Plan(parse, _tables, sources, _holdOut.Columns(parse), work, sources.Length > 1
            && _holdOut.Group(parse) is { } tasks ? [tasks] : [], _exposure.Of(parse));
        var (kept, held) = _holdOut.Of(parse, work, [.. plan.Columns.Where(c => c.Kind == ColumnKind.Date).Select(c => c.Name)],
            groupsAreTasks: sources.Length > 1);
        var featurised = FeaturisedFiles.Fit(work, plan, _columns.Terms(parse));
        var last = sources.Length - 1;
        if (held is not null && featurised.Count(last, held) is var count && (count == 0 || count == plan.Rows[last]))
        {
            throw Failure.Input($"{sources[last].Name}: {(count == 0 ? "no row is" : $"all {count} rows are")} held out. Hold out "
                + $"another share, or from another day on.");
        }

        var rows = featurised.Of(last, kept);
        var group = sources.Length > 1 && plan.Label.Task == TaskKind.Regression ? _holdOut.Group(parse) : null;
        var learner = new Learner(work, plan.Label.Task, plan.Label.Name, group: group is null ? null : PlannedRows.Beside(group),
            trees: parse.GetValue(_trees), exposure: plan.Exposure, divides: plan.Divides(sources));
        var (fitted, advice) = sources.Length == 1
            ? (learner.Fit(rows, null, tau, "training"), null)
            : Transferred(work, learner, plan, featurised.With(0, group), rows, sourceTau, tau);
        work.Screen.Line();
        work.Screen.Line(fitted.Report);
        var model = Model(work.Ml, featurised, fitted.Predictor, rows);
        var metrics = held is not null
            ? Screen.While("measuring", _ => Evaluation.Of(
            work.Ml, Exposed.Of(work.Ml, fitted.Predictor.Transform(featurised.Of(last, held)), plan.Exposure), plan.Label.Name,
            ModelTask.Of(new SavedModel(output.Name, model, featurised.InputSchema), fitted.Predictor.Transform(rows).Schema)))
            : null;
        if (metrics is not null)
        {
            work.Screen.Heading("On the rows that were held out");
            work.Screen.Line(Answer.Of(plan.Label, null, metrics));
            work.Screen.Table(["metric", "value"], metrics.Select(m => (IReadOnlyList<string>)[Answer.Title(m.Name), Answer.Value(m)]));
        }

        output.Write(stream => work.Ml.Model.Save(model, featurised.InputSchema, stream));
        work.Screen.Wrote(output, "model");
        work.Json(() => new
        {
            Model = output.Name,
            plan.Label.Task,
            Label = plan.Label.Name,
            Columns = plan.Columns.ToDictionary(c => c.Name, c => c.Kind),
            UsesSource = sources.Length > 1 ? advice?.Advised.UsesSource ?? true : (bool?)null,
            fitted.Tau,
            Advice = advice is null ? null : System.Text.Json.Nodes.JsonNode.Parse(advice.ToJson()),
            HeldOut = metrics?.ToDictionary(m => m.Name, m => m.Value),
        });
        return (int)Exit.Success;
    }

    // Without taus the advised way, whichever it is; with them the source and then the target, as told.
    private static (Learner.Fitted Fitted, TransferAdvice? Advice) Transferred(
        Work work, Learner learner, TablePlan plan, IDataView source, IDataView target, double? sourceTau, double? tau)
    {
        if (sourceTau is not null)
        {
            var start = learner.Fit(source, null, sourceTau, "training the source");
            return (learner.Fit(target, StartingPoint.From(start.Predictor), tau, "tuning to the target"), null);
        }

        var advice = learner.Advise(source, target);
        AdviceOnScreen.Show(work.Screen, advice,
            new AdviceReportOptions
            {
                Label = (ReportLabel.Of(target, plan.Label.Name, measure: advice.Measure) with { Unit = plan.Label.Unit })
                    .At(plan.Exposure),
                NextStep = ""
            });
        if (!advice.Advised.UsesSource)
        {
            work.Screen.Warning("the source is not used, as advised: the model is that of the target's rows alone");
            if (advice.Advised.Kind == TransferWayKind.TreesAlone)
            {
                return (learner.Fit(advice, target), advice);
            }

            return (learner.Fit(target, null, tau ?? advice.Advised.TargetTau, "training on the target alone"), advice);
        }

        if (tau is null)
        {
            return (learner.Fit(advice, target), advice);
        }

        // A tau of the target that the user gives: one start, the source as it is best for that.
        var trained = learner.Fit(source, null, advice.Way(TransferWayKind.FromTransferOptimal)?.SourceTau, "training the source");
        return (learner.Fit(target, StartingPoint.From(trained.Predictor), tau, "tuning to the target"), advice);
    }

    /// <summary>The whole model: features, predictor, and classes by their names.</summary>
    private static TransformerChain<ITransformer> Model(MLContext ml, FeaturisedFiles featurised, ITransformer predictor, IDataView rows) =>
        featurised.Plan.Label.Task == TaskKind.Multiclass
            ? new TransformerChain<ITransformer>(
            featurised.Featuriser, predictor, ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(predictor.Transform(rows)))
            : new TransformerChain<ITransformer>(featurised.Featuriser, predictor);
}
