namespace Transfer.MLNet;

/// <summary>A plan, and what it would have cost: each period predicted before it was learnt. Immutable.</summary>
public sealed class RetrainingPlan
{
    internal RetrainingPlan()
    {
    }

    /// <summary>What is done at the end of each period.</summary>
    public required RetrainingPlanKind Kind { get; init; }

    /// <summary>From how many of the latest periods it learns; null: from all of them, or from none where nothing is fitted.</summary>
    public int? Window { get; init; }

    /// <summary>
    /// The mean loss of a row over the periods after the first, each predicted by the model of the time: squared error, or log-loss in nats
    /// (of classifiers without probabilities the share of errors).
    /// </summary>
    public required double Loss { get; init; }

    /// <summary>How much less that is than the loss of the model left as it is.</summary>
    public required double Gain { get; init; }

    /// <summary>
    /// The standard error of <see cref="Gain"/>, periods taken as independent: that of a ratio of sums over periods (Cochran 1977, section
    /// 2.11).
    /// </summary>
    public required double StandardErrorOfGain { get; init; }

    /// <summary>The mean loss in each period after the first, in their order; null where a period has no row that can be scored.</summary>
    public required IReadOnlyList<double?> LossByPeriod { get; init; }

    /// <summary>In how many periods <c>FineTune</c> could not use the rows (too few, of one class), so that the model stayed.</summary>
    public required int PeriodsWithoutTraining { get; init; }

    /// <summary>In words.</summary>
    public override string ToString() => Kind switch
    {
        RetrainingPlanKind.LeaveIt => "leave it",
        RetrainingPlanKind.Rescale => $"a + c score on {Rows}",
        RetrainingPlanKind.FromModel => $"from this model on {Rows}",
        RetrainingPlanKind.FromLast => "from the last one on the last period",
        _ => $"{Rows} alone",
    };

    private string Rows => Window switch
    {
        null => "all recent periods",
        1 => "the last period",
        var many => $"the last {many} periods",
    };
}
