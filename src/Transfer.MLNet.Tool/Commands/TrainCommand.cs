using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>train</c>: a model from rows alone, or from a source and then a target, as advised.</summary>
internal sealed class TrainCommand
{
    private readonly Option<string> _source = new("--source") { Description = "Rows to train on: .csv, .tsv, .parquet.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _target = new("--target") { Description = "Rows to move the model to, as advised.", HelpName = "FILE" };
    private readonly Option<string> _out = new("--out") { Description = "The model that is written: stock ML.NET, featurisation and all.", HelpName = "ZIP", Required = true };
    private readonly Option<double?> _tau = new("--tau") { Description = "How strongly the last training is shrunk or held, per row; without it as advised, or chosen on left-out rows.", HelpName = "TAU" };
    private readonly Option<double?> _sourceTau = new("--source-tau") { Description = "The source's tau where there is a target as well; goes with --tau.", HelpName = "TAU" };
    private readonly HoldOutOption _holdOut;
    private readonly TableOptions _tables;
    private readonly ColumnOptions _columns;
    private readonly RunOptions _run;
    private readonly Command _command = new("train", "Trains a model on rows; with a target, on the source first and then on the target, as advised.");

    private TrainCommand()
    {
        _command.Add(_source);
        _command.Add(_target);
        _tables = new TableOptions(_command);
        _command.Add(_out);
        _command.Add(_tau);
        _command.Add(_sourceTau);
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
        if (sourceTau is not null && (tau is null || parse.GetValue(_target) is null))
        {
            throw Failure.Usage("--source-tau goes with --target and --tau: the advice gives both taus, or you do.");
        }

        var (source, target) = (parse.GetRequiredValue(_source), parse.GetValue(_target));
        if (target is not null)
        {
            TableOptions.RequireTwo(source, target);
        }

        TableFile[] files = target is null ? [_tables.Find(parse, source)] : [_tables.Find(parse, source), _tables.Find(parse, target)];
        var plan = _columns.Plan(parse, _tables, files, work);
        var featurised = FeaturisedFiles.Fit(work, plan, files, _columns.Terms(parse));
        var (kept, held) = _holdOut.Of(parse, work);
        var last = files.Length - 1;
        var rows = featurised.Of(last, kept);
        var learner = new Learner(work, plan.Label.Task, plan.Label.Name);
        var (fitted, advice) = files.Length == 1
            ? (learner.Fit(rows, null, tau, "training"), null)
            : Transferred(work, learner, featurised.Of(0, RowSample.All), rows, sourceTau, tau);
        work.Screen.Line();
        work.Screen.Line(fitted.Report);
        var model = Model(work.Ml, featurised, fitted.Predictor, rows);
        var metrics = held is { } sample
            ? Evaluation.Of(work.Ml, fitted.Predictor.Transform(featurised.Of(last, sample)), plan.Label.Name, ModelTask.Of(new SavedModel(output.Name, model, featurised.InputSchema), fitted.Predictor.Transform(rows).Schema))
            : null;
        if (metrics is not null)
        {
            work.Screen.Heading("On the rows that were held out");
            work.Screen.Table(["metric", "value"], metrics.Select(m => (IReadOnlyList<string>)[m.Name, Numbers.Short(m.Value)]));
        }

        output.Write(path => work.Ml.Model.Save(model, featurised.InputSchema, path));
        work.Screen.Wrote(output, "model");
        work.Json(() => new
        {
            Model = output.Name,
            plan.Label.Task,
            Label = plan.Label.Name,
            Columns = plan.Columns.ToDictionary(c => c.Name, c => c.Kind),
            UsesSource = files.Length > 1 ? advice?.UsesSource ?? true : (bool?)null,
            fitted.Tau,
            Advice = advice is null ? null : System.Text.Json.Nodes.JsonNode.Parse(advice.ToJson()),
            HeldOut = metrics?.ToDictionary(m => m.Name, m => m.Value),
        });
        return (int)Exit.Success;
    }

    private static (Learner.Fitted Fitted, TransferAdvice? Advice) Transferred(Work work, Learner learner, IDataView source, IDataView target, double? sourceTau, double? tau)
    {
        var advice = sourceTau is null ? learner.Advise(source, target) : null;
        if (advice is not null)
        {
            work.Screen.Line();
            work.Screen.Line(advice.ToString());
        }

        if (advice is { UsesSource: false })
        {
            work.Screen.Warning("the source is not used, as advised: the model is that of the target's rows alone");
            return (learner.Fit(target, null, tau ?? advice.TargetTau, "training on the target alone"), advice);
        }

        var start = learner.Fit(source, null, sourceTau ?? advice!.SourceTau, "training the source");
        return (learner.Fit(target, StartingPoint.From(start.Predictor), tau ?? advice!.TargetTau, "tuning to the target"), advice);
    }

    /// <summary>The whole model: features, predictor, and classes by their names.</summary>
    private static TransformerChain<ITransformer> Model(MLContext ml, FeaturisedFiles featurised, ITransformer predictor, IDataView rows) =>
        featurised.Plan.Label.Task == TaskKind.Multiclass
            ? new TransformerChain<ITransformer>(featurised.Featuriser, predictor, ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(predictor.Transform(rows)))
            : new TransformerChain<ITransformer>(featurised.Featuriser, predictor);
}
