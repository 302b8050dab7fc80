using System.CommandLine;
using Microsoft.ML;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>moments</c>: what a regression needs to know of a source, in a file: written, merged, shown.</summary>
internal static class MomentsCommand
{
    public static Command Create() => new(
        "moments", "A source's moments in a file, in place of its rows: for regressions, for sources that cannot leave where they are.")
    {
        new Write().Command, new Merge().Command, new Show().Command,
    };

    private static string Summary(Moments moments) =>
        $"{Numbers.Count(moments.Count)} rows, {Numbers.Count(moments.FeatureCount)} features, mean of the label "
            + $"{Numbers.Short(moments.LabelMean)}";

    private sealed class Write
    {
        private readonly Option<string> _source = new(
            "--source")
        { Description = "Rows: .csv, .tsv, .parquet.", HelpName = "FILE", Required = true };
        private readonly Option<string> _out = new(
            "--out")
        { Description = "The moments that are written.", HelpName = "MOMENTS", Required = true };
        private readonly Option<string?> _featurisation = new(
            "--featurisation")
        {
            Description = "A featurisation that was written before: moments are merged and compared only if they "
            + "share one.",
            HelpName = "ZIP"
        };
        private readonly Option<string?> _newFeaturisation = new(
            "--new-featurisation")
        { Description = "A featurisation is fitted on these rows and written there.", HelpName = "ZIP" };
        private readonly TableOptions _tables;
        private readonly ColumnOptions _columns;
        private readonly RunOptions _run;

        public Write()
        {
            Command.Add(_source);
            _tables = new TableOptions(Command);
            Command.Add(_out);
            Command.Add(_featurisation);
            Command.Add(_newFeaturisation);
            _columns = new ColumnOptions(Command);
            _run = new RunOptions(Command);
            Command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
        }

        public Command Command { get; } = new("write", "Computes the moments of rows, in one pass.");

        private int Run(ParseResult parse, CancellationToken cancellation)
        {
            var work = _run.Begin(parse, cancellation);
            var output = work.NewFile(parse.GetRequiredValue(_out))!;
            var newFeaturisation = work.NewFile(parse.GetValue(_newFeaturisation));
            NewFile.RequireDifferent(output, newFeaturisation);
            var given = parse.GetValue(_featurisation);
            if ((given is null) == (newFeaturisation is null))
            {
                throw Failure.Usage("Give --featurisation ZIP for one that exists, or --new-featurisation ZIP to have one fitted on "
                    + "these rows and written; one of the two.");
            }

            var source = _tables.Source(parse, parse.GetRequiredValue(_source));
            TableView rows;
            ITransformer featuriser;
            string label;
            FeaturisedFiles? fitted = null;
            if (given is not null)
            {
                var model = SavedModel.Load(work.Ml, given);
                (rows, _, label) = MomentsFiles.Rows(work, _tables.Label(parse), model, source);
                featuriser = model.Model;
            }
            else
            {
                var plan = _columns.Plan(parse, _tables, [source], [], work);
                if (plan.Label.Task != TaskKind.Regression)
                {
                    throw Failure.Input($"Moments are of regressions, and the label column '{plan.Label.Name}' has classes. Give --task "
                        + $"regression if its two numbers are meant as numbers.");
                }

                fitted = FeaturisedFiles.Fit(work, plan, _columns.Terms(parse));
                (rows, featuriser, label) = (fitted.Rows(0), fitted.Featuriser, plan.Label.Name);
            }

            var moments = MomentsFiles.Of(work, rows, featuriser, label);
            newFeaturisation?.Write(stream => work.Ml.Model.Save(fitted!.Featuriser, fitted.InputSchema, stream));
            output.Write(moments.Save);
            work.Screen.Line(Summary(moments));
            work.Screen.Wrote(output, "moments");
            if (newFeaturisation is not null)
            {
                work.Screen.Wrote(newFeaturisation, "featurisation");
            }

            work.Json(() => new { moments.Count, moments.FeatureCount, moments.LabelMean });
            return (int)Exit.Success;
        }
    }

    private sealed class Merge
    {
        private readonly Argument<string[]> _inputs = new(
            "moments")
        { Description = "Two files of moments or more, of the same features.", Arity = new ArgumentArity(2, 100_000) };
        private readonly Option<string> _out = new(
            "--out")
        { Description = "The moments that are written.", HelpName = "MOMENTS", Required = true };
        private readonly RunOptions _run;

        public Merge()
        {
            Command.Add(_inputs);
            Command.Add(_out);
            _run = new RunOptions(Command);
            Command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
        }

        public Command Command { get; } = new("merge", "Adds moments up: the same as those of all the rows together.");

        private int Run(ParseResult parse, CancellationToken cancellation)
        {
            var work = _run.Begin(parse, cancellation);
            var output = work.NewFile(parse.GetRequiredValue(_out))!;
            Moments? sum = null;
            foreach (var path in parse.GetRequiredValue(_inputs))
            {
                cancellation.ThrowIfCancellationRequested();
                var next = MomentsFiles.Load(path);
                try
                {
                    sum = sum is null ? next : sum.Merge(next);
                }
                catch (ArgumentException e)
                {
                    throw Failure.Input($"{path} cannot be added to those before it: {e.Message}", e);
                }
            }

            output.Write(sum!.Save);
            work.Screen.Line(Summary(sum));
            work.Screen.Wrote(output, "moments");
            work.Json(() => new { sum.Count, sum.FeatureCount, sum.LabelMean });
            return (int)Exit.Success;
        }
    }

    private sealed class Show
    {
        private readonly Argument<string> _input = new("moments") { Description = "A file of moments." };
        private readonly RunOptions _run;

        public Show()
        {
            Command.Add(_input);
            _run = new RunOptions(Command);
            Command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
        }

        public Command Command { get; } = new("show", "Shows what a file of moments is of.");

        private int Run(ParseResult parse, CancellationToken cancellation)
        {
            var work = _run.Begin(parse, cancellation);
            var moments = MomentsFiles.Load(parse.GetRequiredValue(_input));
            work.Screen.Line(Summary(moments));
            work.Screen.Heading("Features");
            work.Screen.Table(["feature", "mean"],
                moments.FeatureNames.Select((name, j) =>
                (IReadOnlyList<string>)[name.Length > 0 ? name : $"[{j}]", Numbers.Short(moments.FeatureMeans[j])]));
            work.Json(() => new { moments.Count, moments.FeatureCount, moments.LabelMean, moments.FeatureNames, moments.FeatureMeans });
            return (int)Exit.Success;
        }
    }
}
