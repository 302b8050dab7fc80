using Microsoft.ML;

namespace Transfer.MLNet.Production;

/// <summary>A plan followed through the periods: each predicted by the model of the time, and only then learnt.</summary>
internal sealed class PlanTrial(RetrainingPlanKind kind, int? window)
{
    private readonly List<(double Loss, int Rows)> _losses = [];

    // Of the plan that goes on from the last one: what it has come to.
    private ITransformer? _last;

    public RetrainingPlanKind Kind => kind;

    public int? Window => window;

    /// <summary>Sum of the losses and number of rows, period by period after the first.</summary>
    public IReadOnlyList<(double Loss, int Rows)> Losses => _losses;

    public int Untrained { get; private set; }

    /// <summary>The losses of a period, by a model that has learnt from those before it.</summary>
    /// <param name="trained">FineTune from a model on some rows, as a plan does it; null where it cannot use the rows.</param>
    /// <param name="model">The model that was given.</param>
    /// <param name="periods">The rows' periods.</param>
    /// <param name="period">From 1.</param>
    /// <param name="score">The losses of the period's rows.</param>
    public void Predict(Func<ITransformer, bool[], RetrainingPlanKind, ITransformer?> trained, ITransformer model, TimePeriods periods,
        int period, Func<ITransformer, bool[], double[]> score)
    {
        var served = After(trained, model, periods, period - 1);
        if (served is null)
        {
            Untrained++;
            served = _last ?? model;
        }

        if (kind == RetrainingPlanKind.FromLast)
        {
            _last = served;
        }

        double[] known = [.. score(served, periods.Rows(period, period)).Where(double.IsFinite)];
        _losses.Add((known.Sum(), known.Length));
    }

    /// <summary>The model that the plan gives at the end of a period; null where FineTune cannot use the rows.</summary>
    public ITransformer? After(
        Func<ITransformer, bool[], RetrainingPlanKind, ITransformer?> trained, ITransformer model, TimePeriods periods, int period) =>
        kind switch
        {
            RetrainingPlanKind.LeaveIt => model,
            RetrainingPlanKind.FromLast => trained(_last ?? model, periods.Rows(period, period), kind),
            _ => trained(model, periods.Rows(window is { } w ? Math.Max(0, period - w + 1) : 0, period), kind),
        };

    /// <summary>The plans that are tried: in the order of how much they fit.</summary>
    public static IReadOnlyList<PlanTrial> All(ModelInput input, IReadOnlyList<int> windows, int periods)
    {
        int?[] some = [.. windows.Where(w => w < periods - 1).Distinct().Order().Select(w => (int?)w)];
        var plans = new List<PlanTrial> { new(RetrainingPlanKind.LeaveIt, null) };
        plans.AddRange(input.IsLinearRegression ? [.. some.Reverse().Select(w => new PlanTrial(RetrainingPlanKind.Rescale, w))] : []);
        plans.Add(new(RetrainingPlanKind.FromModel, null));
        plans.AddRange(some.Reverse().Select(w => new PlanTrial(RetrainingPlanKind.FromModel, w)));
        plans.Add(new(RetrainingPlanKind.FromLast, 1));
        if (input.IsLinear)
        {
            plans.Add(new(RetrainingPlanKind.Alone, null));
        }

        return plans;
    }
}
