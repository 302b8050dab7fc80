using System.CommandLine;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>inspect</c>: what a saved model is, asks for and consists of, and whether it can be a starting point.</summary>
internal sealed class InspectCommand
{
    private readonly Argument<string> _model = new("model") { Description = "The model as ML.NET saved it.", HelpName = "model.zip" };
    private readonly Option<int> _weights = new(
        "--weights")
    { Description = "How many weights are shown, the largest first.", HelpName = "N", DefaultValueFactory = _ => 20 };
    private readonly RunOptions _run;
    private readonly Command _command = new(
        "inspect", "Shows a saved model's task, parts, columns and weights, and whether it can be a starting point.");

    private InspectCommand()
    {
        _command.Add(_model);
        _command.Add(_weights);
        _run = new RunOptions(_command);
        _command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
    }

    public static Command Create() => new InspectCommand()._command;

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        var work = _run.Begin(parse, cancellation);
        var model = SavedModel.Load(work.Ml, parse.GetRequiredValue(_model));
        var columns = model.Schema.Where(c => !c.IsHidden).Select(c => (c.Name, Type: c.Type.ToString()!)).ToArray();
        work.Screen.Line($"{model.Path}: {LayerInChain.Describe(model.Model)}");
        work.Screen.Heading("Asks for");
        work.Screen.Table(["column", "type"], columns.Select(c => (IReadOnlyList<string>)[c.Name, c.Type]));
        work.Screen.Line();

        var (start, layer, obstacle) = Start(model);
        if (start is null || layer is null)
        {
            work.Screen.Line($"No starting point: {obstacle}");
            work.Json(() => new
            {
                Model = model.Path,
                Parts = LayerInChain.Describe(model.Model),
                Columns = columns.ToDictionary(c => c.Name, c => c.Type),
                StartingPoint = false,
                Obstacle = obstacle
            });
            return (int)Exit.Success;
        }

        var names = layer.FeatureNames(model.Schema);
        var classes = start.ClassCount == 1 ? [""] : start.ClassNames.Count == start.ClassCount ? start.ClassNames
            : [.. Enumerable.Range(0, start.ClassCount).Select(i => $"[{i}]")];
        var weights = classes.SelectMany((c, k) =>
            names.Select((f, j) => (Class: c, Feature: f, Weight: start.Weights[(k * names.Count) + j]))).ToArray();
        work.Screen.Line($"A starting point: yes, a {layer.Task.ToString().ToLowerInvariant()} model of {Numbers.Count(names.Count)} "
            + $"features"
            + (start.ClassCount == 1 ? $", intercept {Numbers.Short(start.Bias)}"
            : $" and {start.ClassCount} classes: "
            + $"{string.Join(", ", classes.Select((c, k) => $"{c} (intercept {Numbers.Short(start.Biases[k])})"))}"));
        Show(work.Screen, weights, Math.Max(0, parse.GetValue(_weights)), start.ClassCount > 1);
        work.Json(() => new
        {
            Model = model.Path,
            Parts = LayerInChain.Describe(model.Model),
            Columns = columns.ToDictionary(c => c.Name, c => c.Type),
            StartingPoint = true,
            layer.Task,
            Features = names,
            Classes = start.ClassCount == 1 ? null : classes,
            start.Weights,
            Intercepts = start.Biases,
        });
        return (int)Exit.Success;
    }

    private static void Show(Screen screen, (string Class, string Feature, double Weight)[] weights, int count, bool withClass)
    {
        var largest = weights.OrderByDescending(w => Math.Abs(w.Weight)).Take(count).ToArray();
        if (largest.Length == 0)
        {
            return;
        }

        screen.Heading(largest.Length == weights.Length ? "Weights"
            : $"Weights, the {largest.Length} largest of {Numbers.Count(weights.Length)}");
        screen.Table(
            withClass ? ["class", "feature", "weight"] : ["feature", "weight"],
            largest.Select(w => (IReadOnlyList<string>)(
                withClass ? [w.Class, w.Feature, Numbers.Short(w.Weight)] : [w.Feature, Numbers.Short(w.Weight)])));
    }

    // That a model is no starting point is an answer here, not an error.
    private static (StartingPoint? Start, ModelLayer? Layer, string? Obstacle) Start(SavedModel model)
    {
        try
        {
            return (StartingPoint.From(model.Model), ModelLayer.Of(model), null);
        }
        catch (Exception e) when (e is Failure or ArgumentException or NotSupportedException)
        {
            return (null, null, e.Message);
        }
    }
}
