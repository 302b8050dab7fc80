using Microsoft.ML;

namespace Transfer.MLNet.Production;

/// <summary>A plan followed through the periods: each predicted by the model of the time, and only then learnt.</summary>
internal sealed class PlanTrial(RetrainingPlanKind kind, int? window)
{
    private readonly List<(double Loss, int Rows)> _losses = [];

    // Of the plan that goes on from the last one: what it has come to, period by period; null where a period could not be used.
    private List<ITransformer?>? _followed;

    public RetrainingPlanKind Kind => kind;

    public int? Window => window;

    /// <summary>Sum of the losses and number of rows, period by period after the first.</summary>
    public IReadOnlyList<(double Loss, int Rows)> Losses => _losses;

    public int Untrained { get; private set; }

    /// <summary>The losses of a period, by a model that has learnt from those before it.</summary>
    /// <param name="trainings">FineTune from a model on some periods; null where it cannot use the rows.</param>
    /// <param name="model">The model that was given.</param>
    /// <param name="periods">The rows' periods.</param>
    /// <param name="period">From 1.</param>
    /// <param name="score">The losses of the period's rows.</param>
    public void Predict(PlanTrainings trainings, ITransformer model, TimePeriods periods, int period,
        Func<ITransformer, bool[], double[]> score)
    {
        var served = kind switch
        {
            RetrainingPlanKind.LeaveIt => model,
            RetrainingPlanKind.FromLast => Follow(trainings, model, period)[period - 1],
            _ => trainings.Of(Asks(model, period - 1)!),
        };
        if (served is null)
        {
            Untrained++;
            served = _followed?.Take(period).LastOrDefault(m => m is not null) ?? model;
        }

        double[] known = [.. score(served, periods.Rows(period, period)).Where(double.IsFinite)];
        _losses.Add((known.Sum(), known.Length));
    }

    /// <summary>The model that the plan gives at the end of all periods.</summary>
    /// <exception cref="InvalidOperationException">FineTune cannot use the rows.</exception>
    public ITransformer After(PlanTrainings trainings, ITransformer model, int period) => kind switch
    {
        RetrainingPlanKind.LeaveIt => model,
        RetrainingPlanKind.FromLast => trainings.Required(Next(Follow(trainings, model, period), model, period)),
        _ => trainings.Required(Asks(model, period)!),
    };

    /// <summary>What the plan asks for at the end of a period, where that does not depend on what it asked for before; else null.</summary>
    public PlanTrainings.Asked? Asks(ITransformer model, int period) => kind switch
    {
        RetrainingPlanKind.LeaveIt or RetrainingPlanKind.FromLast => null,
        _ => new(model, kind, window is { } w ? Math.Max(0, period - w + 1) : 0, period),
    };

    /// <summary>Of the plan that goes on from the last one: its models at the ends of the first periods, so many.</summary>
    public IReadOnlyList<ITransformer?> Follow(PlanTrainings trainings, ITransformer model, int periods)
    {
        _followed ??= [];
        while (_followed.Count < periods)
        {
            _followed.Add(trainings.Of(Next(_followed, model, _followed.Count)));
        }

        return _followed;
    }

    // In the first period it asks for what others do, and is known by the same name.
    private static PlanTrainings.Asked Next(IReadOnlyList<ITransformer?> followed, ITransformer model, int period) =>
        new(followed.Take(period).LastOrDefault(m => m is not null) ?? model, RetrainingPlanKind.FromModel, period, period);

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
