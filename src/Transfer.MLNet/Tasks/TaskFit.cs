using System.Globalization;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tasks;

/// <summary>A fit of a task before it becomes a model, and how it went: what the public reports show.</summary>
/// <param name="Task">Which task.</param>
/// <param name="Scores">In double precision, as fitted.</param>
/// <param name="Mended">The same, with intercepts that put right what rounding the weights to single precision does.</param>
/// <param name="Tau">Per row.</param>
/// <param name="Edge">Where tau lies among those that were tried; null where it was given.</param>
/// <param name="Rows">n.</param>
internal sealed record TaskFit(LearningTask Task, LinearScores Scores, LinearScores Mended, double Tau, TauEdge? Edge, long Rows)
{
    /// <summary>The mean loss of left-out rows at tau, in the task's measure; null where tau was not chosen by it.</summary>
    public double? LeftOut { get; init; }

    /// <summary>
    /// The same rows and losses (in the task's measure) beside those of the starting point as it is; null where there is none, or no
    /// left-out rows.
    /// </summary>
    public StartErrors? BesideStart { get; init; }

    /// <summary>How it was computed.</summary>
    public string Solver { get; init; } = string.Empty;

    /// <summary>How rows were left out, for the sentence 'chosen by ...'.</summary>
    public string ChosenBy { get; init; } = string.Empty;

    /// <summary>Whether the rows were left out in folds.</summary>
    public bool ByFolds { get; init; }

    /// <summary>The mean loss on the rows themselves, in the task's measure; null for a square.</summary>
    public double? Loss { get; init; }

    public bool Converged { get; init; } = true;

    /// <summary>Newton steps of the last fit.</summary>
    public int Iterations { get; init; }

    public double GradientNorm { get; init; }

    /// <summary>The model's classes, where its label column's keys must be others than those of the rows'.</summary>
    public ClassKeys? Keys { get; init; }

    /// <summary>All weights, one output after the other.</summary>
    public IReadOnlyList<double> Weights { get; } = Array.AsReadOnly(
        Scores.Weights.Length == 1 ? Scores.Weights[0] : [.. Scores.Weights.SelectMany(w => w)]);

    /// <summary>Whether nothing is worth a warning.</summary>
    public bool IsOrdinary => Converged && Edge is null or TauEdge.Inside;

    /// <summary>One line for a log.</summary>
    public override string ToString()
    {
        var how = Edge == TauEdge.NoEffect ? "has no effect, since no feature varies in the rows: the weights are those of the starting "
            + "point"
            : LeftOut is { } left ? Invariant($"chosen by {ChosenBy} ({Task.Shown(left)})")
            : "as given";
        var edge = Edge switch
        {
            TauEdge.Smallest => "; the smallest that was tried: less pull might do better",
            TauEdge.Largest => "; the largest that was tried: the rows add next to nothing to the starting point",
            _ => string.Empty,
        };
        var classes = Scores.Weights.Length > 1 ? Invariant($"{Scores.Weights.Length} classes, ") : string.Empty;
        var loss = Loss is { } own ? Invariant($"; {Task.Shown(own)} on the rows themselves") : $"; solved by {Solver}";
        var end = Converged ? string.Empty
            : Invariant($" Not converged: the gradient's norm is {GradientNorm:G3} after {Iterations} Newton steps; ")
                + "allow more (MaximumIterations) or a larger tau, or bring the features to one scale.";
        return Invariant($"{Rows} rows, {Scores.Weights[0].Length} features, {classes}tau = {Tau:G6} {how}{edge}{loss}.{end}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
